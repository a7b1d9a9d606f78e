import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { type EmulatorServer, hasAwsSignature, startEmulator } from '../../../emulators/core/emulator-server';
import { type HttpResponse, json } from '../../../emulators/core/http-response';

interface SeenCall {
  readonly operation: string;
  readonly username: string;
}

/** How Cognito rejects a call. */
interface CognitoFault {
  readonly kind: 'rejected';
  readonly error: string;
}

/** A user as the pool has it. */
export interface EmulatedUser {
  readonly sub: string;
  readonly email: string;
  isEnabled: boolean;
  status: 'FORCE_CHANGE_PASSWORD' | 'CONFIRMED';
  /** Null while Cognito has made it up itself. */
  temporaryPassword: string | null;
  /** The number of invitations that were sent. */
  mails: number;
  signOuts: number;
}

export interface CognitoEmulator extends EmulatorServer<SeenCall, CognitoFault> {
  readonly users: readonly EmulatedUser[];
  /** Adds a user as an earlier command left it. */
  add(email: string, changes?: Partial<EmulatedUser>): EmulatedUser;
  /** Forgets the users, as a new pool does. */
  empty(): void;
}

const Call = v.object({
  UserPoolId: v.string(),
  Username: v.optional(v.string(), ''),
  MessageAction: v.optional(v.picklist(['RESEND', 'SUPPRESS'])),
  TemporaryPassword: v.optional(v.string()),
  Password: v.optional(v.string(), ''),
  Permanent: v.optional(v.boolean(), false),
  PaginationToken: v.optional(v.string(), '0'),
  UserAttributes: v.optional(v.array(v.object({ Name: v.string(), Value: v.string() })), []),
});
type Call = v.InferOutput<typeof Call>;

const PAGE = 2;
const CREATED = Date.parse('2026-11-01T10:00:00Z') / 1_000;
const CHANGED = Date.parse('2026-11-20T10:00:00Z') / 1_000;
/** The default policy: eight characters, one of each class. */
const POLICY = [/[A-Z]/, /[a-z]/, /\d/, /[^A-Za-z\d]/, /.{8}/];
const AWS_JSON = { 'content-type': 'application/x-amz-json-1.1' };

class CognitoError extends Error {
  constructor(override readonly name: string) {
    super(name);
  }
}

/** Starts one user pool on this machine: sign-in by e-mail in any case, with the calls that the commands use. */
export async function startCognito(): Promise<CognitoEmulator> {
  const users: EmulatedUser[] = [];

  function add(email: string, changes: Partial<EmulatedUser> = {}): EmulatedUser {
    const user: EmulatedUser = {
      sub: randomUUID(),
      email,
      isEnabled: true,
      status: 'FORCE_CHANGE_PASSWORD',
      temporaryPassword: null,
      mails: 0,
      signOuts: 0,
      ...changes,
    };
    users.push(user);
    return user;
  }

  const find = (name: string) =>
    users.find(({ email, sub }) => email.toLowerCase() === name.toLowerCase() || sub === name);

  function required({ Username }: Call): EmulatedUser {
    const user = find(Username);
    if (user === undefined) throw new CognitoError('UserNotFoundException');
    return user;
  }

  const operations: Readonly<Record<string, (call: Call) => object>> = {
    AdminCreateUser: (call) => {
      if (call.MessageAction === 'RESEND') {
        const user = required(call);
        if (user.status === 'CONFIRMED') throw new CognitoError('UnsupportedUserStateException');
        user.mails += 1;
        return {};
      }
      if (find(call.Username) !== undefined) throw new CognitoError('UsernameExistsException');
      const email = call.UserAttributes.find(({ Name }) => Name === 'email')?.Value ?? '';
      const temporaryPassword = call.TemporaryPassword === undefined ? null : checked(call.TemporaryPassword);
      add(email, { temporaryPassword, mails: call.MessageAction === 'SUPPRESS' ? 0 : 1 });
      return {};
    },
    AdminGetUser: (call) => {
      const { Attributes, ...user } = shown(required(call));
      return { ...user, UserAttributes: Attributes };
    },
    ListUsers: ({ PaginationToken }) => {
      const start = Number(PaginationToken);
      const next = start + PAGE;
      return {
        Users: users.slice(start, next).map(shown),
        ...(next < users.length && { PaginationToken: String(next) }),
      };
    },
    AdminSetUserPassword: (call) => {
      const user = required(call);
      user.temporaryPassword = call.Permanent ? null : checked(call.Password);
      user.status = call.Permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD';
      return {};
    },
    AdminEnableUser: (call) => {
      required(call).isEnabled = true;
      return {};
    },
    AdminDisableUser: (call) => {
      required(call).isEnabled = false;
      return {};
    },
    AdminUserGlobalSignOut: (call) => {
      required(call).signOuts += 1;
      return {};
    },
  };

  const server = await startEmulator<SeenCall, CognitoFault>({
    describe: ({ headers, body }) => ({
      operation: String(headers['x-amz-target'] ?? '').replace(/^AWSCognitoIdentityProviderService\./, ''),
      username: v.parse(Call, JSON.parse(body)).Username,
    }),
    respond: async ({ headers, body }, { operation }): Promise<HttpResponse> => {
      if (!hasAwsSignature(headers)) return failure('MissingAuthenticationTokenException');
      const run = operations[operation];
      if (run === undefined) return failure('UnknownOperationException');
      return json(run(v.parse(Call, JSON.parse(body))), 200, AWS_JSON);
    },
    respondToFault: ({ error }) => failure(error),
    respondToError: (error) => failure(error instanceof CognitoError ? error.name : 'InternalErrorException'),
  });
  return { ...server, users, add, empty: () => void users.splice(0) };
}

function failure(name: string): HttpResponse {
  return json({ __type: name, message: name }, 400, AWS_JSON);
}

function checked(password: string): string {
  if (!POLICY.every((rule) => rule.test(password))) throw new CognitoError('InvalidPasswordException');
  return password;
}

function shown({ sub, email, isEnabled, status }: EmulatedUser) {
  return {
    Username: sub,
    Attributes: [
      { Name: 'email', Value: email },
      { Name: 'email_verified', Value: 'true' },
      { Name: 'sub', Value: sub },
    ],
    Enabled: isEnabled,
    UserStatus: status,
    UserCreateDate: CREATED,
    UserLastModifiedDate: CHANGED,
  };
}
