import { NotFoundError } from '../errors';
import type { Customer } from './customer';
import type { CustomerRepository } from './customer-repository';

/** The data sources for whether a worker may open a customer. */
export interface VisibilityMeans {
  readonly customers: Pick<CustomerRepository, 'customersWithId'>;
  readonly visibility: 'owner' | 'team';
  /** Whether the worker takes part in an open conversation with one of the customer's addresses. */
  readonly talksWith: (worker: string, customer: Customer) => Promise<boolean>;
  readonly warn: (message: string) => void;
}

/**
 * The customer with this id, if the worker may open its details and templates: the worker's own, one without an owner,
 * and a colleague's only while the worker takes part in an open conversation with them. With the visibility `team`,
 * any. Of several with one id, the worker's own comes first, then the oldest that the worker may open.
 * @throws {NotFoundError} both for a customer who does not exist and for one who is hidden.
 */
export async function visibleCustomer(id: string, worker: string, means: VisibilityMeans): Promise<Customer> {
  const customers = await means.customers.customersWithId(id);
  if (customers.length > 1) {
    means.warn(`Several customers share the id ${id}; using the worker's own, else the oldest`);
  }
  const own = customers.find(({ owner }) => owner === worker);
  if (own !== undefined) return own;
  for (const customer of customers) {
    const isOpen = means.visibility === 'team' || customer.owner === null;
    if (isOpen || (await means.talksWith(worker, customer))) return customer;
  }
  if (customers.length > 0) means.warn(`Customer ${id} belongs to a colleague; see CUSTOMER_VISIBILITY`);
  throw new NotFoundError(`No customer has the id ${id}`, {
    userMessage: 'You have no such customer any more. Pull down to load the list again.',
  });
}
