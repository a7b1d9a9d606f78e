import type { Customer } from '../customers/customer';
import { visibleCustomer } from '../customers/visible-customer';
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
