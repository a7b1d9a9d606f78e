import type { SyncState } from '../../../lambdas/replica/replica-store';
import { passInterval } from '../../../lambdas/sync/pass-schedule';
import type { Settings } from '../../settings/settings';
import type { CheckResult } from '../health-check';
import { duration } from './duration';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A run may wait for Airtable's penalty or for a pass; three missed runs in a row are a fault. */
const RUNS_MISSED = 3;
/** A pass of the largest base takes a quarter of an hour, and it is nightly. */
const NIGHTLY_MS = 25 * HOUR_MS;

/** The replica's age, compared with the promised one. */
export function freshnessOutcome(
  { lastPass, drainedAt, webhookProblem, passProgress }: SyncState,
  { configuration: { syncMinutes } }: Settings,
  now: number,
): CheckResult {
  if (lastPass === null) {
    const soFar =
      passProgress === null ? '' : `; a pass is running, ${passProgress.customers} customers so far`;
    return {
      status: 'fail',
      message: `the base was never read completely, so callbacks return 503${soFar}`,
      fix: 'npm run setup starts a pass and waits for it; see npm run logs -- --callback sync',
    };
  }
  const passAge = now - lastPass.finishedAt;
  const message = `${lastPass.customers} customers, last full read ${duration(passAge)} ago`;
  if (webhookProblem !== null) {
    const interval = passInterval(lastPass.customers);
    return passAge <= interval + RUNS_MISSED * syncMinutes * MINUTE_MS
      ? {
          status: 'pass',
          message: `${message}; without a webhook the base is read every ${duration(interval)}`,
        }
      : overdue(`${message}; without a webhook, one is due every ${duration(interval)}`);
  }
  const changesAge = now - Math.max(drainedAt ?? 0, lastPass.finishedAt);
  if (changesAge > RUNS_MISSED * syncMinutes * MINUTE_MS) {
    return overdue(
      `changes were last read ${duration(changesAge)} ago and are due every ${syncMinutes} minutes`,
    );
  }
  if (passAge > NIGHTLY_MS) return overdue(`${message}; one is due every night`);
  return { status: 'pass', message: `${message}, last changes ${duration(changesAge)} ago` };
}

function overdue(message: string): CheckResult {
  return {
    status: 'fail',
    message,
    fix: 'npm run logs -- --callback sync shows why; docs/runbook.md, "replica-stale", lists the fixes',
  };
}
