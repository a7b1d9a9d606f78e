import type { Customer } from '../../customers/customer';
import { errorMessage, ServiceUnavailableError } from '../../errors';
import type { Address } from '../../phone-number/address';
import type { Inbox } from '../open-inbox';

/**
 * The customers at some addresses. Where the replica cannot be read, none: chats are then shown by their numbers.
 * @returns a function that finds the customer at one of the addresses
 */
export async function customersAt(
  addresses: readonly Address[],
  { customers, request }: Pick<Inbox, 'customers' | 'request'>,
): Promise<(address: Address) => Customer | null> {
  try {
    return await knownCustomersAt(addresses, { customers });
  } catch (error) {
    if (!(error instanceof ServiceUnavailableError)) throw error;
    request.requestLog.warn(`Chats are shown by their numbers: ${errorMessage(error)}`);
    return () => null;
  }
}

/** The same, for a decision. @throws {ServiceUnavailableError} where the replica cannot be read */
export async function knownCustomersAt(
  addresses: readonly Address[],
  { customers }: Pick<Inbox, 'customers'>,
): Promise<(address: Address) => Customer | null> {
  if (addresses.length === 0) return () => null;
  const found = await customers.findByAddress(addresses);
  return ({ key }) => found.find(({ addressKeys }) => addressKeys.includes(key)) ?? null;
}
