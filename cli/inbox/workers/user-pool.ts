import { randomInt } from 'node:crypto';
import {
  AdminCreateUserCommand,
  type AdminCreateUserCommandInput,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  type AttributeType,
  CognitoIdentityProviderClient,
  paginateListUsers,
} from '@aws-sdk/client-cognito-identity-provider';
import { UserError } from '../../../lib/user-error';
import { awsErrorName, callAws, clientOptions } from '../../aws/aws-errors';
import { quoteForShell } from '../../terminal/quote-for-shell';

/** A user of the pool, who may sign in. */
export interface PoolUser {
  /** The subject of the tokens. */
  readonly subject: string;
  readonly email: string;
  readonly isEnabled: boolean;
  /** False until the temporary password was changed. */
  readonly hasSignedIn: boolean;
  readonly createdAt: Date | null;
  readonly changedAt: Date | null;
}

/** The users of the Cognito pool, whose names are their e-mail addresses in any case. Every method throws as `callAws`. */
export class UserPool {
  readonly #client = new CognitoIdentityProviderClient(clientOptions());

  constructor(private readonly id: string) {}

  /** @param name an e-mail address or a subject */
  async find(name: string): Promise<PoolUser | null> {
    // Cognito rejects a name with white space, which an identity may have.
    if (/\s/.test(name)) return null;
    const command = new AdminGetUserCommand(this.#user(name));
    const found = await callAws('cognito-idp:AdminGetUser', () =>
      this.#client.send(command).catch((error: unknown) => {
        if (awsErrorName(error) === 'UserNotFoundException') return null;
        throw error;
      }),
    );
    if (found === null) return null;
    return userOf({
      attributes: found.UserAttributes,
      isEnabled: found.Enabled,
      status: found.UserStatus,
      createdAt: found.UserCreateDate,
      changedAt: found.UserLastModifiedDate,
    });
  }

  async list(): Promise<PoolUser[]> {
    return callAws('cognito-idp:ListUsers', async () => {
      const users: PoolUser[] = [];
      for await (const page of paginateListUsers({ client: this.#client }, this.#pool)) {
        for (const user of page.Users ?? []) {
          users.push(
            userOf({
              attributes: user.Attributes,
              isEnabled: user.Enabled,
              status: user.UserStatus,
              createdAt: user.UserCreateDate,
              changedAt: user.UserLastModifiedDate,
            }),
          );
        }
      }
      return users;
    });
  }

  /**
   * Creates a user, and has Cognito send the invitation unless a temporary password is given.
   * @returns false if the user exists already, with another password: the same command may run on another machine
   * @throws {UserError} if Cognito sends no more e-mails
   */
  async create(email: string, temporaryPassword: string | null): Promise<boolean> {
    return this.#invite({
      ...this.#user(email),
      UserAttributes: [
        { Name: 'email', Value: email.toLowerCase() },
        { Name: 'email_verified', Value: 'true' },
      ],
      ...(temporaryPassword === null
        ? { DesiredDeliveryMediums: ['EMAIL'] }
        : { MessageAction: 'SUPPRESS', TemporaryPassword: temporaryPassword }),
    });
  }

  /** Sends the invitation again, with a new temporary password. @throws {UserError} as `create` */
  async resend(email: string): Promise<void> {
    await this.#invite({
      ...this.#user(email),
      MessageAction: 'RESEND',
      DesiredDeliveryMediums: ['EMAIL'],
    });
  }

  /** Sets a password that has to be changed at the next sign-in. */
  async setTemporaryPassword(email: string, password: string): Promise<void> {
    const command = new AdminSetUserPasswordCommand({
      ...this.#user(email),
      Password: password,
      Permanent: false,
    });
    await callAws('cognito-idp:AdminSetUserPassword', () => this.#client.send(command));
  }

  async enable(email: string): Promise<void> {
    const command = new AdminEnableUserCommand(this.#user(email));
    await callAws('cognito-idp:AdminEnableUser', () => this.#client.send(command));
  }

  /** Ends every session, and allows no new one. */
  async disable(email: string): Promise<void> {
    const user = this.#user(email);
    await callAws('cognito-idp:AdminDisableUser', () => this.#client.send(new AdminDisableUserCommand(user)));
    await callAws('cognito-idp:AdminUserGlobalSignOut', () =>
      this.#client.send(new AdminUserGlobalSignOutCommand(user)),
    );
  }

  /** @returns false if the user exists */
  async #invite(input: AdminCreateUserCommandInput): Promise<boolean> {
    const outcome = await callAws('cognito-idp:AdminCreateUser', async () => {
      try {
        await this.#client.send(new AdminCreateUserCommand(input));
        return null;
      } catch (error) {
        const name = awsErrorName(error);
        if (name === EXISTS || NOT_SENT.has(name)) return name;
        throw error;
      }
    });
    if (outcome !== null && outcome !== EXISTS) throw invitationNotSent(input.Username ?? '', outcome);
    return outcome === null;
  }

  get #pool() {
    return { UserPoolId: this.id };
  }

  /** In lower case, so that a person is the same user however the address is typed, also in a pool that compares exactly. */
  #user(name: string) {
    return { ...this.#pool, Username: name.toLowerCase() };
  }
}

const EXISTS = 'UsernameExistsException';
const NOT_SENT = new Set(['LimitExceededException', 'CodeDeliveryFailureException']);

/** Cognito's own limit is about fifty e-mails a day. */
function invitationNotSent(email: string, name: string): UserError {
  return new UserError(
    `Cognito sent no invitation to ${email} (${name}): it sends about 50 e-mails a day. ` +
      `npx frontline inbox invite ${quoteForShell(email)} --show-password shows a temporary password instead, which you pass on`,
  );
}

interface UserFacts {
  readonly attributes: readonly AttributeType[] | undefined;
  readonly isEnabled: boolean | undefined;
  readonly status: string | undefined;
  readonly createdAt: Date | undefined;
  readonly changedAt: Date | undefined;
}

function userOf({ attributes = [], isEnabled, status = '', createdAt, changedAt }: UserFacts): PoolUser {
  const attribute = (name: string) => attributes.find(({ Name }) => Name === name)?.Value ?? '';
  return {
    subject: attribute('sub'),
    email: attribute('email'),
    isEnabled: isEnabled ?? true,
    hasSignedIn: !NOT_SIGNED_IN.has(status),
    createdAt: createdAt ?? null,
    changedAt: changedAt ?? null,
  };
}

const NOT_SIGNED_IN = new Set(['FORCE_CHANGE_PASSWORD', 'UNCONFIRMED']);

/** Without characters that look alike, because a person may type it. */
const CLASSES = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnpqrstuvwxyz', '23456789', '!#%*+-=?'];
const LENGTH = 20;

/** A random password with characters of every class, as the pool's policy may require. */
export function temporaryPassword(): string {
  const all = CLASSES.join('');
  for (;;) {
    const password = Array.from({ length: LENGTH }, () => all[randomInt(all.length)]).join('');
    const hasEach = CLASSES.every((characters) => [...password].some((one) => characters.includes(one)));
    if (hasEach) return password;
  }
}
