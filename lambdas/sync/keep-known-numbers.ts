import type { StoredCustomer } from '../replica/replica-store';
import type { MappedCustomer } from './sync-base';

/**
 * A number cell that holds a formula's error, or links to records, is not blank: the customer goes on being found by
 * the numbers that the replica knows, or an opt-out that a person ticked would count for no number.
 */
export function keepKnownNumbers(mapped: MappedCustomer, stored: StoredCustomer | undefined): MappedCustomer {
  if (stored === undefined || mapped.lacksNumbers !== true) return mapped;
  const { customer } = mapped;
  return {
    ...mapped,
    customer: {
      ...customer,
      addressKeys: [...new Set([...customer.addressKeys, ...stored.addressKeys])],
      digitTails: [...new Set([...customer.digitTails, ...stored.digitTails])],
    },
  };
}
