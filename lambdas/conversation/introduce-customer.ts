import { displayName } from '../customer-directory/customer';
import type { CustomerDirectory } from '../customer-directory/customer-directory';
import type { Address } from '../phone-number/address';
import { addMissing } from '../twilio/attributes';
import type { TwilioConversation } from '../twilio/conversation';

/**
 * Tells Frontline who a participant is, for without `customer_id` the app cannot open the customer's details
 * (Twilio contract 2). What the participant's attributes say already stays.
 */
export async function introduceCustomer(
  conversation: TwilioConversation,
  participantSid: string,
  address: Address,
  directory: CustomerDirectory,
): Promise<void> {
  const [customer] = await directory.findByAddress([address]);
  if (customer === undefined) return;
  const { attributes } = await conversation.participant(participantSid);
  const introduced = addMissing(attributes ?? '', {
    customer_id: customer.id,
    display_name: displayName(customer),
    avatar: customer.avatar,
  });
  if (introduced !== null) await conversation.setParticipantAttributes(participantSid, introduced);
}
