import { addressesOf, type Customer } from '../customers/customer';
import type {
  CustomerPage,
  CustomerRepository,
  NewCustomer,
  PageRequest,
} from '../customers/customer-repository';
import { BadRequest, NotFound } from '../errors/errors';
import type { Errand } from '../http-client/send';
import type { Address } from '../phone-number/address';
import type { CountryCode, E164Number } from '../phone-number/phone-number';
import type { Template } from '../template/template';
import { AirtableBase } from './airtable-base';
import type { AirtableRecord } from './airtable-records';
import { type BaseKnowledge, knowledgeOf } from './base-knowledge';
import { readIdentity, readText } from './cells';
import { maybeAt, NUMBER_COLUMNS, withId } from './customer-filter';
import { CustomerList } from './customer-list';
import { COLUMN, CUSTOMERS, cell, readCustomer } from './customer-record';
import {
  deleteRecord,
  explainCreateRefusal,
  explainRefusal,
  filled,
  writeInFirstForm,
} from './customer-writes';
import { columnText, notEqual, text } from './formula';
import { listRecords, missingColumns } from './list-records';
import { readTemplates } from './template-record';

const NOT_THERE = 'This customer is not in Airtable any more. Pull down to load the list again.';
const NOT_YOURS = 'You have no such customer any more. Pull down to load the list again.';

export interface AirtableAccess {
  readonly url: string;
  readonly baseId: string;
  readonly apiKey: string;
  readonly templatesView: string;
  readonly defaultCountry: CountryCode;
}

/** A record and the customer that it reads as. */
interface Found {
  readonly record: AirtableRecord;
  readonly customer: Customer;
}

/** The customer directory that a team keeps by hand in an Airtable base. */
export class AirtableCustomerRepository implements CustomerRepository {
  readonly #base: AirtableBase;
  readonly #knowledge: BaseKnowledge;

  constructor(
    private readonly access: AirtableAccess,
    private readonly errand: Errand,
  ) {
    this.#base = new AirtableBase(access, errand);
    this.#knowledge = knowledgeOf(`${access.url}/${access.baseId}`);
  }

  listCustomers(page: PageRequest): Promise<CustomerPage> {
    const { apiKey, defaultCountry } = this.access;
    return new CustomerList(this.#base, this.#knowledge, { sealingSecret: apiKey, defaultCountry }).page(
      page,
    );
  }

  async getCustomer(id: string, worker: string): Promise<Customer> {
    const customers = (await this.#recordsWithId(id)).map((record) => this.#read(record));
    const customer = customers.find(({ owner }) => owner === worker) ?? customers[0];
    if (customer === undefined) throw new NotFound(`No customer has the id ${id}`, { forWorker: NOT_THERE });
    if (customers.length > 1) {
      this.errand.journal.warn(
        `More than one customer has the id ${id}: the worker's own counts, else the oldest`,
      );
    }
    return customer;
  }

  async findByAddress(addresses: readonly Address[]): Promise<Customer[]> {
    const customers = (await this.#foundAt(addresses)).map(({ customer }) => customer);
    const sharers = addresses.filter(
      ({ number }) => customers.filter((customer) => hasNumber(customer, number)).length > 1,
    );
    if (sharers.length > 0) {
      this.errand.journal.warn('More than one customer has this number: the first in line counts');
    }
    return customers;
  }

  async createCustomer({ name, owner, sms, whatsapp }: NewCustomer): Promise<Customer> {
    const create = (ownerForm: unknown) =>
      this.#base.create(CUSTOMERS, {
        [COLUMN.name]: name,
        [COLUMN.owner]: ownerForm,
        ...filled({ [COLUMN.sms]: sms, [COLUMN.whatsapp]: whatsapp }),
      });
    const asText = owner;
    const asCollaborator = { email: owner };
    const forms =
      this.#knowledge.ownerKind() === 'collaborator' ? [asCollaborator, asText] : [asText, asCollaborator];
    const record = await writeInFirstForm(forms, create).catch((error: unknown) => {
      throw explainCreateRefusal(error);
    });
    const customer = this.#read(record);
    this.errand.journal.about({ customerId: customer.id });
    return customer;
  }

  async deleteCustomer(id: string, owner: string): Promise<void> {
    const records = await this.#recordsWithId(id);
    const [record, ...others] = records.filter((each) => readIdentity(cell(each, COLUMN.owner)) === owner);
    if (record === undefined)
      throw new NotFound(`${owner} has no customer with the id ${id}`, { forWorker: NOT_YOURS });
    if (others.length > 0) {
      throw new BadRequest(
        'parameter',
        `CustomerId ${id} is the id of more than one customer: none is deleted`,
        {
          forWorker: 'Two customers share this id, so none was deleted. Please tell them apart in Airtable.',
        },
      );
    }
    await deleteRecord(this.#base, record.id, async () => (await this.#recordsWithId(record.id)).length > 0);
  }

  async setOptOut(address: Address, optedOut: boolean): Promise<{ found: number; changed: number }> {
    const found = await this.#foundAt([address]);
    const toChange = found.filter(({ customer }) => customer.optedOut !== optedOut);
    const ids = toChange.map(({ record }) => record.id);
    const forms = this.#knowledge.keepsOptOutAsText
      ? [String(optedOut), optedOut]
      : [optedOut, String(optedOut)];
    await writeInFirstForm(forms, async (form) => {
      await this.#base.update(CUSTOMERS, ids, { [COLUMN.optOut]: form });
      if (ids.length > 0) this.#knowledge.keepsOptOutAsText = typeof form === 'string';
    }).catch((error: unknown) => {
      throw explainRefusal(error);
    });
    return { found: found.length, changed: ids.length };
  }

  listTemplates(): Promise<Template[]> {
    const view = this.access.templatesView;
    return readTemplates(this.#base, this.#knowledge, view, () => {
      this.errand.journal.warn(
        `The table Templates has no view "${view}", so templates come in no sure order: set AIRTABLE_TEMPLATES_VIEW`,
      );
    });
  }

  async listOwners(): Promise<string[]> {
    const { records } = await listRecords(this.#base, this.#knowledge, CUSTOMERS, [COLUMN.owner], () => ({
      fields: [COLUMN.owner],
      filterByFormula: notEqual(columnText(COLUMN.owner), text('')),
    }));
    const owners = records.flatMap((record) => readIdentity(cell(record, COLUMN.owner)) ?? []);
    return [...new Set(owners)].sort();
  }

  #read(record: AirtableRecord): Customer {
    return readCustomer(record, this.access.defaultCountry);
  }

  /** The records that this id names: by record id first, then the oldest. */
  async #recordsWithId(id: string): Promise<AirtableRecord[]> {
    const { records } = await listRecords(this.#base, this.#knowledge, CUSTOMERS, [], (has) => ({
      filterByFormula: withId(id, has),
    }));
    const byRecord = records.filter((record) => record.id === id);
    const byColumn = records.filter((record) => readText(cell(record, COLUMN.id)) === id);
    return byRecord.length > 0 ? byRecord : oldestFirst(byColumn);
  }

  /** Who has one of the addresses, best first, and notes for the log who comes first. */
  async #foundAt(addresses: readonly Address[]): Promise<Found[]> {
    const { records } = await listRecords(this.#base, this.#knowledge, CUSTOMERS, [], (has) => ({
      filterByFormula: maybeAt(addresses, has),
    }));
    // With neither, everybody would be a stranger, those who opted out too, and nobody would know why.
    if (!NUMBER_COLUMNS.some((column) => this.#knowledge.has(CUSTOMERS, column)))
      throw missingColumns(CUSTOMERS, NUMBER_COLUMNS);
    const numbers = addresses.map(({ number }) => number);
    const rank = (customer: Customer) => {
      const onChannel = addresses.some(({ channel, number }) => customer[channel] === number);
      return (onChannel ? 0 : 2) + (customer.owner === null ? 1 : 0);
    };
    const found = oldestFirst(records)
      .map((record) => ({ record, customer: this.#read(record) }))
      .filter(({ customer }) => numbers.some((number) => hasNumber(customer, number)))
      .sort((a, b) => rank(a.customer) - rank(b.customer));
    const [first] = found;
    if (first !== undefined) this.errand.journal.about({ customerId: first.customer.id });
    return found;
  }
}

function hasNumber(customer: Customer, number: E164Number): boolean {
  return addressesOf(customer).some((address) => address.number === number);
}

function oldestFirst(records: readonly AirtableRecord[]): AirtableRecord[] {
  return [...records].sort((a, b) => a.createdTime.localeCompare(b.createdTime) || a.id.localeCompare(b.id));
}
