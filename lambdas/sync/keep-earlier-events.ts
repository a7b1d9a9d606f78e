import { forEachAtOnce } from '../concurrency/at-once';
import type { MappedCustomer } from '../customers/customer';
import { optedOutChannels } from '../opt-out/opt-out-store';
import { spellingsOf } from '../phone-number/address';
import type { StoredCustomer } from '../replica/replica-store';
import type { SyncRun } from './sync-run';

/** A customer who is about to be written. */
export interface Arriving {
  readonly mapped: MappedCustomer;
  /** Null for a customer who is new to the replica. */
  readonly stored: StoredCustomer | null;
}

const QUERIES_AT_ONCE = 16;
/** Twilio, Airtable and Lambda each have their own clock. */
const CLOCKS_DIFFER_MS = 10_000;

/**
 * An opt-out may come from a number before the replica knows that the customer has it: during the first pass, or
 * between two drains. It belongs to the customer like any other, so it is also kept under the record id, and stays with
 * the customer when the number changes. An event from before the replica last saw the record without the number, or
 * before the record was created, concerns the number's previous holder; it stays under the number only.
 * @param mayHaveEvents skips looking for the events of customers who have none.
 */
export async function keepEarlierEvents(
  { optOuts, store }: SyncRun,
  arriving: readonly Arriving[],
  mayHaveEvents: (customer: MappedCustomer['customer']) => boolean,
): Promise<void> {
  const gaining = arriving.flatMap(({ mapped: { customer }, stored }) => {
    const gained = customer.addressKeys.filter((key) => !stored?.addressKeys.includes(key));
    return gained.length > 0 && mayHaveEvents(customer) ? [{ customer, stored, gained }] : [];
  });
  if (gaining.length === 0) return;
  const { drainedAt, lastPass } = await store.readState();
  // Since then the replica has known every customer.
  const knownAt = Math.max(drainedAt ?? 0, lastPass?.startedAt ?? 0);
  await forEachAtOnce(gaining, QUERIES_AT_ONCE, async ({ customer, stored, gained }) => {
    const unknownSince =
      stored === null ? Date.parse(customer.createdTime) || 0 : Math.max(stored.readAt, knownAt);
    const since = unknownSince - CLOCKS_DIFFER_MS;
    const events = (await optOuts.eventsOf(gained.flatMap(spellingsOf))).filter(
      // An event whose time cannot be read counts.
      ({ at }) => !(Date.parse(at) < since),
    );
    const optedOut = optedOutChannels(events);
    for (const event of events) {
      if (event.kind === 'opt-out' && optedOut.has(event.channel)) {
        await optOuts.recordFor([customer.recordId], event);
      }
    }
  });
}
