import type { Customer } from '../../customers/customer';
import { visibleCustomer } from '../../customers/visible-customer';
import { NotFoundError } from '../../errors';
import { recordsOf } from '../chats/chat-detail';
import { InboxError } from '../inbox-error';
import { presentWorkers } from '../index/chat-record';
import type { Inbox } from '../open-inbox';
import type { WorkerRecord } from '../store/worker-store';

/**
 * The customer with this id, if the worker may open it: by the same rule as in Frontline. Whether the worker is in a
 * chat with a colleague's customer, the index says.
 * @throws {InboxError} not-found alike for a customer who does not exist and for one who is hidden.
 */
export async function openCustomer(inbox: Inbox, worker: WorkerRecord, id: string): Promise<Customer> {
  const { configuration, requestLog } = inbox.request;
  try {
    return await visibleCustomer(id, worker.identity, {
      customers: inbox.customers,
      visibility: configuration.customerVisibility,
      talksWith: async (identity, customer) => {
        const chats = await recordsOf(inbox, customer, []);
        return chats.some((chat) => !chat.isClosed && presentWorkers(chat).includes(identity));
      },
      warn: (message) => requestLog.warn(message),
    });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new InboxError('not-found', 'You have no such customer any more.', { cause: error });
  }
}
