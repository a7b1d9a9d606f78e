import { MAX_PAGE_SIZE } from '../airtable/airtable-client';
import { inBatches } from '../concurrency/at-once';
import { errorMessage, isKnownError } from '../errors';
import { LeaseLostError } from '../replica/replica-store';
import { applyRecords } from './apply-records';
import { listChanges } from './list-changes';
import { reconcileTicks } from './reconcile-ticks';
import { removeCustomers } from './remove-customers';
import { readBase, type SyncRun } from './sync-run';

export interface Drained {
  /** The next payload to read; stored after everything else of the run. */
  readonly cursor: number;
  /** Nothing that happened before this time is missing. */
  readonly drainedAt: number;
  /** Every customer named in the payloads. */
  readonly recordIds: ReadonlySet<string>;
}

/**
 * Applies the changes since the cursor to the replica. Records are read again instead of parsed from payloads. A record
 * is deleted only where a payload says so; its absence from a re-read is not proof.
 * @throws {WebhookGoneError} {TableReplacedError} where only a full pass shows the changes.
 */
export async function drainChanges(run: SyncRun, webhookId: string, from: number): Promise<Drained> {
  const changes = await listChanges(run, webhookId, from);
  for (const batch of inBatches(changes.changed, MAX_PAGE_SIZE)) await readAgain(run, batch);
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

/**
 * Reads all templates again. A table that cannot be read, such as a renamed one, leaves the templates unchanged and
 * does not stop the sync of customers.
 */
export async function replaceTemplates(run: SyncRun): Promise<void> {
  try {
    const { templates, readAt } = await readBase(run, (base) => base.listTemplates());
    await run.store.replaceTemplates(templates, readAt);
  } catch (error) {
    const endsRun = error instanceof LeaseLostError || !isKnownError(error) || error.name !== 'Misconfigured';
    if (endsRun) throw error;
    run.report.warnings.push(`The templates are unchanged: ${errorMessage(error)}`);
  }
}
