import { sidFor } from './sids';

/** An app user as Frontline knows it (twilio.md#rest-requests, last row). */
export interface FrontlineUser {
  readonly sid: string;
  /** The SSO user name; case-sensitive. */
  readonly identity: string;
  readonly friendlyName: string;
  readonly avatar: string | null;
  readonly state: 'active' | 'deactivated';
  /** False stops new conversations under pool routing; a new user starts with false. */
  readonly isAvailable: boolean;
}

export type FrontlineUserFields = {
  readonly [Field in 'friendlyName' | 'avatar' | 'state' | 'isAvailable']?: FrontlineUser[Field] | undefined;
};

/** The users who have logged in to Frontline at least once. */
export class FrontlineUsers {
  readonly #users = new Map<string, FrontlineUser>();

  find(sidOrIdentity: string): FrontlineUser | undefined {
    return (
      this.#users.get(sidOrIdentity) ?? [...this.#users.values()].find(({ sid }) => sid === sidOrIdentity)
    );
  }

  /** Adds a user, or changes the given fields. */
  set(identity: string, fields: FrontlineUserFields): FrontlineUser {
    const known = this.#users.get(identity);
    const user: FrontlineUser = {
      sid: sidFor('US', identity),
      identity,
      friendlyName: fields.friendlyName ?? known?.friendlyName ?? identity,
      avatar: fields.avatar ?? known?.avatar ?? null,
      state: fields.state ?? known?.state ?? 'active',
      isAvailable: fields.isAvailable ?? known?.isAvailable ?? false,
    };
    this.#users.set(identity, user);
    return user;
  }
}
