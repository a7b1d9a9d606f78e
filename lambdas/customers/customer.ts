import { type Address, type AddressKey, addressOn, type E164Number } from '../phone-number/address';
import { shorten } from './shorten';

/** What a list shows of a customer. */
export interface CustomerSummary {
  /** Frontline's `customer_id`: the `id` column's text where it is filled and short enough, else the record id. */
  readonly id: string;
  /** Null where the team has not filled it in, or where nothing of it can be seen. */
  readonly name: string | null;
  /** An absolute web address of an image. */
  readonly avatar: string | null;
}

/**
 * How a customer's `opt_out` cell reads. `unclear` is a text that is neither a yes nor a no: it counts as opted out
 * until a person clears it.
 */
export type OptOutCell = 'yes' | 'no' | 'unclear';

/** A customer as the rest of the code sees one, whatever the types of the team's columns. */
export interface Customer extends CustomerSummary {
  /** Airtable's record id. */
  readonly recordId: string;
  /** When the record was created, ISO 8601; blank where Airtable does not say. The oldest of equals comes first. */
  readonly createdTime: string;
  /** The number to write to by SMS. Null where the cell is blank, unreadable, or holds several. */
  readonly sms: E164Number | null;
  /** The number, or WhatsApp user id, to write to by WhatsApp, without `whatsapp:`. Null as for `sms`. */
  readonly whatsapp: string | null;
  readonly email: string | null;
  readonly linkedin: string | null;
  readonly notes: string | null;
  /** The identity of the worker whose customer this is. */
  readonly owner: string | null;
  readonly optOutCell: OptOutCell;
  /** Keys of every address that the number cells hold, also of cells that hold several. */
  readonly addressKeys: readonly AddressKey[];
  /**
   * The last seven digits of each run of digits in a number cell that cannot be read. They count for the opt-out
   * guard and for STOP only.
   */
  readonly digitTails: readonly string[];
  /** Every column that has a text to show, by its name: what templates are filled from. */
  readonly columns: ReadonlyMap<string, string>;
}

/** Twilio takes no longer name for a conversation (twilio.md#response-formats). */
const NAME_LENGTH = 256;

/** How to call a customer whose name may be blank, or a novel. */
export function displayName({ id, name }: CustomerSummary): string {
  return shorten(name ?? `Customer ${id}`, NAME_LENGTH);
}

/** The addresses at which a customer can be written to. */
export function addressesOf({ sms, whatsapp }: Pick<Customer, 'sms' | 'whatsapp'>): Address[] {
  return [
    ...(sms === null ? [] : [addressOn('sms', sms)]),
    ...(whatsapp === null ? [] : [addressOn('whatsapp', whatsapp)]),
  ];
}
