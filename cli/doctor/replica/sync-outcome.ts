import type { SyncState } from '../../../lambdas/replica/replica-store';
import type { CheckResult } from '../health-check';
import { duration } from './duration';

/** Lambda ends a function after 15 minutes, and a run that takes over reports at once. */
const LONGEST_PASS_MS = 16 * 60_000;

/** Whether the last run of sync succeeded. */
export function lastRunOutcome({ lastFailure, passProgress, lastPass }: SyncState, now: number): CheckResult {
  if (lastFailure !== null) {
    return {
      status: 'fail',
      message: `it failed ${duration(now - lastFailure.at)} ago: ${lastFailure.message}`,
      fix: 'Do as it says; the next run by schedule tries again. npm run logs -- --callback sync says more',
    };
  }
  if (passProgress !== null && now - passProgress.startedAt > LONGEST_PASS_MS) {
    const { startedAt, customers } = passProgress;
    return {
      status: 'fail',
      message: `a pass that began ${duration(now - startedAt)} ago ended after ${customers} customers without a word`,
      fix: 'The function was stopped: npm run logs -- --callback sync shows whether by its time or its memory. The next run by schedule begins again',
    };
  }
  if (lastPass === null && passProgress === null) return { status: 'pass', message: 'there was none yet' };
  return { status: 'pass', message: passProgress === null ? 'without a failure' : 'a pass is under way' };
}
