import type { Customer, CustomerSummary } from '../customers/customer';
import { type CountryCode, toE164 } from '../phone-number/phone-number';
import type { AirtableRecord } from './airtable-records';
import { readFlag, readIdentity, readImageAddress, readText } from './cells';

/** The table of customers and its columns, by the names that the team's base has them under. */
export const CUSTOMERS = 'Customers';
export const COLUMN = {
  id: 'id',
  name: 'name',
  sms: 'sms',
  whatsapp: 'whatsapp',
  email: 'email',
  linkedin: 'linkedin',
  notes: 'notes',
  owner: 'owner',
  avatar: 'avatar',
  optOut: 'opt_out',
} as const;
export type Column = (typeof COLUMN)[keyof typeof COLUMN];

/** A record's cells, by our column names. */
export function cell(record: AirtableRecord, column: Column): unknown {
  return record.fields[column];
}

/** What a list shows. The id is the `id` column's where it is filled, else the record's own. */
export function readSummary(record: AirtableRecord): CustomerSummary {
  return {
    id: readText(cell(record, COLUMN.id)) ?? record.id,
    name: readText(cell(record, COLUMN.name))?.replace(/\s+/g, ' ') ?? null,
    avatar: readImageAddress(cell(record, COLUMN.avatar)),
  };
}

/** The one customer type, out of whatever column types the team chose. */
export function readCustomer(record: AirtableRecord, defaultCountry: CountryCode): Customer {
  const text = (column: Column) => readText(cell(record, column));
  const number = (column: Column) => toE164(text(column) ?? '', defaultCountry);
  return {
    ...readSummary(record),
    sms: number(COLUMN.sms),
    whatsapp: number(COLUMN.whatsapp),
    email: text(COLUMN.email),
    linkedin: text(COLUMN.linkedin),
    notes: text(COLUMN.notes),
    owner: readIdentity(cell(record, COLUMN.owner)),
    optedOut: readFlag(cell(record, COLUMN.optOut)),
    columns: readColumns(record),
  };
}

function readColumns({ fields }: AirtableRecord): ReadonlyMap<string, string> {
  const texts = Object.entries(fields).flatMap(([name, value]): [string, string][] => {
    const text = name === COLUMN.owner ? readIdentity(value) : readText(value);
    return text === null ? [] : [[name, text]];
  });
  return new Map(texts);
}
