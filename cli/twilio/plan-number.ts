import type { PlanPart } from '../plan/plan';
import { answererOf, type OurNumber, pageOfNumber } from './incoming-messages';
import { REPLACE_EXISTING } from './plan-part';
import type { TwilioAccount } from './twilio-account';

/** Whether the account has the number and it can send. @param present null if the account does not have it */
export function planNumber(number: string, present: OurNumber | null): PlanPart {
  if (present === null) {
    return {
      manualSteps: [
        {
          what: `${number} is not a number of this Twilio account`,
          fix: 'Set TWILIO_SMS_NUMBER in .env to one of Phone Numbers > Manage > Active numbers, and run npm run setup again',
        },
      ],
    };
  }
  if (present.canSms) return { upToDate: [`${number} is a number of the account and can send SMS`] };
  return {
    manualSteps: [
      {
        what: `${number} cannot send SMS`,
        fix: 'Set TWILIO_SMS_NUMBER in .env to a number whose capabilities include SMS, and run npm run setup again',
      },
    ],
  };
}

/** Whether the number leaves inbound messages to Conversations (twilio.md#configuration). */
export function planIncomingMessages(
  account: TwilioAccount,
  present: OurNumber,
  replaceExisting: boolean,
): PlanPart {
  const answerer = answererOf(present);
  if (answerer.kind === 'none') {
    return { upToDate: [`"A message comes in" of ${present.number} is blank`] };
  }
  if (answerer.kind === 'another integration' && !replaceExisting) {
    return {
      manualSteps: [
        {
          what: `Inbound messages to ${present.number} are also handled by ${answerer.what} ("A message comes in")`,
          fix: `${pageOfNumber(present)}: clear it if nothing needs it; or let setup clear it: ${REPLACE_EXISTING}`,
        },
      ],
    };
  }
  return {
    changes: [
      {
        summary: `Clear "A message comes in" of ${present.number}`,
        diff: [
          {
            what: 'A message comes in',
            from: present.smsApplicationSid ?? present.smsUrl,
            to: null,
          },
        ],
        apply: () => account.clearIncomingMessages(present),
      },
    ],
  };
}
