import { withoutSecrets } from './webhooks';

/** A phone number of the account. */
export interface OurNumber {
  readonly sid: string;
  /** In E.164. */
  readonly number: string;
  readonly canSms: boolean;
  /** The URL in the console's "A message comes in"; null if absent. */
  readonly smsUrl: string | null;
  /** The TwiML application in its place; null if absent. */
  readonly smsApplicationSid: string | null;
}

/**
 * The handler of inbound messages besides Conversations; there should be none (twilio.md#configuration). Twilio's demo
 * reply, which every new number has, can be removed without loss.
 */
export type Answerer =
  | { readonly kind: 'none' }
  | { readonly kind: 'demo'; readonly what: string }
  | { readonly kind: 'another integration'; readonly what: string };

export function answererOf({ smsUrl, smsApplicationSid }: OurNumber): Answerer {
  if (smsApplicationSid !== null) {
    return { kind: 'another integration', what: `the TwiML app ${smsApplicationSid}` };
  }
  if (smsUrl === null) return { kind: 'none' };
  const kind = /^https?:\/\/demo\.twilio\.com\//.test(smsUrl) ? 'demo' : 'another integration';
  return { kind, what: withoutSecrets(smsUrl) };
}

/** The console page of the number's settings. */
export function pageOfNumber({ number }: OurNumber): string {
  return `Phone Numbers > Manage > Active numbers > ${number} > Messaging configuration > A message comes in`;
}
