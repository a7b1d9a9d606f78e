import type { Customer } from '../customers/customer';
import type { CustomerRepository } from '../customers/customer-repository';
import { NotFoundError } from '../errors';
import { talksWith } from '../twilio/shared-conversations';
import { openCustomerRepository } from './open-customer-repository';
import type { RequestContext } from './request-context';

/**
 * The customer with this id, if the worker may open it.
 * @param conversationSid the conversation that the worker looks at, if Frontline sends it
 * @throws {NotFoundError} alike for a customer who does not exist and for one who is hidden.
 */
export async function openVisibleCustomer(
  id: string,
  worker: string,
  conversationSid: string | null,
  callback: RequestContext,
): Promise<Customer> {
  const customer = await visibleCustomer(id, worker, {
    customers: openCustomerRepository(callback),
    visibility: callback.configuration.customerVisibility,
    talksWith: (identity, found) => talksWith(identity, found, conversationSid, callback),
    warn: (message) => callback.requestLog.warn(message),
  });
  return customer;
}

/** The data sources for whether a worker may open a customer. */
interface VisibilityMeans {
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
async function visibleCustomer(id: string, worker: string, means: VisibilityMeans): Promise<Customer> {
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
