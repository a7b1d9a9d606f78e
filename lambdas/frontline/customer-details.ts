import { parseUrl } from '../characters/parse-url';
import { shorten } from '../characters/visible-text';
import { addressesOf, type Customer, displayName } from '../customers/customer';

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

/** A link as Frontline shows it. */
export interface Link {
  readonly type: string;
  readonly value: string;
  readonly display_name: string;
}

/** The longest valid e-mail address, and a length that every browser accepts for a URL. */
const EMAIL_LENGTH = 254;
const ADDRESS_LENGTH = 2_000;
/** A host on the web, unlike ".NET" or "none.", which also parse as hosts. */
const NAME_DOT_NAME = /[^.]\.[^.]/;
/** Excludes characters with a meaning in a link: after "?" more recipients and a text may follow. */
const EMAIL = /^[^\s@<>"/?#%&]+@[^\s@<>"/?#%&]+\.[^\s@<>"/?#%&]+$/;

/** The customer's links that Frontline shows: only `https://` and `mailto:` (twilio.md#response-formats). */
export function linksOf({ linkedin, email }: Customer): Link[] {
  const profile = linkedin && httpsAddress(linkedin);
  return [
    ...(profile ? [{ type: 'LinkedIn', value: profile, display_name: 'LinkedIn profile' }] : []),
    ...(email && email.length <= EMAIL_LENGTH && EMAIL.test(email)
      ? [{ type: 'Email', value: `mailto:${email}`, display_name: email }]
      : []),
  ];
}

/** Normalizes a pasted address, with http, no scheme or another text, to https; null if it is not a web address. */
function httpsAddress(text: string): string | null {
  const address = /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(text)
    ? text.replace(/^http:/i, 'https:')
    : `https://${text}`;
  const url = parseUrl(address);
  return url?.protocol === 'https:' && NAME_DOT_NAME.test(url.hostname) && url.href.length <= ADDRESS_LENGTH
    ? url.href
    : null;
}
