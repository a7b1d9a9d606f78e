import { displayName } from '../customers/customer';
import type { CustomerRepository } from '../customers/customer-repository';
import type { Address } from '../phone-number/address';
import { addMissing } from '../twilio/attributes';
import type { TwilioConversation } from '../twilio/conversation';

/**
 * Sets `customer_id` on the participant; without it the app cannot open the customer's details
 * (twilio.md#response-formats). Existing attributes are kept.
 */
export async function introduceCustomer(
  conversation: TwilioConversation,
  participantSid: string,
  address: Address,
  customers: Pick<CustomerRepository, 'findByAddress'>,
): Promise<void> {
  const [customer] = await customers.findByAddress([address]);
  if (customer === undefined) return;
  const { attributes } = await conversation.participant(participantSid);
  const introduced = addMissing(attributes ?? '', {
    customer_id: customer.id,
    display_name: displayName(customer),
    avatar: customer.avatar,
  });
  if (introduced !== null) await conversation.setParticipantAttributes(participantSid, introduced);
}
