import type { Address, E164Number } from '../phone-number/address';
import type { Customer, CustomerSummary } from './customer';

/** The start of a page: at the top, at the last page's token, or after a customer (older apps). */
export type PageStart = { readonly token: string } | { readonly afterCustomer: string } | 'top';

export interface PageRequest {
  readonly owner: string;
  /** 1 to 100 customers. */
  readonly size: number;
  /** Part of a name, or digits of a number. */
  readonly query: string | null;
  readonly start: PageStart;
}

export interface CustomerPage {
  readonly customers: readonly CustomerSummary[];
  /** Where the next page begins; null on the last one. */
  readonly nextPageToken: string | null;
}

export interface NewCustomer {
  readonly name: string;
  readonly owner: string;
  readonly sms: E164Number | null;
  readonly whatsapp: string | null;
}

/** A worker who owns customers. */
export interface Owner {
  readonly identity: string;
  /** Customers counted by the last full pass; 1 for an owner added by a later change. */
  readonly customers: number;
}

/**
 * The team's customers and templates, read from the replica and never from Airtable. Every method may throw
 * `ServiceUnavailableError`: until the replica has read the base for the first time, or when its database does not
 * respond.
 */
export interface CustomerRepository {
  /**
   * One page of a worker's customers, by name.
   * @throws {BadRequestError} for a token that is not valid for this list.
   */
  listCustomers(page: PageRequest): Promise<CustomerPage>;

  /** The customer of any owner; where two share the id, the worker's own, else the oldest. @throws {NotFoundError} */
  getCustomer(id: string, worker: string): Promise<Customer>;

  /** Every customer that lists show with this id, oldest first, else the one with this record id. */
  customersWithId(id: string): Promise<Customer[]>;

  /**
   * Every customer who has one of the addresses, on either channel, sorted: those with the address on the given channel
   * first, then those with an owner, then by age, oldest first.
   */
  findByAddress(addresses: readonly Address[]): Promise<Customer[]>;

  /**
   * As `findByAddress`, and also customers whose number cell is unreadable but ends in the same seven digits. For the
   * opt-out guard and for STOP, where one customer too many is safe, and one too few is not.
   */
  findPossiblyAt(addresses: readonly Address[]): Promise<Customer[]>;

  /** The message templates in the team's own order. */
  listTemplates(): Promise<Template[]>;

  /** The workers who own customers, by identity. */
  listOwners(): Promise<Owner[]>;
}

/** A customer that Airtable accepted. */
export interface CreatedCustomer {
  readonly customer: Customer;
  /** Whether look-ups find the customer already; if not, sync adds it. */
  readonly isInReplica: boolean;
}

/** Changes by workers. They are written to Airtable first, then to the replica. */
export interface CustomerWriter {
  /**
   * @throws {BadRequestError} where the table rejects the values.
   * @throws {ServiceUnavailableError} where Airtable is down or throttles.
   */
  createCustomer(customer: NewCustomer): Promise<CreatedCustomer>;

  /** Deletes the record. A record that another user deleted meanwhile counts as deleted. */
  deleteCustomer(customer: Customer): Promise<void>;
}

/** A message template as the team wrote it. */
export interface Template {
  readonly category: string | null;
  readonly text: string;
  readonly whatsAppApproved: boolean;
  /** The SID of Twilio's Content API (`HX…`) under which WhatsApp approved it; null without one. */
  readonly contentSid: string | null;
}
