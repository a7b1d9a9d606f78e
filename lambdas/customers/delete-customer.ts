import { BadRequestError, NotFoundError } from '../errors';
import type { CustomerRepository, CustomerWriter } from './customer-repository';

/**
 * Deletes a worker's own customer.
 * @throws {NotFoundError} where the worker has no such customer.
 * @throws {BadRequestError} where the worker has several with this id: none is deleted.
 */
export async function deleteCustomer(
  id: string,
  worker: string,
  customers: Pick<CustomerRepository, 'customersWithId'>,
  writer: Pick<CustomerWriter, 'deleteCustomer'>,
): Promise<void> {
  const own = (await customers.customersWithId(id)).filter(({ owner }) => owner === worker);
  const [customer, ...others] = own;
  if (customer === undefined) {
    throw new NotFoundError(`${worker} has no customer with the id ${id}`, {
      userMessage: 'You have no such customer any more. Pull down to load the list again.',
    });
  }
  if (others.length > 0) {
    throw new BadRequestError(
      'parameter',
      `CustomerId ${id} is the id of more than one customer: none is deleted`,
      {
        userMessage: 'Two customers share this id, so none was deleted. Please tell them apart in Airtable.',
      },
    );
  }
  await writer.deleteCustomer(customer);
}
