import { withoutSecrets } from './webhooks';

/** A phone number that the account holds. */
export interface OurNumber {
  readonly sid: string;
  /** In E.164. */
  readonly number: string;
  readonly canSms: boolean;
  /** "A message comes in" in the console: a web address, null for none, */
  readonly smsUrl: string | null;
  /** or a TwiML application, null for none. */
  readonly smsApplicationSid: string | null;
}

/**
 * Who answers a message that comes in, besides Conversations: it should be nobody (twilio.md#configuration). Twilio's
 * demonstration, which a number is bought with, is nobody's loss.
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

/** Where in the console it is set. */
export function pageOfNumber({ number }: OurNumber): string {
  return `Phone Numbers > Manage > Active numbers > ${number} > Messaging configuration > A message comes in`;
}
