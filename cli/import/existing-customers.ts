import type { AirtableRecord } from '../../lambdas/airtable/airtable-records';
import { readText } from '../../lambdas/airtable/cells';
import { COLUMN, CUSTOMERS, NUMBER_COLUMNS } from '../../lambdas/airtable/columns';
import { foldName } from '../../lambdas/customers/fold-name';
import {
  type AddressKey,
  type CountryCode,
  keyOf,
  keysOf,
  readNumberCell,
} from '../../lambdas/phone-number/address';
import type { PacedBase } from '../airtable/rate-limited-base';
import type { FieldModel } from '../airtable/schema';
import type { CustomerRow } from './customer-row';

interface Holder {
  readonly id: string;
  readonly name: string | null;
}

/** The base's customers by their numbers, parsed as the service parses them. */
export class ExistingCustomers {
  readonly #holders = new Map<AddressKey, Holder[]>();

  constructor(records: readonly AirtableRecord[], country: CountryCode) {
    for (const record of records) {
      const holder = { id: record.id, name: readText(record.fields[COLUMN.name]) };
      const keys = NUMBER_COLUMNS.flatMap((column) =>
        keysOf(readNumberCell(readText(record.fields[column]) ?? '', column, country)),
      );
      for (const key of new Set(keys)) this.#holders.set(key, [...(this.#holders.get(key) ?? []), holder]);
    }
  }

  /** Whether the base already has this customer, or why the customer cannot be added. */
  compare({ name, numbers }: Pick<CustomerRow, 'name' | 'numbers'>): 'new' | 'existing' | readonly string[] {
    const distinct = [...new Set(numbers)];
    const same = (holder: Holder) => isSameName(holder.name, name);
    const match = distinct.flatMap((number) => this.#holdersOf(number)).find(same);
    const problems = distinct.flatMap((number) => {
      const holders = this.#holdersOf(number);
      const [other] = holders;
      if (holders.some(same)) return [];
      if (other !== undefined) return numberTaken(other, number);
      return match === undefined ? [] : numberMissing(match, number);
    });
    if (problems.length > 0) return problems;
    return match === undefined ? 'new' : 'existing';
  }

  #holdersOf(number: string): readonly Holder[] {
    return this.#holders.get(keyOf(number)) ?? [];
  }
}

/** Reads all customers of the base, in one listing. */
export async function readExistingCustomers(
  base: PacedBase,
  fields: readonly FieldModel[],
  country: CountryCode,
  onPage: (customers: number) => void,
): Promise<ExistingCustomers> {
  const records = await base.listAll(CUSTOMERS, { fields: columnsToRead(fields), onPage });
  return new ExistingCustomers(records, country);
}

/**
 * Reads only the customers whose cells hold the digits of one of the numbers, as an import writes them: a page or two.
 */
export async function findCustomersByNumber(
  base: PacedBase,
  fields: readonly FieldModel[],
  country: CountryCode,
  numbers: readonly string[],
): Promise<ExistingCustomers> {
  const columns = columnsToRead(fields);
  const conditions = NUMBER_COLUMNS.filter((column) => columns.includes(column)).flatMap((column) =>
    numbers.map((number) => `REGEX_REPLACE({${column}}&"","[^0-9]","")="${number.replace(/\D/g, '')}"`),
  );
  const records: AirtableRecord[] = [];
  const filter = { fields: columns, filterByFormula: `OR(${conditions.join()})` };
  for await (const page of base.pages(CUSTOMERS, filter)) records.push(...page.records);
  return new ExistingCustomers(records, country);
}

function columnsToRead(fields: readonly FieldModel[]): string[] {
  return [COLUMN.name, ...NUMBER_COLUMNS].filter((column) => fields.some(({ name }) => name === column));
}

function isSameName(one: string | null, other: string): boolean {
  return one !== null && foldName(one) === foldName(other);
}

function numberTaken({ id, name }: Holder, number: string): string {
  const who = name === null ? 'a customer without a name' : `"${name}"`;
  return `${number} belongs to ${who} in the base (record ${id}), perhaps a different customer`;
}

function numberMissing({ id, name }: Holder, number: string): string {
  return `"${name}" is in the base (record ${id}) without ${number}: add the number there, because an import does not change customers`;
}
