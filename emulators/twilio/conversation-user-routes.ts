import * as v from 'valibot';
import { json } from '../core/http-response';
import type { Participant } from './conversation';
import type { Resources } from './conversation-routes';
import type { ConversationUser } from './conversation-users';
import { take } from './form';
import type { FrontlineUser, FrontlineUsers } from './frontline-users';
import { page } from './paging';
import { readIndexIn } from './participant-routes';
import type { Representation } from './representation';
import { NO_CONTENT, originOf, type RestCall, type RestRoutes } from './rest-call';
import { notFound, twilioError } from './twilio-errors';

const MAX_UNREAD = 1_000;
const NotificationLevel = v.optional(
  v.pipe(v.string(), v.toLowerCase(), v.picklist(['default', 'muted'], 'NotificationLevel is invalid')),
);

/**
 * The users of the conversation service, without fetching or changing one: at `/v1/Users/{Sid}` the emulator has
 * Frontline's users, which another of Twilio's hosts has there. Under the service's path `singleUserRoutes` adds them.
 */
export function conversationUserRoutes({ actions, show }: Resources): RestRoutes {
  const { store, messages } = actions;
  const { users } = store;

  function participantOf(call: RestCall): Participant {
    const { identity } = userIn(call, users.find(call.param('user')));
    const conversation = store.get(call.param('conversation'), call.path);
    const participant = store.participants(conversation.sid).find((one) => one.identity === identity);
    if (participant === undefined) throw notFound(call.path);
    return participant;
  }

  function shown(participant: Participant, call: RestCall) {
    const conversation = store.get(participant.conversationSid);
    return show.userConversation(participant, conversation, unreadOf(participant), call.base);
  }

  /** Null until the user's read horizon is set once. */
  function unreadOf({ conversationSid, lastReadMessageIndex: horizon }: Participant): number | null {
    if (horizon === null) return null;
    const unread = messages.list(conversationSid).filter(({ index }) => index > horizon).length;
    return Math.min(unread, MAX_UNREAD);
  }

  return {
    'GET /Users': (call) =>
      page(users.list(), {
        key: 'users',
        url: `${call.base}/Users`,
        query: call.query,
        maxPageSize: 50,
        represent: (user) => show.conversationUser(user, call.base, true),
      }),

    'POST /Users': async (call) => {
      const { Identity = '', ...fields } = take(call.form, 'Identity', ...USER_FIELDS);
      const user = await actions.createUser(Identity, fieldsOf(fields), originOf(call));
      return json(show.conversationUser(user, call.base, false), 201);
    },

    'GET /Users/:user/Conversations': (call) => {
      const { sid, identity } = userIn(call, users.find(call.param('user')));
      const found = store.everyParticipant().filter((participant) => participant.identity === identity);
      return page(found, {
        key: 'conversations',
        url: `${call.base}/Users/${sid}/Conversations`,
        query: call.query,
        maxPageSize: 50,
        represent: (participant) => shown(participant, call),
      });
    },

    'GET /Users/:user/Conversations/:conversation': (call) => json(shown(participantOf(call), call)),

    'POST /Users/:user/Conversations/:conversation': (call) => {
      const form = take(call.form, 'LastReadMessageIndex', 'LastReadTimestamp', 'NotificationLevel');
      const level = v.safeParse(NotificationLevel, form.NotificationLevel);
      if (!level.success) throw twilioError('invalidParameter', level.issues[0].message);
      const participant = store.updateParticipant(participantOf(call), {
        lastReadMessageIndex: readIndexIn(form.LastReadMessageIndex),
        lastReadTimestamp: form.LastReadTimestamp,
        notificationLevel: level.output,
      });
      return json(shown(participant, call));
    },

    'DELETE /Users/:user/Conversations/:conversation': (call) => {
      store.removeParticipant(participantOf(call));
      return NO_CONTENT;
    },
  };
}

/** Fetches, changes and deletes a user of the conversation service, by SID or identity. */
export function singleUserRoutes({ actions, show }: Resources): RestRoutes {
  const { users } = actions.store;
  const userOf = (call: RestCall) => userIn(call, users.find(call.param('user')));

  return {
    'GET /Users/:user': (call) => json(show.conversationUser(userOf(call), call.base, false)),

    'POST /Users/:user': async (call) => {
      const user = userOf(call);
      const fields = fieldsOf(take(call.form, ...USER_FIELDS));
      const updated = await actions.updateUser(user, fields, originOf(call));
      return json(show.conversationUser(updated, call.base, false));
    },

    'DELETE /Users/:user': (call) => {
      users.remove(userOf(call));
      return NO_CONTENT;
    },
  };
}

const USER_FIELDS = ['FriendlyName', 'Attributes', 'RoleSid'] as const;

function fieldsOf(form: { readonly [Name in (typeof USER_FIELDS)[number]]?: string }) {
  return { friendlyName: form.FriendlyName, attributes: form.Attributes, roleSid: form.RoleSid };
}

function userIn({ path }: RestCall, user: ConversationUser | undefined): ConversationUser {
  if (user === undefined) throw notFound(path);
  return user;
}

const UserFields = v.object({
  FriendlyName: v.optional(v.string()),
  Avatar: v.optional(v.string()),
  State: v.optional(v.picklist(['active', 'deactivated'])),
  IsAvailable: v.optional(
    v.pipe(
      v.picklist(['true', 'false']),
      v.transform((text) => text === 'true'),
    ),
  ),
});

/** Frontline's users, which have the same path on another of Twilio's hosts. */
export function userRoutes(users: FrontlineUsers, show: Representation): RestRoutes {
  const userOf = ({ param, path }: RestCall): FrontlineUser => {
    const user = users.find(param('user'));
    if (user === undefined) throw notFound(path);
    return user;
  };

  return {
    'GET /Users/:user': (call) => json(show.user(userOf(call), call.base)),

    'POST /Users/:user': (call) => {
      const { identity } = userOf(call);
      const form = take(call.form, 'FriendlyName', 'Avatar', 'State', 'IsAvailable');
      const fields = v.safeParse(UserFields, form);
      if (!fields.success) {
        throw twilioError('invalidParameter', fields.issues.map((issue) => issue.message).join('; '));
      }
      const { FriendlyName, Avatar, State, IsAvailable } = fields.output;
      const user = users.set(identity, {
        friendlyName: FriendlyName,
        avatar: Avatar,
        state: State,
        isAvailable: IsAvailable,
      });
      return json(show.user(user, call.base));
    },
  };
}
