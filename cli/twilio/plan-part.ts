import type { CheckResult } from '../doctor/health-check';
import type { Diff, PlanPart } from '../plan/plan';
import type { ConversationService, ConversationServices } from './conversation-service';
import type { TwilioAccount } from './twilio-account';

/** The context in which setup plans one part. */
export interface Place {
  readonly account: TwilioAccount;
  readonly services: ConversationServices;
  readonly service: ConversationService;
  /** Whether to replace other integrations. */
  readonly replaceExisting: boolean;
}

/** The command with which a user allows setup to replace another integration. */
export const REPLACE_EXISTING = 'npm run setup -- --replace-existing';

/** A plan as the doctor's result: pending changes count as failures, too. */
export function outcomeOf(part: PlanPart): CheckResult {
  const { upToDate = [], changes = [], manualSteps = [] } = part;
  if (changes.length === 0 && manualSteps.length === 0)
    return { status: 'pass', message: upToDate.join('; ') };
  const toChange = changes.flatMap(({ diff }) => diff.map(formatDiff));
  const fixes = [...manualSteps.map(({ fix }) => fix), ...(changes.length > 0 ? ['npm run setup'] : [])];
  return {
    status: 'fail',
    message: [...manualSteps.map(({ what }) => what), ...toChange].join('; '),
    fix: [...new Set(fixes)].join('; '),
  };
}

function formatDiff({ what, from, to }: Diff): string {
  return `"${what}" is ${from ?? 'blank'} instead of ${to ?? 'blank'}`;
}
