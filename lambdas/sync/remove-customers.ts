import { MAX_PAGE_SIZE } from '../airtable/airtable-client';
import { forEachAtOnce, inBatches } from '../concurrency/at-once';
import { handTickEvents, isTickedByHand } from '../opt-out/hand-tick';
import type { StoredCustomer } from '../replica/replica-store';
import { requireColumns } from './required-columns';
import type { SyncRun } from './sync-run';

/** A record that is gone from the base. */
export interface Leaving {
  readonly recordId: string;
  /** When the request that showed it was sent. */
  readonly readAt: number;
  /** When the record left, as exactly as is known. */
  readonly leftAt: number;
}

const DELETIONS_AT_ONCE = 24;

/**
 * Removes records that are gone from the base. A tick that a person set becomes an event under the customer's addresses
 * before the customer goes.
 * @returns the record ids of the customers that were deleted.
 * @throws {RequiredColumnsMissingError} before anything is deleted.
 */
export async function removeCustomers(run: SyncRun, leaving: readonly Leaving[]): Promise<string[]> {
  const deleted: string[] = [];
  let isProven = false;
  for (const batch of inBatches(leaving, MAX_PAGE_SIZE)) {
    const stored = await run.store.customersByRecordId(batch.map(({ recordId }) => recordId));
    if (stored.size === 0) continue;
    if (!isProven) await requireColumns(run, run.settings.guardColumns);
    isProven = true;
    await run.lease.renew(run.clock.now());
    const leavingNow = batch.flatMap(({ recordId, readAt }) => {
      const customer = stored.get(recordId);
      return customer === undefined || customer.readAt >= readAt ? [] : customer.customer;
    });
    if (leavingNow.length > 0) await run.beforeRemoval?.(leavingNow);
    const ownTicks = await run.optOuts.ownTicks([...stored.keys()]);
    await forEachAtOnce(batch, DELETIONS_AT_ONCE, async (each) => {
      const customer = stored.get(each.recordId);
      if (customer === undefined || customer.readAt >= each.readAt) return;
      await keepHandTick(run, customer, ownTicks.has(each.recordId), each.leftAt);
      const outcome = await run.store.deleteCustomer(each.recordId, each.readAt, run.clock.now());
      if (outcome === 'deleted') deleted.push(each.recordId);
    });
  }
  run.report.customersDeleted += deleted.length;
  return deleted;
}

async function keepHandTick(
  { optOuts }: SyncRun,
  { customer }: StoredCustomer,
  isOwnTick: boolean,
  leftAt: number,
): Promise<void> {
  if (!isTickedByHand(customer, isOwnTick)) return;
  for (const { address, event } of handTickEvents(customer, leftAt)) await optOuts.record(address, event);
}
