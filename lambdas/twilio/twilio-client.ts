import * as v from 'valibot';
import type { Credentials } from '../credentials/credentials';
import { CredentialsRejectedError, UpstreamError } from '../errors';
import type { Reply } from '../http-client/fetch-reply';
import { hasTransientStatus, isReply, type RetryPolicy } from '../http-client/retry';
import { CALLBACK_POLICY, type CallContext, type OutsideRequest, send } from '../http-client/send';

const Failure = v.object({ code: v.optional(v.number(), 0), message: v.optional(v.string(), '') });

/** "Modified concurrently" and "not ready yet": the next attempt may succeed (twilio.md#rest-requests). */
const TRY_AGAIN = new Set([50_349, 50_391, 50_419, 50_213, 20_162, 50_386]);

/** The usual policy: a few attempts. */
export const USUAL_POLICY: RetryPolicy = {
  ...CALLBACK_POLICY,
  isFailure: (reply: Reply) => hasTransientStatus(reply) || TRY_AGAIN.has(readFailure(reply.body).code),
};

/** The usual policy, but each attempt waits as long as the deadline allows. */
const PATIENT_POLICY: RetryPolicy = { ...USUAL_POLICY, attemptMilliseconds: 10_000 };

/** One attempt, for a caller who decides about the next one. */
export const ONCE_POLICY: RetryPolicy = { ...PATIENT_POLICY, waitsMilliseconds: [] };

/** For a request that is repeated after 429 only. */
const UNREPEATABLE_POLICY: RetryPolicy = {
  ...PATIENT_POLICY,
  waitsMilliseconds: [300, 900],
  isFailure: ({ status }) => status === 429,
  isUndone: ({ status }) => status === 429,
};

function readFailure(body: unknown): v.InferOutput<typeof Failure> {
  const parsed = v.safeParse(Failure, body);
  return parsed.success ? parsed.output : { code: 0, message: 'no JSON' };
}

/** Twilio's codes for a restricted key without a permission, which come with 401 or 403 (twilio.md#api-keys). */
const MISSING_PERMISSION = new Set([20_006, 20_403, 70_051]);

/** Whether Twilio rejected an API key because of a permission that it lacks. */
export function isMissingPermission(status: number, code: number): boolean {
  return (status === 401 || status === 403) && MISSING_PERMISSION.has(code);
}

/** Twilio processed the request and rejected it; the code says why (twilio.md#rest-requests). */
export class TwilioApiError extends UpstreamError {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
  ) {
    super(`Twilio returned ${status} (code ${code}): ${message}`);
  }

  /** Whether the same request may succeed later. */
  get isPassing(): boolean {
    return TRY_AGAIN.has(this.code);
  }
}

/** Twilio throttles: the request was not processed (twilio.md#rest-requests). */
export class TwilioThrottledError extends UpstreamError {
  constructor(
    message: string,
    /** How long Twilio wants the client to wait; null if it does not say. */
    readonly retryAfterSeconds: number | null,
  ) {
    super(message);
  }
}

/**
 * Twilio's REST API, as far as the service needs it: form in, JSON out. Not the official client: its Conversations part
 * would more than double the load time of a function (`npm run bench`), and its only timeout is its own 30 s.
 */
export class TwilioClient {
  constructor(
    private readonly credentials: TwilioCredentials,
    private readonly context: CallContext,
  ) {}

  /**
   * @throws {TwilioApiError} {TwilioThrottledError} {CredentialsRejectedError}
   * @throws {UpstreamError} if the outcome is unknown: no response, a 5xx, or a response of an unexpected shape.
   */
  get<T>(url: string, answer: v.GenericSchema<unknown, T>, policy: RetryPolicy = USUAL_POLICY): Promise<T> {
    return this.#call({ method: 'GET', url }, answer, policy);
  }

  /** Retried if that may help: every POST of the service sets a state and is therefore idempotent. Throws as `get`. */
  post<T>(
    url: string,
    form: Readonly<Record<string, string>>,
    answer: v.GenericSchema<unknown, T>,
    policy: RetryPolicy = USUAL_POLICY,
  ): Promise<T> {
    return this.#call({ method: 'POST', url, body: new URLSearchParams(form).toString() }, answer, policy);
  }

  /**
   * A POST that must not be carried out twice: retried only after 429, which says that nothing was done. Throws as
   * `get`.
   */
  postOnce<T>(
    url: string,
    form: Readonly<Record<string, string>>,
    answer: v.GenericSchema<unknown, T>,
  ): Promise<T> {
    const body = new URLSearchParams(form).toString();
    return this.#call({ method: 'POST', url, body, idempotent: false }, answer, UNREPEATABLE_POLICY);
  }

  /** What is gone already counts as deleted. Throws as `get`. */
  async delete(url: string): Promise<void> {
    await this.#call({ method: 'DELETE', url }, v.unknown(), USUAL_POLICY).catch((error: unknown) => {
      if (!(error instanceof TwilioApiError && error.status === 404)) throw error;
    });
  }

  async #call<T>(
    call: Pick<OutsideRequest, 'method' | 'url' | 'body'> & { readonly idempotent?: boolean },
    answer: v.GenericSchema<unknown, T>,
    policy: RetryPolicy,
  ): Promise<T> {
    const { accountSid, authToken, twilioApiKey } = this.credentials;
    const [user, password] =
      twilioApiKey === null ? [accountSid, authToken] : [twilioApiKey.sid, twilioApiKey.secret];
    const headers = {
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      ...(call.body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
    };
    const request: OutsideRequest = { idempotent: true, ...call, system: 'Twilio', headers };
    const reply = await send(request, policy, this.context);
    if (!isReply(reply)) throw new UpstreamError(reply.message, { cause: reply });
    const parsed = v.safeParse(answer, reply.body);
    if (reply.status < 300 && parsed.success) return parsed.output;
    throw failureOf(reply, `${call.method} ${new URL(call.url).pathname}`, twilioApiKey !== null);
  }
}

function failureOf(reply: Reply, call: string, hasApiKey: boolean): UpstreamError | CredentialsRejectedError {
  const { code, message } = readFailure(reply.body);
  if (hasApiKey && isMissingPermission(reply.status, code)) {
    return new CredentialsRejectedError(
      'Twilio',
      `Twilio rejects TWILIO_API_KEY_SID for ${call} (code ${code}): the API key lacks a permission, or belongs to another account. Put a standard API key and its secret into the secret, or take both out`,
    );
  }
  if (reply.status === 401) {
    return new CredentialsRejectedError(
      'Twilio',
      hasApiKey
        ? 'Twilio rejects TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET: put a valid API key and its secret into the secret, or take both out'
        : 'Twilio rejects ACCOUNT_SID and AUTH_TOKEN: put valid ones in the secret',
    );
  }
  const said = `Twilio returned ${reply.status} (code ${code}) to ${call}`;
  if (reply.status === 429) return new TwilioThrottledError(said, reply.retryAfterSeconds);
  if (reply.status < 400 || reply.status >= 500) return new UpstreamError(said);
  return new TwilioApiError(reply.status, code, message);
}

/** Requests authenticate with the API key, if there is one, else with account SID and token (twilio.md#api-keys). */
type TwilioCredentials = Pick<Credentials, 'accountSid' | 'authToken' | 'twilioApiKey'>;

/** The parts of an incoming request that its requests to Twilio use. */
export type TwilioRequest = CallContext & {
  readonly configuration: { readonly conversationsUrl: string; readonly frontlineUrl: string };
  readonly credentials: TwilioCredentials;
};

/** Twilio's REST API, bound to an incoming request. */
export function openTwilio({ credentials, deadline, requestLog }: TwilioRequest): TwilioClient {
  return new TwilioClient(credentials, { deadline, requestLog });
}
