import { type Customer, displayName } from '../customers/customer';
import type { CustomerRepository } from '../customers/customer-repository';
import type { Address } from '../phone-number/address';
import { addMissing } from '../twilio/attributes';
import type { TwilioConversation } from '../twilio/conversation';

/** What Twilio lets the answer to onConversationAdd set (Twilio contract 6.1). */
export interface ConversationName {
  readonly friendly_name?: string;
  readonly attributes?: string;
}

/** The name and avatar for a conversation that a customer begins; the bare number of one whom nobody knows. */
export async function nameFor(
  address: Address,
  attributes: string,
  directory: CustomerRepository,
): Promise<ConversationName> {
  const customer = await customerAt(address, directory);
  if (customer === undefined) return { friendly_name: address.number };
  const withAvatar = addMissing(attributes, { avatar: customer.avatar });
  return { friendly_name: displayName(customer), ...(withAvatar !== null && { attributes: withAvatar }) };
}

/** Sets a conversation's name and avatar where nobody has, as when the pre-event is not configured. */
export async function nameConversation(
  conversation: TwilioConversation,
  address: Address,
  directory: CustomerRepository,
): Promise<void> {
  const customer = await customerAt(address, directory);
  if (customer === undefined) return;
  const present = await conversation.read();
  const attributes = addMissing(present.attributes ?? '', { avatar: customer.avatar });
  if (present.friendly_name && attributes === null) return;
  await conversation.update({
    ...(!present.friendly_name && { FriendlyName: displayName(customer) }),
    ...(attributes !== null && { Attributes: attributes }),
  });
}

async function customerAt(address: Address, directory: CustomerRepository): Promise<Customer | undefined> {
  const [customer] = await directory.findByAddress([address]);
  return customer;
}
