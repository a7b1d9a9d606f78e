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
      message: `failed ${duration(now - lastFailure.at)} ago: ${lastFailure.message}`,
      fix: 'Fix the error above; the next scheduled run tries again. See npm run logs -- --callback sync',
    };
  }
  if (passProgress !== null && now - passProgress.startedAt > LONGEST_PASS_MS) {
    const { startedAt, customers } = passProgress;
    return {
      status: 'fail',
      message: `a pass that started ${duration(now - startedAt)} ago stopped after ${customers} customers without a report`,
      fix: 'The function was stopped: npm run logs -- --callback sync shows whether it ran out of time or memory. The next scheduled run starts over',
    };
  }
  if (lastPass === null && passProgress === null) return { status: 'pass', message: 'no run yet' };
  return { status: 'pass', message: passProgress === null ? 'succeeded' : 'a pass is running' };
}
