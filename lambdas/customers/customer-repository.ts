import type { Address } from '../phone-number/address';
import type { E164Number } from '../phone-number/phone-number';
import type { Template } from '../template/template';
import type { Customer, CustomerSummary } from './customer';

/** Where a page of a list begins: at the top, where the last page said, or after a customer (older apps). */
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
  readonly whatsapp: E164Number | null;
}

/**
 * The team's customers and templates, wherever they are kept. Every method may throw `Unavailable` (come again
 * later) and `Misconfigured` (somebody has to act).
 */
export interface CustomerRepository {
  /** One page of a worker's customers, by name. @throws {BadRequest} for a token that this directory did not give. */
  listCustomers(page: PageRequest): Promise<CustomerPage>;

  /** The customer of any owner; where two share the id, the worker's own. @throws {NotFound} */
  getCustomer(id: string, worker: string): Promise<Customer>;

  /**
   * Everyone who has one of the addresses as a number, on either channel: those first who have it on the channel
   * asked for, then those with an owner, then the oldest.
   */
  findByAddress(addresses: readonly Address[]): Promise<Customer[]>;

  /** @throws {BadRequest} where the table does not take the values. */
  createCustomer(customer: NewCustomer): Promise<Customer>;

  /** @throws {NotFound} where the owner has no such customer. */
  deleteCustomer(id: string, owner: string): Promise<void>;

  /** Sets the opt-out of everyone with the address. @returns how many there are, and for how many that was new. */
  setOptOut(
    address: Address,
    optedOut: boolean,
  ): Promise<{ readonly found: number; readonly changed: number }>;

  /** The message templates in the team's own order. */
  listTemplates(): Promise<Template[]>;

  /** Identities of workers who own customers: those of the first hundred that have an owner. */
  listOwners(): Promise<string[]>;
}
