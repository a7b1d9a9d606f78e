import { BadRequest } from '../errors/errors';
import { addressesOf, type Customer, displayName } from './customer';
import type { CustomerRepository, NewCustomer } from './customer-repository';

/**
 * Adds a customer, unless there is one with such a number: a number that two customers share cannot be routed.
 * A request that comes twice, as after a lost answer, gets the customer that the first one made.
 * @throws {BadRequest} with words for the worker, when the number is taken.
 */
export async function addCustomer(directory: CustomerRepository, wanted: NewCustomer): Promise<Customer> {
  const [taken] = await directory.findByAddress(addressesOf(wanted));
  if (taken === undefined) return directory.createCustomer(wanted);
  if (taken.owner === wanted.owner && isSame(taken, wanted)) return taken;
  const whose =
    taken.owner === wanted.owner ? `your customer ${displayName(taken)}` : "a colleague's customer";
  throw new BadRequest('parameter', 'Channels holds a number that another customer has', {
    forWorker: `This number belongs to ${whose} already.`,
  });
}

function isSame(customer: Customer, wanted: NewCustomer): boolean {
  return (
    customer.name === wanted.name && customer.sms === wanted.sms && customer.whatsapp === wanted.whatsapp
  );
}
