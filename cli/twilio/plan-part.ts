import type { Outcome } from '../doctor/health-check';
import type { Difference, SurveyPart } from '../plan/plan';
import type { ConversationService, ConversationServices } from './conversation-service';
import type { TwilioAccount } from './twilio-account';

/** What a set-up knows when it looks at one part. */
export interface Place {
  readonly account: TwilioAccount;
  readonly services: ConversationServices;
  readonly service: ConversationService;
  /** Whether other integrations have to give way. */
  readonly takeOver: boolean;
}

/** How somebody lets set-up replace another integration. */
export const TAKE_OVER = 'npm run setup -- --take-over';

/** A survey as the doctor says it: what is to be changed is wrong, too. */
export function outcomeOf(part: SurveyPart): Outcome {
  const { right = [], changes = [], obstacles = [] } = part;
  if (changes.length === 0 && obstacles.length === 0) return { verdict: 'right', says: right.join('; ') };
  const toChange = changes.flatMap(({ difference }) => difference.map(inWords));
  const remedies = [
    ...obstacles.map(({ remedy }) => remedy),
    ...(changes.length > 0 ? ['npm run setup'] : []),
  ];
  return {
    verdict: 'wrong',
    says: [...obstacles.map(({ what }) => what), ...toChange].join('; '),
    remedy: [...new Set(remedies)].join('; '),
  };
}

function inWords({ what, from, to }: Difference): string {
  return `"${what}" is ${from ?? 'blank'} and has to be ${to ?? 'blank'}`;
}
