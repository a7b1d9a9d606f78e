import type { Customer } from '../customers/customer';
import { errorMessage } from '../errors';
import { partitionsOf } from '../opt-out/opt-out-store';
import { type CustomerHead, LeaseLostError, type SyncState } from '../replica/replica-store';
import { type ApplyOptions, applyRecords } from './apply-records';
import { type Drained, drainChanges, replaceTemplates } from './drain-changes';
import { ensureWebhook, type LiveWebhook } from './ensure-webhook';
import { isTooOld, type PassReason } from './pass-schedule';
import { reconcileTicks } from './reconcile-ticks';
import { removeCustomers } from './remove-customers';
import { RequiredColumnsMissingError, requireColumns } from './required-columns';
import { type ReadRecord, type RecordPage, WebhookGoneError } from './sync-base';
import { readBase, type SyncRun } from './sync-run';

/**
 * Reads the whole base and makes the replica equal to it. Changes during the pass are read from the webhook's payloads
 * afterwards. A pass that ends half way deletes nothing, and the next one starts over.
 */
export async function runFullPass(run: SyncRun, state: SyncState, reason: PassReason): Promise<void> {
  const startedAt = run.clock.now();
  run.report.kind = 'pass';
  run.report.passReason = reason;
  await requireColumns(run, run.settings.guardColumns);
  const webhook = await ensureWebhook(run, reason === 'webhook-gone');
  const before = await drainBefore(run, state, webhook);
  const isRepeat = state.lastPass?.mappingVersion === run.base.mappingVersion;
  // The first pass changes every page and would need twice the requests; it checks the columns at its start and end.
  const listing = await listEverything(run, startedAt, isRepeat ? 'changes' : 'losses');
  await requireColumns(run, run.settings.guardColumns);
  const deleted = await deleteUnseen(run, listing);
  await run.store.replaceOwners(listing.owners, startedAt);
  await replaceTemplates(run);
  const schema = await readBase(run, (base) => base.readSchema());
  // The listed customers are stored by now; the drain that follows is of the same table.
  if (schema !== null) await run.store.updateState(run.lease, { schemaIds: schema.schemaIds });
  const drained = await drainAfter(run, webhook, before?.cursor ?? webhook?.cursor ?? 1);
  if (before !== null && drained !== null && isRepeat) {
    const changed = [...listing.written, ...deleted];
    run.report.repairs = changed.filter((recordId) => !drained.recordIds.has(recordId)).length;
  }
  await run.lease.renew(run.clock.now());
  await run.store.updateState(run.lease, {
    lastPass: {
      startedAt,
      finishedAt: run.clock.now(),
      customers: listing.customers,
      mappingVersion: run.base.mappingVersion,
    },
    passProgress: null,
    cursor: drained?.cursor ?? null,
    drainedAt: drained?.drainedAt ?? null,
    ownerColumn: schema?.ownerColumn ?? 'unknown',
    lastFailure: null,
  });
}

/**
 * Drains the webhook's pending payloads first, so that the pass does not count their changes as its own repairs. Null
 * where there is no cursor; the pass reads everything anyway.
 */
async function drainBefore(
  run: SyncRun,
  { cursor, drainedAt }: SyncState,
  webhook: LiveWebhook | null,
): Promise<Drained | null> {
  if (webhook === null || !webhook.isKnown || cursor === null || isTooOld(drainedAt, run.clock.now())) {
    return null;
  }
  try {
    return await drainChanges(run, webhook.id, cursor);
  } catch (error) {
    if (error instanceof LeaseLostError || error instanceof RequiredColumnsMissingError) throw error;
    run.report.warnings.push(`The changes before the full pass could not be applied: ${errorMessage(error)}`);
    return null;
  }
}

/** A webhook that stops during the pass is replaced by the next pass. */
async function drainAfter(
  run: SyncRun,
  webhook: LiveWebhook | null,
  cursor: number,
): Promise<Drained | null> {
  if (webhook === null) return null;
  try {
    return await drainChanges(run, webhook.id, cursor);
  } catch (error) {
    if (!(error instanceof WebhookGoneError)) throw error;
    const webhookProblem = `The webhook stopped during the last full pass: ${error.message}`;
    await run.store.updateState(run.lease, { webhookProblem });
    return null;
  }
}

interface Listing {
  /** When the first page was requested: the list holds the records of that time. */
  readonly listedAt: number;
  readonly customers: number;
  /** Record ids of customers that were new or had changed. */
  readonly written: readonly string[];
  readonly owners: ReadonlyMap<string, number>;
  /** Stored customers that the list lacks. */
  readonly unseen: readonly CustomerHead[];
}

async function listEverything(
  run: SyncRun,
  startedAt: number,
  proves: ApplyOptions['proves'],
): Promise<Listing> {
  // Before the list, so that a customer created while it is read does not count as deleted.
  const unseen = new Map<string, CustomerHead>();
  for await (const head of run.store.scanHeads()) unseen.set(head.recordId, head);
  const partitions = new Set<string>();
  for await (const { partition } of run.optOuts.scan()) partitions.add(partition);
  const mayHaveEvents = (customer: Customer) => partitionsOf(customer).some((each) => partitions.has(each));

  const owners = new Map<string, number>();
  const written: string[] = [];
  let customers = 0;
  const writePage = async ({ records, readAt }: RecordPage) => {
    const changed: ReadRecord[] = [];
    for (const record of records) {
      const head = unseen.get(record.recordId);
      unseen.delete(record.recordId);
      const owner = 'mapped' in record ? record.mapped.customer.owner : (head?.owner ?? null);
      if (owner !== null) owners.set(owner, (owners.get(owner) ?? 0) + 1);
      if (head === undefined || !isEqual(run, record, head)) changed.push(record);
    }
    const applied = await applyRecords(
      run,
      { records: changed, readAt },
      { refresh: false, proves, mayHaveEvents },
    );
    const outdated = new Set<string>();
    for (const { customer, outcome } of applied) {
      if (outcome === 'written') written.push(customer.recordId);
      if (outcome === 'outdated') outdated.add(customer.recordId);
    }
    await reconcileTicks(
      run,
      records.flatMap((record) =>
        // Which events apply to a customer is unknown while numbers are missing.
        'mapped' in record && record.mapped.lacksNumbers !== true && !outdated.has(record.recordId)
          ? [record.mapped.customer]
          : [],
      ),
      mayHaveEvents,
    );
    customers += records.length;
    run.report.recordsRead += records.length;
    await run.store.updateState(run.lease, { passProgress: { startedAt, customers } });
  };
  const listedAt = await forEachPage(run, writePage);
  return { listedAt, customers, written, owners, unseen: [...unseen.values()] };
}

function isEqual({ base }: SyncRun, record: ReadRecord, head: CustomerHead): boolean {
  return (
    'mapped' in record && record.mapped.hash === head.hash && head.mappingVersion === base.mappingVersion
  );
}

/** Reads the next page while the previous one is written. Returns when the first page was requested. */
async function forEachPage(run: SyncRun, write: (page: RecordPage) => Promise<void>): Promise<number> {
  let page = await readBase(run, (base) => base.listCustomers(null));
  const listedAt = page.readAt;
  for (;;) {
    const { offset } = page;
    if (offset === null) {
      await write(page);
      return listedAt;
    }
    const [written, next] = await Promise.allSettled([
      write(page),
      readBase(run, (base) => base.listCustomers(offset)),
    ]);
    if (written.status === 'rejected') throw written.reason;
    if (next.status === 'rejected') throw next.reason;
    page = next.value;
  }
}

async function deleteUnseen(run: SyncRun, { unseen, listedAt }: Listing): Promise<string[]> {
  if (unseen.length === 0) return [];
  return removeCustomers(
    run,
    unseen.map(({ recordId }) => ({ recordId, readAt: listedAt, leftAt: listedAt })),
  );
}
