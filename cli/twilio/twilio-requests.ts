import RequestClient from 'twilio/lib/base/RequestClient.js';
import * as v from 'valibot';
import { ServiceUnavailableError } from '../../lambdas/errors';

const TIMEOUT_MS = 10_000;
const TWILIO_HOST = /^https:\/\/[a-z0-9.-]+\.twilio\.com(?=\/)/;

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
    const uri = this.apiUrl === null ? opts.uri : opts.uri.replace(TWILIO_HOST, this.apiUrl);
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
