import type { EmulatorRequest } from '../core/emulator-server';
import { type TwilioError, twilioError } from './twilio-errors';

/** Twilio's APIs, as a restricted key can be limited to them. Each has a host of its own at Twilio. */
type TwilioApi = 'account' | 'content' | 'conversations' | 'frontline' | 'media' | 'messaging';

/** An API key. A standard one may do everything but read the account (twilio.md#api-keys). */
export interface ApiKey {
  /** `SK` and 32 hexadecimal digits. */
  readonly sid: string;
  readonly secret: string;
  /** The only APIs that a restricted key has permissions for. @default all */
  readonly apis?: readonly TwilioApi[];
}

interface Credentials {
  readonly accountSid: string;
  /** The account's current tokens: two during a rotation (twilio.md#token-rotation). */
  readonly authTokens: readonly string[];
  readonly apiKeys: readonly ApiKey[];
}

/** Accepts the credentials of requests. */
export class Authentication {
  readonly #tokens: readonly string[];
  readonly #keys: ReadonlyMap<string, ApiKey>;

  constructor({ accountSid, authTokens, apiKeys }: Credentials) {
    this.#tokens = authTokens.map((token) => basic(accountSid, token));
    this.#keys = new Map(apiKeys.map((key) => [basic(key.sid, key.secret), key]));
  }

  /** Why a request is rejected; null if it is accepted. */
  rejectionOf({ path, headers: { authorization = '' } }: EmulatorRequest): TwilioError | null {
    if (this.#tokens.includes(authorization)) return null;
    const key = this.#keys.get(authorization);
    if (key === undefined || KEEPS_API_KEYS_OUT.test(path)) return twilioError('authenticate');
    const isPermitted = key.apis === undefined || key.apis.includes(apiOf(path));
    return isPermitted ? null : twilioError('permissionMissing');
  }
}

const KEEPS_API_KEYS_OUT = /^\/2010-04-01\/Accounts\/[^/]+\.json$/;

/** The path of the host messaging.twilio.com, whose services have the same paths as those of Conversations. */
export const MESSAGING_PATH = '/messaging';

const PATHS: readonly (readonly [pattern: RegExp, api: TwilioApi])[] = [
  [/^\/2010-04-01\//, 'account'],
  [new RegExp(`^${MESSAGING_PATH}/`), 'messaging'],
  [/^\/v[12]\/(Legacy)?Content/, 'content'],
  [/^\/v1\/Services\/[^/]+\/Media/, 'media'],
  [/^\/v1\/Users\/[^/]+$/, 'frontline'],
];

function apiOf(path: string): TwilioApi {
  return PATHS.find(([pattern]) => pattern.test(path))?.[1] ?? 'conversations';
}

/** The account or key that a request names; null without a valid header. */
export function userOf({ headers: { authorization = '' } }: EmulatorRequest): string | null {
  const [, encoded] = /^Basic (.+)$/.exec(authorization) ?? [];
  if (encoded === undefined) return null;
  return Buffer.from(encoded, 'base64').toString().split(':')[0] ?? null;
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
