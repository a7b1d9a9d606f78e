import * as v from 'valibot';
import { json } from '../core/http-response';
import { take } from './form';
import type { FrontlineUser, FrontlineUsers } from './frontline-users';
import type { Representation } from './representation';
import type { RestCall, RestRoutes } from './rest-call';
import { notFound, twilioError } from './twilio-errors';

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
