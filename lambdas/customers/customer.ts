import { shorten } from '../characters/visible-text';
import { type Address, type AddressKey, addressOn, type E164Number } from '../phone-number/address';

/** The part of a customer that a list shows. */
export interface CustomerSummary {
  /** Frontline's `customer_id`: the `id` column's text where it is filled and short enough, else the record id. */
  readonly id: string;
  /** Null where the team has not filled it in, or where none of it is visible. */
  readonly name: string | null;
  /** An absolute web address of an image. */
  readonly avatar: string | null;
}

/**
 * The value of a customer's `opt_out` cell. `unclear` is a text that is neither a yes nor a no: it counts as opted out
 * until a person clears it.
 */
export type OptOutCell = 'yes' | 'no' | 'unclear';

/** A customer, independent of the types of the team's columns. */
export interface Customer extends CustomerSummary {
  /** Airtable's record id. */
  readonly recordId: string;
  /** When the record was created, ISO 8601; blank where Airtable does not say. Among equals the oldest comes first. */
  readonly createdTime: string;
  /** The number to write to by SMS. Null where the cell is blank, unreadable, or holds several. */
  readonly sms: E164Number | null;
  /** The number, or WhatsApp user id, to write to by WhatsApp, without `whatsapp:`. Null as for `sms`. */
  readonly whatsapp: string | null;
  readonly email: string | null;
  readonly linkedin: string | null;
  readonly notes: string | null;
  /** The identity of the worker who owns this customer. */
  readonly owner: string | null;
  readonly optOutCell: OptOutCell;
  /** Keys of every address in the number cells, including cells with several. */
  readonly addressKeys: readonly AddressKey[];
  /**
   * The last seven digits of each run of digits in an unreadable number cell. Used only for the opt-out guard and for
   * STOP.
   */
  readonly digitTails: readonly string[];
  /** Every column with a displayable text, by its name: the data that templates are filled from. */
  readonly columns: ReadonlyMap<string, string>;
}

/** A customer mapped from one record, with everything that the replica stores about it. */
export interface MappedCustomer {
  readonly customer: Customer;
  /** Hash of the record's content without attachment links: equal content is not written again. */
  readonly hash: string;
  /** Whether the avatar is an attachment's link, which expires two hours after it was read. */
  readonly avatarExpires: boolean;
  /** Folded name for search and order, and the searchable digits. The store truncates them to fit into keys. */
  readonly sortName: string;
  readonly searchName: string;
  readonly searchDigits: string;
  readonly mappingVersion: string;
  /** Whether a number cell holds something that is not text, such as a formula's error: numbers may be missing. */
  readonly lacksNumbers?: boolean;
}

/** How the `owner` column stores a worker. */
export type OwnerColumn = 'text' | 'collaborator' | 'unknown';

/** Twilio's maximum length of a conversation's name (twilio.md#response-formats). */
const NAME_LENGTH = 256;

/** The name to display for a customer, whose own name may be blank or very long. */
export function displayName({ id, name }: CustomerSummary): string {
  return shorten(name ?? `Customer ${id}`, NAME_LENGTH);
}

/** The addresses at which a customer can receive messages. */
export function addressesOf({ sms, whatsapp }: Pick<Customer, 'sms' | 'whatsapp'>): Address[] {
  return [
    ...(sms === null ? [] : [addressOn('sms', sms)]),
    ...(whatsapp === null ? [] : [addressOn('whatsapp', whatsapp)]),
  ];
}
