import { shorten } from '../characters/visible-text';
import { addressesOf, type Customer, displayName } from '../customers/customer';
import { linksOf } from './links';

/** Longer notes would leave too little of the 64 kB that a response may have. */
const NOTES_LENGTH = 8_000;

/** A customer as Frontline's details screen shows one; empty columns are left out (twilio.md#response-formats). */
export function customerDetails(customer: Customer, optedOut: boolean) {
  return {
    customer_id: customer.id,
    display_name: displayName(customer),
    channels: addressesOf(customer).map((address) => ({
      type: address.channel,
      value: address.text,
    })),
    links: linksOf(customer),
    details: { title: 'About', content: aboutText(customer, optedOut) },
    ...(customer.avatar !== null && { avatar: customer.avatar }),
  };
}

function aboutText({ notes }: Customer, optedOut: boolean): string {
  const optOut = optedOut ? 'Opted out: yes. Messages to this customer are blocked.' : 'Opted out: no';
  return notes === null ? optOut : `${shorten(notes, NOTES_LENGTH)}\n\n${optOut}`;
}
