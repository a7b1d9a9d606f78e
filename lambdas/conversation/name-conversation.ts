import { type Customer, displayName } from '../customers/customer';
import type { CustomerRepository } from '../customers/customer-repository';
import { type Address, withoutChannel } from '../phone-number/address';
import { addMissing } from '../twilio/attributes';
import type { TwilioConversation } from '../twilio/conversation';

/** The fields that a response to onConversationAdd may set (twilio.md#webhook-semantics). */
export interface ConversationName {
  readonly friendly_name?: string;
  readonly attributes?: string;
}

/** The name and avatar of a conversation that a customer begins; the bare number for an unknown customer. */
export async function nameFor(
  address: Address,
  attributes: string,
  customers: Pick<CustomerRepository, 'findByAddress'>,
): Promise<ConversationName> {
  const customer = await customerAt(address, customers);
  if (customer === undefined) return bareName(address);
  const withAvatar = addMissing(attributes, { avatar: customer.avatar });
  return { friendly_name: displayName(customer), ...(withAvatar !== null && { attributes: withAvatar }) };
}

/** The number or WhatsApp user id, for a customer who is unknown or could not be looked up. */
export function bareName({ text }: Address): ConversationName {
  return { friendly_name: withoutChannel(text) };
}

/** Sets a conversation's name and avatar if they are not set, for example if the pre-event is not configured. */
export async function nameConversation(
  conversation: TwilioConversation,
  address: Address,
  customers: Pick<CustomerRepository, 'findByAddress'>,
): Promise<void> {
  const customer = await customerAt(address, customers);
  if (customer === undefined) return;
  const present = await conversation.read();
  const attributes = addMissing(present.attributes ?? '', { avatar: customer.avatar });
  if (present.friendly_name && attributes === null) return;
  await conversation.update({
    ...(!present.friendly_name && { FriendlyName: displayName(customer) }),
    ...(attributes !== null && { Attributes: attributes }),
  });
}

async function customerAt(
  address: Address,
  customers: Pick<CustomerRepository, 'findByAddress'>,
): Promise<Customer | undefined> {
  const [customer] = await customers.findByAddress([address]);
  return customer;
}
