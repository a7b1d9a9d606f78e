import * as v from 'valibot';
import type { Configuration } from '../configuration/configuration';
import type { Credentials } from '../credentials/credentials';
import { CredentialsRefused, UpstreamFailed } from '../errors/errors';
import type { Reply } from '../http-client/fetch-reply';
import { hasTransientStatus, isReply, type RetryPolicy } from '../http-client/retry';
import { CALLBACK_POLICY, type Errand, type OutsideRequest, send } from '../http-client/send';

const Failure = v.object({ code: v.optional(v.number(), 0), message: v.optional(v.string(), '') });

/** "Somebody else is changing it" and "not ready yet": the next try may do (Twilio contract 8). */
const TRY_AGAIN = new Set([50_349, 50_391, 50_419, 50_213, 20_162, 50_386]);

const POLICY: RetryPolicy = {
  ...CALLBACK_POLICY,
  isFailure: (reply: Reply) => hasTransientStatus(reply) || TRY_AGAIN.has(readFailure(reply.body).code),
};

function readFailure(body: unknown): v.InferOutput<typeof Failure> {
  const parsed = v.safeParse(Failure, body);
  return parsed.success ? parsed.output : { code: 0, message: 'no JSON' };
}

/** Twilio understood and says no; the code says why (Twilio contract 8). */
export class Refused extends UpstreamFailed {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
  ) {
    super(`Twilio answers ${status}/${code}: ${message}`);
  }
}

/**
 * Twilio's REST API, as far as the service needs it: form in, JSON out. Not the official client: its Conversations
 * part would more than double what a function loads (`npm run bench`), and it knows no deadline but its 30 s.
 */
export class TwilioClient {
  constructor(
    private readonly credentials: Credentials,
    private readonly errand: Errand,
  ) {}

  /** @throws {Refused} {UpstreamFailed} {CredentialsRefused} */
  get<T>(url: string, answer: v.GenericSchema<unknown, T>): Promise<T> {
    return this.#call('GET', url, answer);
  }

  /** Repeated where that may help: everything that we post says how things should be, not what to add. */
  post<T>(
    url: string,
    form: Readonly<Record<string, string>>,
    answer: v.GenericSchema<unknown, T>,
  ): Promise<T> {
    return this.#call('POST', url, answer, new URLSearchParams(form).toString());
  }

  async #call<T>(
    method: 'GET' | 'POST',
    url: string,
    answer: v.GenericSchema<unknown, T>,
    body?: string,
  ): Promise<T> {
    const { accountSid, authToken } = this.credentials;
    const headers = {
      authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
      ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
    };
    const request: OutsideRequest = {
      system: 'Twilio',
      method,
      url,
      headers,
      ...(body !== undefined && { body }),
      idempotent: true,
    };
    const reply = await send(request, POLICY, this.errand);
    if (!isReply(reply)) throw new UpstreamFailed(reply.message, { cause: reply });
    const parsed = v.safeParse(answer, reply.body);
    if (reply.status < 300 && parsed.success) return parsed.output;
    const { code, message } = readFailure(reply.body);
    if (reply.status === 401) {
      throw new CredentialsRefused(
        'Twilio',
        'Twilio refuses ACCOUNT_SID and AUTH_TOKEN: put valid ones in the secret',
      );
    }
    if (reply.status < 300 || reply.status === 429 || reply.status >= 500) {
      throw new UpstreamFailed(
        `Twilio answers ${reply.status}/${code} to ${method} ${new URL(url).pathname}`,
      );
    }
    throw new Refused(reply.status, code, message);
  }
}

/** What a request of ours lends to those that it makes to Twilio. */
export type TwilioRequest = Errand & {
  readonly configuration: Configuration;
  readonly credentials: Credentials;
};

/** Twilio's REST API as a request of ours may use it. */
export function openTwilio({ credentials, deadline, journal }: TwilioRequest): TwilioClient {
  return new TwilioClient(credentials, { deadline, journal });
}
