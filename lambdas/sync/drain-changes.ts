import { applyRecords } from './apply-records';
import { inBatches } from './at-once';
import { listChanges } from './list-changes';
import { reconcileTicks } from './reconcile-ticks';
import { removeCustomers } from './remove-customers';
import { replaceTemplates } from './replace-templates';
import { readBase, type SyncRun } from './sync-run';

export interface Drained {
  /** The next payload to read; to be kept once everything else of the run is. */
  readonly cursor: number;
  /** Nothing that happened before this time is missing. */
  readonly drainedAt: number;
  /** Every customer that the payloads name. */
  readonly recordIds: ReadonlySet<string>;
}

/** Airtable lists no more records at a time. */
const BATCH = 100;

/**
 * Brings into the replica what changed since the cursor. Records are read again, not parsed out of payloads, and a
 * record goes only where a payload says so: that a re-read lacks it is no proof.
 * @throws {WebhookGoneError} {TableReplacedError} where only a full pass shows what has changed.
 */
export async function drainChanges(run: SyncRun, webhookId: string, from: number): Promise<Drained> {
  const changes = await listChanges(run, webhookId, from);
  for (const batch of inBatches(changes.changed, BATCH)) await readAgain(run, batch);
  await removeCustomers(run, [...changes.destroyed.values()]);
  if (changes.templates) await replaceTemplates(run);
  return {
    cursor: changes.cursor,
    drainedAt: changes.listedAt,
    recordIds: new Set([...changes.changed, ...changes.destroyed.keys()]),
  };
}

async function readAgain(run: SyncRun, recordIds: readonly string[]): Promise<void> {
  const read = await readBase(run, (base) => base.customersByRecordId(recordIds));
  run.report.recordsRead += read.records.length;
  const applied = await applyRecords(run, read, { refresh: true, proves: 'changes' });
  const current = applied.filter(({ outcome }) => outcome !== 'outdated');
  await reconcileTicks(
    run,
    current.map(({ customer }) => customer),
  );
}
