import type { Address } from '../phone-number/address';
import type { E164Number } from '../phone-number/phone-number';
import { shorten } from './shorten';

/** What a list shows of a customer. */
export interface CustomerSummary {
  /** What Frontline calls `customer_id`: unique, and accepted back by the directory. */
  readonly id: string;
  /** Null where the team has not filled it in. */
  readonly name: string | null;
  /** An absolute web address of an image. */
  readonly avatar: string | null;
}

/** A customer as the rest of the code sees one, however the team keeps its table. */
export interface Customer extends CustomerSummary {
  readonly sms: E164Number | null;
  readonly whatsapp: E164Number | null;
  readonly email: string | null;
  readonly linkedin: string | null;
  readonly notes: string | null;
  /** The identity of the worker whose customer this is. */
  readonly owner: string | null;
  readonly optedOut: boolean;
  /** Every column that has a text to show, by its name: what templates are filled from. */
  readonly columns: ReadonlyMap<string, string>;
}

/** Twilio takes no longer name for a conversation (Twilio contract 2). */
const NAME_LENGTH = 256;

/** How to call a customer whose name may be blank, or a novel. */
export function displayName({ id, name }: CustomerSummary): string {
  return shorten(name ?? `Customer ${id}`, NAME_LENGTH);
}

/** The addresses at which a customer can be reached. */
export function addressesOf({ sms, whatsapp }: Pick<Customer, 'sms' | 'whatsapp'>): Address[] {
  return [
    ...(sms === null ? [] : [{ channel: 'sms', number: sms } as const]),
    ...(whatsapp === null ? [] : [{ channel: 'whatsapp', number: whatsapp } as const]),
  ];
}
