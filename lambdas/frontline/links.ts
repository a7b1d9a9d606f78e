import type { Customer } from '../customers/customer';

/** A link as Frontline shows it. */
export interface Link {
  readonly type: string;
  readonly value: string;
  readonly display_name: string;
}

/** The longest address that mail knows, and a length that every browser takes for a web address. */
const EMAIL_LENGTH = 254;
const ADDRESS_LENGTH = 2_000;
/** A host on the web, and not ".NET" or "none.", which parse as hosts too. */
const NAME_DOT_NAME = /[^.]\.[^.]/;
/** Without what would mean something else in a link: after "?" a mail's other recipients and its text may follow. */
const EMAIL = /^[^\s@<>"/?#%&]+@[^\s@<>"/?#%&]+\.[^\s@<>"/?#%&]+$/;

/** Those of a customer's links that Frontline shows: only `https://` and `mailto:` (twilio.md#response-formats). */
export function linksOf({ linkedin, email }: Customer): Link[] {
  const profile = linkedin && httpsAddress(linkedin);
  return [
    ...(profile ? [{ type: 'LinkedIn', value: profile, display_name: 'LinkedIn profile' }] : []),
    ...(email && email.length <= EMAIL_LENGTH && EMAIL.test(email)
      ? [{ type: 'Email', value: `mailto:${email}`, display_name: email }]
      : []),
  ];
}

/** People paste addresses with http, with nothing in front, or something else: https, or null where it is none. */
function httpsAddress(text: string): string | null {
  const address = /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(text)
    ? text.replace(/^http:/i, 'https:')
    : `https://${text}`;
  const url = URL.canParse(address) ? new URL(address) : null;
  return url?.protocol === 'https:' && NAME_DOT_NAME.test(url.hostname) && url.href.length <= ADDRESS_LENGTH
    ? url.href
    : null;
}
