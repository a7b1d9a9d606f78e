import { errorMessage } from '../errors';
import { LeaseLostError } from '../replica/replica-store';
import { nextRunDue } from './pass-schedule';
import type { SyncRun } from './sync-run';

/**
 * At a run's end, records how far the replica and the outbox are behind, and for the doctor why the run failed.
 * @returns whether the run still holds the lease.
 */
export async function noteState(run: SyncRun): Promise<boolean> {
  const { report, clock } = run;
  try {
    await noteFailure(run);
    const now = clock.now();
    const waiting = await run.optOuts.listPending();
    report.optOutsWaiting = waiting.length;
    report.oldestOptOutWaits = Math.max(
      0,
      ...waiting.map(({ event }) => now - (Date.parse(event.at) || now)),
    );
    const state = await run.store.readState();
    const due = nextRunDue({ state, settings: run.settings });
    report.age = due === null ? null : Math.max(0, now - due);
    report.webhookProblem = state.webhookProblem;
    return true;
  } catch (error) {
    report.failure ??= error;
    return !(error instanceof LeaseLostError);
  }
}

async function noteFailure({ report, store, lease, clock }: SyncRun): Promise<void> {
  if (report.failure === null) return;
  await store.updateState(lease, {
    passProgress: null,
    lastFailure: { at: clock.now(), message: errorMessage(report.failure) },
  });
}
