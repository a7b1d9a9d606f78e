import type { CheckResult } from '../doctor/health-check';
import type { Difference, SurveyPart } from '../plan/plan';
import type { ConversationService, ConversationServices } from './conversation-service';
import type { TwilioAccount } from './twilio-account';

/** The context in which setup plans one part. */
export interface Place {
  readonly account: TwilioAccount;
  readonly services: ConversationServices;
  readonly service: ConversationService;
  /** Whether to replace other integrations. */
  readonly takeOver: boolean;
}

/** The command with which a user allows setup to replace another integration. */
export const TAKE_OVER = 'npm run setup -- --take-over';

/** A plan as the doctor's result: pending changes count as failures, too. */
export function outcomeOf(part: SurveyPart): CheckResult {
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
