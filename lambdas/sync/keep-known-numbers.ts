import type { MappedCustomer } from '../customers/customer';
import type { StoredCustomer } from '../replica/replica-store';

/**
 * A number cell that holds a formula's error, or links to records, is not blank. The customer keeps the numbers that
 * the replica knows; otherwise an opt-out that a person ticked would apply to no number.
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
