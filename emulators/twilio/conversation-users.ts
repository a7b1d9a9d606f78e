import { checkAttributes, checkIdentity, checkNames, SMALL_ATTRIBUTES_BYTES } from './field-rules';
import { sidFor, USER_ROLE } from './sids';
import { twilioError } from './twilio-errors';

/** A user of the conversation service: a worker, whether or not they have logged in to Frontline. */
export interface ConversationUser {
  readonly sid: string;
  /** Case-sensitive. */
  readonly identity: string;
  readonly friendlyName: string | null;
  readonly attributes: string;
  readonly roleSid: string;
  readonly dateCreated: Date;
  readonly dateUpdated: Date;
}

export type UserFields = {
  readonly [Field in 'friendlyName' | 'attributes' | 'roleSid']?: ConversationUser[Field] | undefined;
};

/** The users of the conversation service. A participant with a new identity becomes one. */
export class ConversationUsers {
  readonly #users = new Map<string, ConversationUser>();

  constructor(readonly now: () => Date) {}

  list(): ConversationUser[] {
    return [...this.#users.values()];
  }

  find(sidOrIdentity: string): ConversationUser | undefined {
    return this.#users.get(sidOrIdentity) ?? this.list().find(({ sid }) => sid === sidOrIdentity);
  }

  /** @throws {TwilioError} 50201 if the identity has a user, or for invalid fields. */
  create(identity: string, fields: UserFields): ConversationUser {
    checkIdentity(identity);
    if (this.#users.has(identity)) throw twilioError('userExists');
    return this.#keep(identity, fields);
  }

  /** The user of an identity, who is created if new. */
  ensure(identity: string): ConversationUser {
    return this.#users.get(identity) ?? this.#keep(identity, {});
  }

  /** Changes the given fields. @throws {TwilioError} for invalid ones. */
  update({ identity }: ConversationUser, fields: UserFields): ConversationUser {
    return this.#keep(identity, fields);
  }

  remove({ identity }: ConversationUser): void {
    this.#users.delete(identity);
  }

  #keep(identity: string, fields: UserFields): ConversationUser {
    checkNames({ friendlyName: fields.friendlyName ?? undefined });
    checkAttributes(fields.attributes ?? '{}', SMALL_ATTRIBUTES_BYTES);
    const known = this.#users.get(identity);
    const user: ConversationUser = {
      sid: sidFor('US', identity),
      identity,
      friendlyName: fields.friendlyName ?? known?.friendlyName ?? null,
      attributes: fields.attributes ?? known?.attributes ?? '{}',
      roleSid: fields.roleSid ?? known?.roleSid ?? USER_ROLE,
      dateCreated: known?.dateCreated ?? this.now(),
      dateUpdated: this.now(),
    };
    this.#users.set(identity, user);
    return user;
  }
}
