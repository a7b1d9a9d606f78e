import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { baseOf } from './conversation-routes';
import { take } from './form';
import type { FrontlineUser, FrontlineUsers } from './frontline-users';
import type { Representation } from './representation';
import { pathOf } from './request-guard';
import { notFound, twilioError } from './twilio-errors';

type OfUser = { Params: { key: string } };

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
export function userRoutes(app: FastifyInstance, users: FrontlineUsers, show: Representation): void {
  app.get<OfUser>('/Users/:key', async (request) => show.user(userOf(request), baseOf(request)));

  app.post<OfUser>('/Users/:key', async (request) => {
    const { identity } = userOf(request);
    const form = take(request.body, 'FriendlyName', 'Avatar', 'State', 'IsAvailable');
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
    return show.user(user, baseOf(request));
  });

  function userOf(request: FastifyRequest<OfUser>): FrontlineUser {
    const user = users.find(request.params.key);
    if (user === undefined) throw notFound(pathOf(request));
    return user;
  }
}
