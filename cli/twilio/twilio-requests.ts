import RequestClient from 'twilio/lib/base/RequestClient.js';
import * as v from 'valibot';
import {
  CredentialsRejectedError,
  isKnownError,
  ServiceUnavailableError,
  UpstreamError,
} from '../../lambdas/errors';
import { isMissingPermission, TwilioApiError } from '../../lambdas/twilio/twilio-client';

const TIMEOUT_MS = 10_000;
const TWILIO_HOST = /^https:\/\/([a-z0-9-]+)[a-z0-9.-]*\.twilio\.com(?=\/)/;
/** On one host for all, the services of messaging.twilio.com would have the addresses of Conversations' services. */
const HOST_WITH_PATH = 'messaging';

const WithCode = v.object({ code: v.string() });

/**
 * The HTTP client of Twilio's official library. Sends everything to one host if that replaces Twilio. Retries a 429 up
 * to three times, because Twilio has not processed the request.
 */
export class TwilioRequests extends RequestClient {
  constructor(private readonly apiUrl: string | null) {
    super({ timeout: TIMEOUT_MS, autoRetry: true });
  }

  /** @throws {ServiceUnavailableError} if no response comes; without the cause, which holds the request and token */
  override async request<TData>(opts: RequestClient.RequestOptions<TData>) {
    const uri = this.apiUrl === null ? opts.uri : replaceHost(opts.uri, this.apiUrl);
    try {
      return await super.request<TData>({ ...opts, uri });
    } catch (error) {
      const failure = v.safeParse(WithCode, error);
      const code = failure.success ? ` (${failure.output.code})` : '';
      const look = this.apiUrl === null ? 'the network of this machine' : 'TWILIO_API_URL in .env';
      throw new ServiceUnavailableError(
        `No response from ${new URL(uri).host}${code}: check ${look} and try again`,
        5,
      );
    }
  }
}

function replaceHost(uri: string, apiUrl: string): string {
  return uri.replace(TWILIO_HOST, (_, host) => (host === HOST_WITH_PATH ? `${apiUrl}/${host}` : apiUrl));
}

const Failure = v.object({
  status: v.number(),
  code: v.nullish(v.number(), 0),
  message: v.nullish(v.string(), ''),
});

/** The credentials that a call of the official client authenticates with. */
export type CredentialsUsed = 'token' | 'api-key';

/** What Twilio rejects, and how to correct it. */
const REJECTED: Readonly<Record<CredentialsUsed, string>> = {
  token:
    'Twilio rejected ACCOUNT_SID and AUTH_TOKEN: both are on the first page of the Twilio console, under Account Info, of the account that has your numbers. It also rejects those of a suspended or closed account',
  'api-key':
    'Twilio rejected TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET: create a standard API key under Account > API keys & tokens of the Twilio console, or leave both blank',
};

/**
 * The validated result of a call of the official client.
 * @throws {CredentialsRejectedError} for 401, {ServiceUnavailableError} if a retry may succeed, {TwilioApiError} if Twilio
 * rejects the request, {UpstreamError} if the response does not come from Twilio
 */
export async function validated<T>(
  schema: v.GenericSchema<unknown, T>,
  call: Promise<unknown>,
  used: CredentialsUsed = 'token',
): Promise<T> {
  const parsed = v.safeParse(schema, await call.catch((error: unknown) => rethrow(error, used)));
  if (parsed.success) return parsed.output;
  const fields = parsed.issues.map((issue) => v.getDotPath(issue)).join(', ');
  throw new UpstreamError(`Twilio's response has no valid ${fields}`);
}

function rethrow(error: unknown, used: CredentialsUsed): never {
  if (isKnownError(error)) throw error;
  const failure = v.safeParse(Failure, error);
  if (!failure.success) throw new UpstreamError("Twilio's response is not valid JSON");
  const { status, code, message } = failure.output;
  if (used === 'api-key' && isMissingPermission(status, code)) {
    throw new CredentialsRejectedError(
      'Twilio',
      `The API key TWILIO_API_KEY_SID lacks a permission (${status}, code ${code}): use a standard API key, or leave TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET blank`,
    );
  }
  if (status === 401) throw new CredentialsRejectedError('Twilio', REJECTED[used]);
  if (status === 429) {
    throw new ServiceUnavailableError('Twilio rate limit (429); retry in a minute', 60);
  }
  if (status >= 500) {
    throw new ServiceUnavailableError(`Twilio returned ${status}: see status.twilio.com and try again`, 60);
  }
  throw new TwilioApiError(status, code, message);
}
