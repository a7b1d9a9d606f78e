import type { PlanPart } from '../plan/plan';
import type { TwilioContext } from './twilio-parts';
import { REPLACE_EXISTING, withoutSecrets } from './webhooks';

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

/** Whether the account has the number and it can send. */
export async function planNumber({ settings, number }: TwilioContext): Promise<PlanPart> {
  return planSmsNumber(settings.configuration.smsNumber, await number());
}

/** @param present null if the account does not have the number */
export function planSmsNumber(smsNumber: string, present: OurNumber | null): PlanPart {
  if (present?.canSms) return { upToDate: [`${smsNumber} is a number of the account and can send SMS`] };
  const [what, source] =
    present === null
      ? [
          `${smsNumber} is not a number of this Twilio account`,
          'one of Phone Numbers > Manage > Active numbers',
        ]
      : [`${smsNumber} cannot send SMS`, 'a number whose capabilities include SMS'];
  return {
    manualSteps: [
      { what, fix: `Set TWILIO_SMS_NUMBER in .env to ${source}, and run npx frontline setup again` },
    ],
  };
}

/** Twilio's demo reply, which every new number has, can be removed without loss. */
const DEMO = /^https?:\/\/demo\.twilio\.com\//;

/** Plans that the number leaves inbound messages to Conversations (twilio.md#configuration). */
export async function planIncomingMessages(context: TwilioContext): Promise<PlanPart> {
  const present = await context.number();
  if (present === null) return {};
  const { number, smsUrl, smsApplicationSid } = present;
  if (smsUrl === null && smsApplicationSid === null) {
    return { upToDate: [`"A message comes in" of ${number} is blank`] };
  }
  const isDemo = smsApplicationSid === null && DEMO.test(smsUrl ?? '');
  const handler =
    smsApplicationSid === null ? withoutSecrets(smsUrl ?? '') : `the TwiML app ${smsApplicationSid}`;
  const problem = `Inbound messages to ${number} are also handled by ${handler} ("A message comes in")`;
  if (!isDemo && !context.replaceExisting) {
    const page = `Phone Numbers > Manage > Active numbers > ${number} > Messaging configuration > A message comes in`;
    const fix = `${page}: clear it if nothing needs it; or let setup clear it: ${REPLACE_EXISTING}`;
    return { manualSteps: [{ what: problem, fix }] };
  }
  return {
    changes: [
      {
        summary: `Clear "A message comes in" of ${number}`,
        diff: [{ what: 'A message comes in', from: smsApplicationSid ?? smsUrl, to: null }],
        problem,
        apply: () => context.account.clearIncomingMessages(present),
      },
    ],
  };
}
