import { createHmac } from 'node:crypto';
import type { WebhookParameters } from './webhook-sender';

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
