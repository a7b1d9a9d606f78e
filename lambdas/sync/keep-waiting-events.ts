import type { MappedCustomer } from '../customers/customer';
import { digitTailOf, parseAddress } from '../phone-number/address';
import type { StoredCustomer } from '../replica/replica-store';
import type { SyncRun } from './sync-run';

/** A customer whose number is about to change. */
export interface Moving {
  readonly stored: StoredCustomer;
  readonly mapped: MappedCustomer;
}

/**
 * An event in the outbox belongs to the customers who had the address when it arrived. Before a customer loses the
 * address, the event is copied under the record id, because the outbox would no longer find the customer.
 */
export async function keepWaitingEvents({ optOuts }: SyncRun, changes: readonly Moving[]): Promise<void> {
  const moving = changes.filter(losesAddress);
  if (moving.length === 0) return;
  for (const { address, event } of await optOuts.listPending()) {
    const key = parseAddress(address)?.key;
    if (key === undefined) continue;
    const tail = event.kind === 'opt-out' ? digitTailOf(key) : null;
    const recordIds = moving.flatMap(({ stored }) =>
      stored.addressKeys.includes(key) || (tail !== null && stored.digitTails.includes(tail))
        ? [stored.recordId]
        : [],
    );
    if (recordIds.length > 0) await optOuts.recordFor(recordIds, event);
  }
}

/** Whether the change removes something by which the customer is found now. */
export function losesAddress({ stored, mapped: { customer } }: Moving): boolean {
  return (
    stored.addressKeys.some((key) => !customer.addressKeys.includes(key)) ||
    stored.digitTails.some((tail) => !customer.digitTails.includes(tail))
  );
}
