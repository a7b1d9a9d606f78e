import type { Customer } from '../customers/customer';
import { visibleCustomer } from '../customers/visible-customer';
import { talksWith } from '../twilio/shared-conversations';
import type { Callback } from './callback-context';
import { openCustomerRepository } from './open-customer-repository';

/**
 * The customer with this id whom the worker may open.
 * @param conversationSid the conversation that the worker looks at, where Frontline says it
 * @throws {NotFound} alike for a customer who does not exist and for one who is hidden.
 */
export async function openVisibleCustomer(
  id: string,
  worker: string,
  conversationSid: string | null,
  callback: Callback,
): Promise<Customer> {
  const customer = await visibleCustomer(id, worker, {
    customers: openCustomerRepository(callback),
    visibility: callback.configuration.customerVisibility,
    talksWith: (identity, found) => talksWith(identity, found, conversationSid, callback),
    warn: (message) => callback.journal.warn(message),
  });
  return customer;
}
