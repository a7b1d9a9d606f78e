import { MAX_PAGE_SIZE } from '../airtable/airtable-client';
import { inBatches } from '../concurrency/at-once';
import type { OptOutCell } from '../customers/customer';
import type { ReadRecords } from './sync-base';
import { keepingLease, readBase, type SyncRun } from './sync-run';

export interface TickResult {
  /** Records whose cell is not as required, and why. */
  readonly failures: ReadonlyMap<string, string>;
  /** The changed records as Airtable has them after the write, for the replica. */
  readonly reread: readonly ReadRecords[];
}

/**
 * Ticks or unticks `opt_out` of records and keeps track of which ticks are sync's own.
 *
 * The cells are read first: a tick that a person has set meanwhile must not count as sync's own, or the customer's
 * START would clear it. After a crash half way the tick counts as a person's, the safe direction: a tick is recorded as
 * sync's own after it is set, and forgotten before it is removed.
 */
export async function writeTicks(
  run: SyncRun,
  recordIds: readonly string[],
  ticked: boolean,
): Promise<TickResult> {
  const failures = new Map<string, string>();
  const reread: ReadRecords[] = [];
  for (const batch of inBatches(recordIds, MAX_PAGE_SIZE)) {
    const before = await readCells(run, batch);
    for (const [id, reason] of before.faults) failures.set(id, reason);
    const toWrite = await leaveRight(run, before.cells, ticked);
    if (toWrite.length === 0) continue;
    if (!ticked) await remember(run, toWrite, false);
    const outcomes = await writeCells(run, toWrite, ticked);
    const after = await readCells(run, toWrite);
    reread.push(after.read);
    for (const id of outcomes.unknown.keys()) {
      // No response came, so the cell itself shows whether the write took effect.
      const isDone = (after.cells.get(id) === 'yes') === ticked;
      if (isDone === ticked) await remember(run, [id], true);
      if (isDone) outcomes.unknown.delete(id);
    }
    for (const [id, reason] of [...outcomes.rejected, ...outcomes.unknown]) failures.set(id, reason);
  }
  return { failures, reread };
}

/** The records to be written. For the others, an own tick that is gone is forgotten. */
async function leaveRight(
  run: SyncRun,
  cells: ReadonlyMap<string, OptOutCell>,
  ticked: boolean,
): Promise<string[]> {
  const idsWith = (wanted: OptOutCell) => [...cells].flatMap(([id, cell]) => (cell === wanted ? [id] : []));
  if (ticked) return idsWith('no');
  await remember(run, [...idsWith('no'), ...idsWith('unclear')], false);
  return idsWith('yes');
}

/** Writes the cells and records at once which ticks are sync's own, before anything else can fail. */
async function writeCells(run: SyncRun, recordIds: readonly string[], ticked: boolean) {
  const writes = await keepingLease(run, () => run.base.writeOptOut(recordIds, ticked));
  const rejected = new Map<string, string>();
  const unknown = new Map<string, string>();
  for (const id of recordIds) {
    const write = writes.get(id) ?? {
      outcome: 'unknown',
      reason: 'Airtable returned no result for this record',
    };
    if (write.outcome === 'written') {
      if (ticked) run.report.ticks += 1;
      else run.report.unticks += 1;
    }
    if (write.outcome === (ticked ? 'written' : 'rejected')) await remember(run, [id], true);
    if (write.outcome === 'rejected') rejected.set(id, write.reason);
    if (write.outcome === 'unknown') unknown.set(id, write.reason);
  }
  return { rejected, unknown };
}

async function remember({ optOuts }: SyncRun, recordIds: readonly string[], ours: boolean): Promise<void> {
  for (const recordId of recordIds) await optOuts.setOwnTick(recordId, ours);
}

async function readCells(run: SyncRun, recordIds: readonly string[]) {
  const read = await readBase(run, (base) => base.customersByRecordId(recordIds));
  const cells = new Map<string, OptOutCell>();
  const faults = new Map<string, string>();
  for (const record of read.records) {
    if ('mapped' in record) cells.set(record.recordId, record.mapped.customer.optOutCell);
    else faults.set(record.recordId, record.fault);
  }
  return { read, cells, faults };
}
