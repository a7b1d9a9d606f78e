import type { SurveyPart } from '../plan/plan';
import { answererOf, type OurNumber, pageOfNumber } from './incoming-messages';
import { TAKE_OVER } from './plan-part';
import type { TwilioAccount } from './twilio-account';

/** Whether the account has the number and it can send. @param present null if the account does not have it */
export function planNumber(number: string, present: OurNumber | null): SurveyPart {
  if (present === null) {
    return {
      obstacles: [
        {
          what: `${number} is no number of this account`,
          remedy:
            'Set TWILIO_SMS_NUMBER in .env to one of Phone Numbers > Manage > Active numbers, and run npm run setup again',
        },
      ],
    };
  }
  if (present.canSms) return { right: [`${number} is the account's, and can send texts`] };
  return {
    obstacles: [
      {
        what: `${number} cannot send texts`,
        remedy:
          'Set TWILIO_SMS_NUMBER in .env to a number whose capabilities include SMS, and run npm run setup again',
      },
    ],
  };
}

/** Whether the number leaves inbound messages to Conversations (twilio.md#configuration). */
export function planIncomingMessages(
  account: TwilioAccount,
  present: OurNumber,
  takeOver: boolean,
): SurveyPart {
  const answerer = answererOf(present);
  if (answerer.kind === 'nobody') {
    return { right: [`"A message comes in" of ${present.number} is blank`] };
  }
  if (answerer.kind === 'another integration' && !takeOver) {
    return {
      obstacles: [
        {
          what: `A message that comes in to ${present.number} is answered by ${answerer.what}, beside Conversations`,
          remedy: `${pageOfNumber(present)}: blank it once nothing needs it; or let set-up do it: ${TAKE_OVER}`,
        },
      ],
    };
  }
  return {
    changes: [
      {
        summary: `Blank "A message comes in" of ${present.number}`,
        difference: [
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
