import { createHmac, randomUUID } from 'node:crypto';
import { isNativeError } from 'node:util/types';

export type WebhookParameters = Readonly<Record<string, string>>;

/** A sent callback and its outcome. */
export interface SentWebhook {
  readonly url: string;
  /** The Conversations event, or `routing` for Frontline's routing callback. */
  readonly event: string;
  readonly params: WebhookParameters;
  /** Null without a response. */
  readonly status: number | null;
  readonly body: string;
  /** Why there was no response. */
  readonly error?: string;
}

interface Callback {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly event: string;
}

/**
 * Signs callbacks with the account's token and sends them as Twilio does (twilio.md#callbacks-and-timeouts,
 * twilio.md#webhook-semantics, twilio.md#signatures).
 */
export class WebhookSender {
  readonly log: SentWebhook[] = [];
  readonly #closing = new AbortController();

  /** The shared key that signs an event; null for the auth token. */
  keyFor: (event: string) => SharedKey | null = () => null;

  constructor(
    readonly authToken: string,
    /** Called with each callback that got a response or failed. */
    readonly onSent: (sent: SentWebhook) => void = () => {},
  ) {}

  /** Never rejects, because a failed callback is also an outcome. */
  async send(callback: Callback, params: WebhookParameters, timeoutMs: number): Promise<SentWebhook> {
    // The part after # overrides Twilio's connection settings; it is neither sent nor signed.
    const url = callback.url.replace(/#.*$/, '');
    const { event, method } = callback;
    const outcome = await this.#request({ url, event, method }, params, timeoutMs);
    const sent = { url, event, params, ...outcome };
    this.log.push(sent);
    this.onSent(sent);
    return sent;
  }

  /** Aborts the callbacks that still wait for a response. */
  close(): void {
    this.#closing.abort(new Error('The Twilio emulator was closed'));
  }

  async #request(
    { method, url, event }: Callback,
    params: WebhookParameters,
    timeoutMs: number,
  ): Promise<Pick<SentWebhook, 'status' | 'body' | 'error'>> {
    // Not AbortSignal.any: Node 20 may collect the parts of such a signal, which then never fires.
    const ending = new AbortController();
    const end = () => ending.abort();
    const timeout = AbortSignal.timeout(timeoutMs);
    timeout.addEventListener('abort', end);
    this.#closing.signal.addEventListener('abort', end);
    try {
      const form = new URLSearchParams(params).toString();
      // With GET the parameters are part of the URL and are signed as part of it.
      const target = method === 'POST' ? url : `${url}${url.includes('?') ? '&' : '?'}${form}`;
      const response = await fetch(target, {
        method,
        redirect: 'manual',
        headers: {
          ...(method === 'POST' && {
            'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
          }),
          'I-Twilio-Idempotency-Token': randomUUID(),
          'User-Agent': 'TwilioProxy/1.1',
          'X-Home-Region': 'us1',
          ...signatureHeaders(
            target,
            method === 'POST' ? params : {},
            this.keyFor(event) ?? { authToken: this.authToken },
          ),
        },
        ...(method === 'POST' && { body: form }),
        signal: ending.signal,
      });
      return { status: response.status, body: await response.text() };
    } catch (error) {
      return {
        status: null,
        body: '',
        error: timeout.aborted ? `No response within ${timeoutMs} ms` : errorMessage(error),
      };
    } finally {
      this.#closing.signal.removeEventListener('abort', end);
    }
  }
}

/** A failed `fetch` holds the reason in its cause. */
function errorMessage(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  return isNativeError(error.cause) ? `${error.message}: ${error.cause.message}` : error.message;
}

/** A key that signs webhooks in place of the auth token (twilio.md#shared-key-signatures). */
export interface SharedKey {
  /** Such as `webhooks_sharedkey_…`. */
  readonly id: string;
  readonly secret: string;
}

/** The headers that prove a webhook's origin: SHA-1 with the auth token, or SHA-256 with a shared key. */
export function signatureHeaders(
  url: string,
  parameters: WebhookParameters,
  key: { readonly authToken: string } | SharedKey,
): Readonly<Record<string, string>> {
  const sorted = Object.entries(parameters).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const signed = url + sorted.map(([name, value]) => name + value).join('');
  if ('authToken' in key) {
    return { 'X-Twilio-Signature': createHmac('sha1', key.authToken).update(signed).digest('base64') };
  }
  return {
    'X-Twilio-Webhooks-Signature-Settings': `key=${key.id},algorithm=HMAC_SHA256`,
    'X-Twilio-Signature': createHmac('sha256', key.secret).update(signed).digest('base64'),
  };
}
