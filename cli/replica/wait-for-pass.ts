import { ServiceUnavailableError, UpstreamError } from '../../lambdas/errors';
import type { ReplicaStore, SyncState } from '../../lambdas/replica/replica-store';
import type { StartSync } from '../../lambdas/sync/sync-event';
import type { OnProgress } from '../plan/plan';
import { counted } from '../terminal/counted';

/** The dependencies of `waitForPass`. */
export interface PassWait {
  readonly replica: Pick<ReplicaStore, 'readState'>;
  readonly startSync: StartSync;
  /** Receives the progress of the pass. */
  readonly onProgress: OnProgress;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly pause: (milliseconds: number) => Promise<void>;
}

const LOOK_MS = 1_000;
/** The longest silence of a pass. It reports each page, and Airtable's rate-limit penalty is 30 s. */
const SILENCE_MS = 3 * 60_000;
/** A pass is restarted after this long without a report, because its function was killed. A live one reports sooner. */
const STALLED_MS = 60_000;
/** Lambda ends a function after 15 minutes, so a pass that started earlier has ended. */
const MAX_PASS_MS = 15 * 60_000;

/**
 * Starts a pass of the base into the replica and waits until it is complete. Does not start a second pass if one is
 * running.
 * @returns the number of customers in the replica
 * @throws {UpstreamError} with the reason if the pass fails, {ServiceUnavailableError} if it makes no progress
 */
export async function waitForPass({ replica, startSync, onProgress, now, pause }: PassWait): Promise<number> {
  const before = await replica.readState();
  let state = before;
  let lastReportAt = now();
  let restartedAt = Number.NEGATIVE_INFINITY;
  const start = async () => {
    restartedAt = now();
    await startSync({ run: 'pass' });
  };
  if (!isUnderWay(before, now())) await start();
  for (;;) {
    const { lastPass, lastFailure } = state;
    if (lastPass !== null && lastPass.startedAt !== before.lastPass?.startedAt) return lastPass.customers;
    if (lastFailure !== null && lastFailure.at !== before.lastFailure?.at) {
      throw new UpstreamError(
        `the base could not be read into the replica: ${lastFailure.message}. Fix the error and run npx frontline setup again`,
      );
    }
    onProgress(progressOf(state));
    await pause(LOOK_MS);
    const next = await replica.readState();
    if (hasProgressed(state, next)) lastReportAt = now();
    state = next;
    const silence = now() - lastReportAt;
    if (silence > SILENCE_MS) {
      throw new ServiceUnavailableError(
        `sync has not reported for ${SILENCE_MS / 60_000} minutes: npx frontline logs --callback sync shows why; then run npx frontline setup again`,
        0,
      );
    }
    if (silence > STALLED_MS && now() - restartedAt > STALLED_MS) await start();
  }
}

function isUnderWay({ passProgress, lastFailure }: SyncState, now: number): boolean {
  if (passProgress === null || now - passProgress.startedAt >= MAX_PASS_MS) return false;
  return lastFailure === null || lastFailure.at < passProgress.startedAt;
}

function hasProgressed(before: SyncState, after: SyncState): boolean {
  const [one, other] = [before.passProgress, after.passProgress];
  return one?.startedAt !== other?.startedAt || one?.customers !== other?.customers;
}

function progressOf({ passProgress }: SyncState): string {
  if (passProgress === null) return 'waiting for sync to start';
  const { customers } = passProgress;
  return `${counted(customers, 'customer')} read`;
}
