import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { type CallbackEvent, callbackEvent, DOMAIN, type Sending } from './callback-event';
import { AUTH_TOKEN } from './world';

/** A form's names and values, in the order sent; names may repeat. */
export type Pair = readonly [name: string, value: string];

/** A request with any form, signed as Twilio signs it (twilio.md#signatures). */
export function formEvent(pairs: readonly Pair[], sending: Sending): CallbackEvent {
  const url = sending.signedUrl ?? `https://${DOMAIN}${sending.path}`;
  return callbackEvent(
    {},
    {
      ...sending,
      rawBody: encodeForm(pairs),
      signature: getExpectedTwilioSignature(sending.authToken ?? AUTH_TOKEN, url, valuesByName(pairs)),
    },
  );
}

export function encodeForm(pairs: readonly Pair[]): string {
  return pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
}

/** Every name with its value, or its values if repeated. */
function valuesByName(pairs: readonly Pair[]): Record<string, string | string[]> {
  const names = [...new Set(pairs.map(([name]) => name))];
  return Object.fromEntries(
    names.map((name) => {
      const [value = '', ...others] = pairs.flatMap(([each, given]) => (each === name ? [given] : []));
      return [name, others.length === 0 ? value : [value, ...others]];
    }),
  );
}
