import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import type { Participant } from './conversation';
import { baseOf, originOf, type Resources } from './conversation-routes';
import type { ConversationUser } from './conversation-users';
import { take } from './form';
import { page } from './paging';
import { readIndexIn } from './participant-routes';
import { pathOf } from './request-guard';
import { notFound, twilioError } from './twilio-errors';

type OfUser = { Params: { user: string } };
type OfConversation = { Params: { user: string; conversation: string } };

const MOST_UNREAD = 1_000;
const NotificationLevel = v.optional(
  v.pipe(v.string(), v.toLowerCase(), v.picklist(['default', 'muted'], 'NotificationLevel is invalid')),
);

/**
 * The users of the conversation service, without fetching or changing one: at `/v1/Users/{Sid}` the emulator has
 * Frontline's users, which another of Twilio's hosts has there. Under the service's path `singleUserRoutes` adds them.
 */
export function conversationUserRoutes(app: FastifyInstance, { actions, show }: Resources): void {
  const { store, messages } = actions;
  const { users } = store;

  app.get('/Users', async (request) =>
    page(users.list(), {
      key: 'users',
      url: `${baseOf(request)}/Users`,
      query: request.query,
      maxPageSize: 50,
      represent: (user) => show.conversationUser(user, baseOf(request), true),
    }),
  );

  app.post('/Users', async (request, reply) => {
    const { Identity = '', ...fields } = take(request.body, 'Identity', ...USER_FIELDS);
    const user = await actions.createUser(Identity, fieldsOf(fields), originOf(request));
    return reply.code(201).send(show.conversationUser(user, baseOf(request), false));
  });

  app.get<OfUser>('/Users/:user/Conversations', async (request) => {
    const { sid, identity } = userIn(request, users.find(request.params.user));
    return page(
      store.everyParticipant().filter((participant) => participant.identity === identity),
      {
        key: 'conversations',
        url: `${baseOf(request)}/Users/${sid}/Conversations`,
        query: request.query,
        maxPageSize: 50,
        represent: (participant) => shown(participant, request),
      },
    );
  });

  app.get<OfConversation>('/Users/:user/Conversations/:conversation', async (request) =>
    shown(participantOf(request), request),
  );

  app.post<OfConversation>('/Users/:user/Conversations/:conversation', async (request) => {
    const form = take(request.body, 'LastReadMessageIndex', 'LastReadTimestamp', 'NotificationLevel');
    const level = v.safeParse(NotificationLevel, form.NotificationLevel);
    if (!level.success) throw twilioError('invalidParameter', level.issues[0].message);
    const participant = store.updateParticipant(participantOf(request), {
      lastReadMessageIndex: readIndexIn(form.LastReadMessageIndex),
      lastReadTimestamp: form.LastReadTimestamp,
      notificationLevel: level.output,
    });
    return shown(participant, request);
  });

  app.delete<OfConversation>('/Users/:user/Conversations/:conversation', async (request, reply) => {
    store.removeParticipant(participantOf(request));
    return reply.code(204).send();
  });

  function participantOf(request: FastifyRequest<OfConversation>): Participant {
    const { identity } = userIn(request, users.find(request.params.user));
    const conversation = store.get(request.params.conversation, pathOf(request));
    const participant = store.participants(conversation.sid).find((one) => one.identity === identity);
    if (participant === undefined) throw notFound(pathOf(request));
    return participant;
  }

  function shown(participant: Participant, request: FastifyRequest) {
    const conversation = store.get(participant.conversationSid);
    return show.userConversation(participant, conversation, unreadOf(participant), baseOf(request));
  }

  /** Null until the user's read horizon is set once. */
  function unreadOf({ conversationSid, lastReadMessageIndex: horizon }: Participant): number | null {
    if (horizon === null) return null;
    const unread = messages.list(conversationSid).filter(({ index }) => index > horizon).length;
    return Math.min(unread, MOST_UNREAD);
  }
}

/** Fetches, changes and deletes a user of the conversation service, by SID or identity. */
export function singleUserRoutes(app: FastifyInstance, { actions, show }: Resources): void {
  const { users } = actions.store;
  const userOf = (request: FastifyRequest<OfUser>) => userIn(request, users.find(request.params.user));

  app.get<OfUser>('/Users/:user', async (request) =>
    show.conversationUser(userOf(request), baseOf(request), false),
  );

  app.post<OfUser>('/Users/:user', async (request) => {
    const fields = fieldsOf(take(request.body, ...USER_FIELDS));
    const user = await actions.updateUser(userOf(request), fields, originOf(request));
    return show.conversationUser(user, baseOf(request), false);
  });

  app.delete<OfUser>('/Users/:user', async (request, reply) => {
    users.remove(userOf(request));
    return reply.code(204).send();
  });
}

const USER_FIELDS = ['FriendlyName', 'Attributes', 'RoleSid'] as const;

function fieldsOf(form: { readonly [Name in (typeof USER_FIELDS)[number]]?: string }) {
  return { friendlyName: form.FriendlyName, attributes: form.Attributes, roleSid: form.RoleSid };
}

function userIn(request: FastifyRequest, user: ConversationUser | undefined): ConversationUser {
  if (user === undefined) throw notFound(pathOf(request));
  return user;
}
