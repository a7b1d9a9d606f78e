import type { CustomerRepository } from '../customers/customer-repository';
import { NotAllowed } from '../errors/errors';
import type { TwilioConversation } from '../twilio/conversation';

/**
 * Refuses a worker's message to a conversation with a customer who opted out; one without a record has not.
 * Where it cannot be learned, the error refuses the message too: it can be sent again, an unlawful one not be unsent.
 * @throws {NotAllowed}
 */
export async function refuseOptedOut(
  conversation: TwilioConversation,
  directory: CustomerRepository,
): Promise<void> {
  const addresses = await conversation.customerAddresses();
  if (addresses.length === 0) return;
  const customers = await directory.findByAddress(addresses);
  if (customers.some(({ optedOut }) => optedOut)) {
    throw new NotAllowed('The customer opted out of messages', {
      forWorker: 'This customer has opted out, so the message was not sent.',
    });
  }
}
