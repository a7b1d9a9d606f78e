import * as v from 'valibot';
import { ConfigurationError } from '../errors';
import { sidPattern } from '../twilio/sids';

/**
 * Visible ASCII: other characters are invalid in a header, and the error of a request that tries would show the key.
 */
const key = v.pipe(v.optional(v.string(), ''), v.trim(), v.regex(/^[!-~]*$/));
const requiredKey = v.pipe(key, v.nonEmpty());

/**
 * One key, several separated by commas or white space, or a JSON array; a shared key may hold any visible character.
 */
const sharedKeys = v.optional(
  v.union([
    v.pipe(
      v.string(),
      v.transform((text) => text.split(/[\s,]+/).filter((each) => each !== '')),
    ),
    v.array(v.pipe(v.string(), v.trim(), v.nonEmpty())),
  ]),
  '',
);

const API_KEY_SID = sidPattern('SK');

const Secret = v.object({
  ACCOUNT_SID: requiredKey,
  AUTH_TOKEN: requiredKey,
  AUTH_TOKEN_SECONDARY: key,
  AIRTABLE_API_KEY: requiredKey,
  WEBHOOK_SHARED_KEYS: sharedKeys,
  TWILIO_API_KEY_SID: v.pipe(
    key,
    v.check((text) => text === '' || API_KEY_SID.test(text)),
  ),
  TWILIO_API_KEY_SECRET: key,
});
const SecretText = v.pipe(v.string(), v.parseJson(), Secret);

/** The credentials that the service uses, and those that verify Twilio's signatures. They must never be logged. */
export interface Credentials {
  readonly accountSid: string;
  readonly authToken: string;
  /** Tokens that Twilio may sign with: the account's, and a second one while tokens are being rotated. */
  readonly signingTokens: readonly string[];
  /** Secrets of Twilio's shared keys, for requests that name one (twilio.md#shared-key-signatures). */
  readonly sharedKeys: readonly string[];
  readonly airtableApiKey: string;
  /** The API key of requests to Twilio; null: they authenticate with the account's token (twilio.md#api-keys). */
  readonly twilioApiKey: TwilioApiKey | null;
}

export interface TwilioApiKey {
  /** `SK` and 32 hexadecimal digits. */
  readonly sid: string;
  readonly secret: string;
}

const HOW_TO_FILL =
  'put a JSON object with ACCOUNT_SID, AUTH_TOKEN and AIRTABLE_API_KEY into it (see docs/manual-setup.md, "Fill the secret")';

/** The error for a secret that has no value yet. */
export function emptySecret(): ConfigurationError {
  return new ConfigurationError([`The credentials secret is empty: ${HOW_TO_FILL}`]);
}

/**
 * Reads the secret's text.
 * @throws {ConfigurationError} naming the keys that are missing or malformed, and never a value.
 */
export function parseSecret(text: string): Credentials {
  if (text.trim() === '') throw emptySecret();
  const parsed = v.safeParse(SecretText, text);
  if (!parsed.success) {
    const keys = parsed.issues.flatMap((issue) => v.getDotPath(issue) ?? []);
    const problem = keys.length > 0 ? `lacks a usable ${keys.join(', ')}` : 'is not a JSON object';
    throw new ConfigurationError([`The credentials secret ${problem}: ${HOW_TO_FILL}`]);
  }
  const { ACCOUNT_SID, AUTH_TOKEN, AUTH_TOKEN_SECONDARY, AIRTABLE_API_KEY, WEBHOOK_SHARED_KEYS } =
    parsed.output;
  const { TWILIO_API_KEY_SID: sid, TWILIO_API_KEY_SECRET: secret } = parsed.output;
  if ((sid === '') !== (secret === '')) throw halfAnApiKey(sid === '' ? 'SECRET' : 'SID');
  return {
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    signingTokens: AUTH_TOKEN_SECONDARY === '' ? [AUTH_TOKEN] : [AUTH_TOKEN, AUTH_TOKEN_SECONDARY],
    sharedKeys: WEBHOOK_SHARED_KEYS,
    airtableApiKey: AIRTABLE_API_KEY,
    twilioApiKey: sid === '' ? null : { sid, secret },
  };
}

function halfAnApiKey(present: 'SID' | 'SECRET'): ConfigurationError {
  const [has, lacks] = [present, present === 'SID' ? 'SECRET' : 'SID'];
  return new ConfigurationError([
    `The credentials secret has TWILIO_API_KEY_${has} without TWILIO_API_KEY_${lacks}: put both into it, or neither (see docs/manual-setup.md, "Fill the secret")`,
  ]);
}

/**
 * Replaces `@aws-sdk/credential-provider-node` in the bundles of the functions (an alias, see
 * `lib/service-function.ts`). The SDK's own provider chain also looks for profiles, single sign-on, container endpoints
 * and web identities: a third of the client's load time, for sources that a function never has. Lambda puts a
 * function's credentials into its environment and replaces the container before they expire.
 */

interface EnvironmentCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The SDK's clients call this by name when they are constructed without credentials. */
export function defaultProvider(): () => Promise<EnvironmentCredentials> {
  return async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
    if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
      throw new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are missing in the environment');
    }
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    };
  };
}
