import { errorMessage } from '../errors';
import { type Lease, LeaseLostError } from '../replica/replica-store';
import { drainChanges } from './drain-changes';
import { runFullPass } from './full-pass';
import { applyOutbox } from './opt-out-outbox';
import { nextRunDue, type Plan, planRun } from './pass-schedule';
import { TableReplacedError, WebhookGoneError } from './sync-base';
import type { StartSync, SyncEvent } from './sync-event';
import { SyncReport } from './sync-report';
import type { SyncParts, SyncRun } from './sync-run';

/** A run repeats for others no longer than this, then a new one takes over: Lambda ends a function after 15 minutes. */
const GO_ON_MS = 5 * 60 * 1_000;
/** The lease is renewed this often while a run waits. */
const NAP_MS = 10_000;

/**
 * Writes opt-outs into the base and changes of the base into the replica, under the only lease. A run that starts
 * meanwhile requests that this one runs again.
 * @returns one report per run. A failure is in its report and not thrown: the schedule tries again.
 */
export async function runSync(
  event: SyncEvent,
  parts: SyncParts,
  startSync: StartSync,
): Promise<SyncReport[]> {
  const startedAt = parts.clock.now();
  const lease = await parts.store.acquireLease(startedAt);
  const reports: SyncReport[] = [];
  if (lease === null) {
    const report = new SyncReport();
    report.kind = 'busy';
    return [report];
  }
  let next: SyncEvent['run'] = event.run;
  for (;;) {
    const report = new SyncReport();
    reports.push(report);
    const run: SyncRun = { ...parts, lease, report };
    const end = await runOnce(run, next, { waits: event.run === 'changes' || reports.length > 1 });
    if (end === 'lease-lost' || (await release(lease)) === 'released') return reports;
    if (end === 'failed' || parts.clock.now() - startedAt > GO_ON_MS) {
      await releaseForGood(lease);
      if (end === 'done') await startSync({ run: 'changes' });
      return reports;
    }
    next = 'schedule';
  }
}

/** @returns `failed` if the changes could not be read; opt-outs that could not be written do not matter here. */
async function runOnce(
  run: SyncRun,
  kind: SyncEvent['run'],
  { waits }: { readonly waits: boolean },
): Promise<'done' | 'failed' | 'lease-lost'> {
  const startedAt = run.clock.now();
  let end: 'done' | 'failed' = 'done';
  try {
    await run.lease.renew(run.clock.now());
    await applyOptOuts(run);
    await bringUpToDate(run, kind, waits);
  } catch (error) {
    run.report.failure ??= error;
    if (error instanceof LeaseLostError) return 'lease-lost';
    end = 'failed';
  } finally {
    run.report.milliseconds = run.clock.now() - startedAt;
  }
  return (await noteState(run)) ? end : 'lease-lost';
}

/** Opt-outs that cannot be written do not stop changes from being read. */
async function applyOptOuts(run: SyncRun): Promise<void> {
  try {
    await applyOutbox(run);
  } catch (error) {
    if (error instanceof LeaseLostError) throw error;
    run.report.failure = error;
    run.report.warnings.push(`The waiting opt-outs could not be applied: ${errorMessage(error)}`);
  }
}

async function bringUpToDate(run: SyncRun, kind: SyncEvent['run'], waits: boolean): Promise<void> {
  const plan = await planNow(run, kind);
  if (plan.kind === 'drain') {
    if (waits) await waitForTurn(run);
    await drainOrPass(run, plan, waits);
  } else if (plan.kind === 'pass') {
    await runFullPass(run, await run.store.readState(), plan.reason);
  }
}

async function planNow(run: SyncRun, kind: SyncEvent['run']): Promise<Plan> {
  const [state, webhook] = [await run.store.readState(), await run.store.readWebhook()];
  const { settings, clock, base } = run;
  return planRun(kind, { state, webhook, settings, mappingVersion: base.mappingVersion, now: clock.now() });
}

/**
 * People make several edits in a row: while pings continue, at most one drain per interval reads all of them. A
 * scheduled drain does not delay a ping.
 */
async function waitForTurn({ store, clock, settings, lease }: SyncRun): Promise<void> {
  const { drainedForPingAt } = await store.readState();
  if (drainedForPingAt === null) return;
  // A clock that went back must not make the run wait longer.
  const turn = Math.min(drainedForPingAt, clock.now()) + settings.pingMilliseconds;
  while (clock.now() < turn) {
    await clock.sleep(Math.min(turn - clock.now(), NAP_MS));
    await lease.renew(clock.now());
  }
}

async function drainOrPass(
  run: SyncRun,
  { webhookId, cursor }: Plan & { readonly kind: 'drain' },
  isForPing: boolean,
): Promise<void> {
  run.report.kind = 'drain';
  try {
    const drained = await drainChanges(run, webhookId, cursor);
    await run.lease.renew(run.clock.now());
    await run.store.updateState(run.lease, {
      cursor: drained.cursor,
      drainedAt: drained.drainedAt,
      ...(isForPing && { drainedForPingAt: drained.drainedAt }),
      lastFailure: null,
    });
  } catch (error) {
    if (!(error instanceof WebhookGoneError || error instanceof TableReplacedError)) throw error;
    run.report.warnings.push(`The changes cannot be read: ${error.message}`);
    const reason = error instanceof WebhookGoneError ? 'webhook-gone' : 'table-replaced';
    await runFullPass(run, await run.store.readState(), reason);
  }
}

/**
 * At a run's end, records how far the replica and the outbox are behind, and for the doctor why the run failed.
 * @returns whether the run still holds the lease.
 */
async function noteState(run: SyncRun): Promise<boolean> {
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

/** Releases the lease. If another run has taken it over already, the result is the same. */
async function release(lease: Lease): Promise<'released' | 'again'> {
  try {
    return await lease.release();
  } catch (error) {
    if (error instanceof LeaseLostError) return 'released';
    throw error;
  }
}

async function releaseForGood(lease: Lease): Promise<void> {
  while ((await release(lease)) === 'again');
}
