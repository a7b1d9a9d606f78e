import { forEachAtOnce } from '../concurrency/at-once';
import { optedOutChannels, type PendingOptOut, partitionsOf } from '../opt-out/opt-out-store';
import { digitTailOf, parseAddress } from '../phone-number/address';
import type { StoredCustomer } from '../replica/replica-store';
import { applyRecords } from './apply-records';
import type { SyncRun } from './sync-run';
import { writeTicks } from './write-ticks';

const QUERIES_AT_ONCE = 16;

/**
 * Writes the events that Airtable does not have yet into the base: customer by customer, as the state that results from
 * all their events, so that order and repeats do not matter. An event leaves the outbox once every customer at its
 * address is right in Airtable; a cell that Airtable rejects does not block other customers.
 */
export async function applyOutbox(run: SyncRun): Promise<void> {
  const pending = await run.optOuts.listPending();
  if (pending.length > 0) await applyPending(run, pending);
}

async function applyPending(run: SyncRun, pending: readonly PendingOptOut[]): Promise<void> {
  const customersAt = await findCustomers(run, pending);
  await copyEvents(run, pending, customersAt);
  const recordIds = new Set([...customersAt.values()].flatMap(({ possible }) => possible));
  const { tick, untick } = await decide(run, [...recordIds]);
  const results = [await writeTicks(run, tick, true), await writeTicks(run, untick, false)];
  const failures = new Map(results.flatMap((result) => [...result.failures]));
  await run.lease.renew(run.clock.now());
  for (const each of pending) {
    const isRight = customersAt.get(each.address)?.possible.every((recordId) => !failures.has(recordId));
    if (isRight ?? true) await run.optOuts.settle(each);
  }
  for (const [recordId, reason] of failures) run.report.recordFaults.set(recordId, reason);
  for (const records of results.flatMap(({ reread }) => reread)) {
    await applyRecords(run, records, { refresh: true, proves: 'changes' });
  }
}

interface CustomersAt {
  /** Record ids of customers who have the address. */
  readonly exact: readonly string[];
  /** As `exact`, and also those whose number is unreadable but has the same last digits. */
  readonly possible: readonly string[];
}

async function findCustomers(
  { store }: SyncRun,
  pending: readonly PendingOptOut[],
): Promise<ReadonlyMap<string, CustomersAt>> {
  const found = new Map<string, CustomersAt>();
  const addresses = [...new Set(pending.map(({ address }) => address))];
  await forEachAtOnce(addresses, QUERIES_AT_ONCE, async (text) => {
    const address = parseAddress(text);
    if (address === null) return;
    const tail = digitTailOf(address.key);
    const exact = await store.recordIdsAt([address.key], []);
    const possible = tail === null ? exact : await store.recordIdsAt([address.key], [tail]);
    found.set(text, { exact, possible });
  });
  return found;
}

/**
 * Also keeps each event under the record ids, so that an opt-out stays with the customer when the number changes. A
 * START applies only to those who certainly have the number.
 */
async function copyEvents(
  { optOuts }: SyncRun,
  pending: readonly PendingOptOut[],
  customersAt: ReadonlyMap<string, CustomersAt>,
): Promise<void> {
  await forEachAtOnce(pending, QUERIES_AT_ONCE, async ({ address, event }) => {
    const customers = customersAt.get(address);
    const recordIds = event.kind === 'opt-out' ? customers?.possible : customers?.exact;
    if (recordIds !== undefined && recordIds.length > 0) await optOuts.recordFor(recordIds, event);
  });
}

/**
 * The records whose cell must be ticked or unticked. Airtable may have it so already, because the replica may be
 * behind. Only sync's own ticks are ever removed.
 */
async function decide(
  { store, optOuts }: SyncRun,
  recordIds: readonly string[],
): Promise<{ readonly tick: readonly string[]; readonly untick: readonly string[] }> {
  const tick: string[] = [];
  const untick: string[] = [];
  const stored: StoredCustomer[] = [...(await store.customersByRecordId(recordIds)).values()];
  const ownTicks = await optOuts.ownTicks(stored.map(({ recordId }) => recordId));
  await forEachAtOnce(stored, QUERIES_AT_ONCE, async ({ customer, recordId }) => {
    const isOptedOut = optedOutChannels(await optOuts.eventsOf(partitionsOf(customer))).size > 0;
    if (isOptedOut) tick.push(recordId);
    else if (ownTicks.has(recordId)) untick.push(recordId);
  });
  return { tick, untick };
}
