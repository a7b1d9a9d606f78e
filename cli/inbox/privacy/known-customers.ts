import type { Environment } from '../../../lambdas/config';
import { isKnownError } from '../../../lambdas/errors';
import { type Address, spellingsOf } from '../../../lambdas/phone-number/address';
import { openDeployedStores } from '../../opt-outs/opt-out-stores';

/** A customer in Airtable who has an address. */
export interface KnownCustomer {
  readonly name: string;
  /** The other addresses, one spelling of each. */
  readonly otherAddresses: readonly string[];
}

/**
 * The customers with an address, as the replica has them.
 * @returns null where the replica cannot be read, because they are only a hint
 */
export async function knownCustomers(
  { key }: Address,
  environment: Environment,
): Promise<readonly KnownCustomer[] | null> {
  try {
    const { replica } = await openDeployedStores(environment);
    const customers = await replica.customersByRecordId(await replica.recordIdsAt([key], []));
    return [...customers.values()].map(({ customer, recordId }) => ({
      name: customer.name ?? `record ${recordId}`,
      otherAddresses: customer.addressKeys.flatMap((other) =>
        other === key ? [] : spellingsOf(other).slice(0, 1),
      ),
    }));
  } catch (error) {
    if (!isKnownError(error)) throw error;
    return null;
  }
}
