import { withoutSecrets } from './webhooks';

/** A phone number of the account. */
export interface OurNumber {
  readonly sid: string;
  /** In E.164. */
  readonly number: string;
  readonly canSms: boolean;
  /** The URL in the console's "A message comes in"; null if there is none. */
  readonly smsUrl: string | null;
  /** The TwiML application in its place; null if there is none. */
  readonly smsApplicationSid: string | null;
}

/**
 * The handler of inbound messages besides Conversations; there should be none (twilio.md#configuration). Twilio's demo
 * reply, which every new number has, can be removed without loss.
 */
export type Answerer =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'demonstration'; readonly what: string }
  | { readonly kind: 'another integration'; readonly what: string };

export function answererOf({ smsUrl, smsApplicationSid }: OurNumber): Answerer {
  if (smsApplicationSid !== null) {
    return { kind: 'another integration', what: `the TwiML app ${smsApplicationSid}` };
  }
  if (smsUrl === null) return { kind: 'nobody' };
  const kind = /^https?:\/\/demo\.twilio\.com\//.test(smsUrl) ? 'demonstration' : 'another integration';
  return { kind, what: withoutSecrets(smsUrl) };
}

/** The console page of the number's settings. */
export function pageOfNumber({ number }: OurNumber): string {
  return `Phone Numbers > Manage > Active numbers > ${number} > Messaging configuration > A message comes in`;
}
