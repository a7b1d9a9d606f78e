import { aBase, customersTable, templatesTable } from '../airtable/base-data';
import { type BaseData, stableId } from '../airtable/base-model';
import { EDGE_CASE_CUSTOMERS } from './edge-case-customers';
import { TEMPLATES } from './templates';
import { type CustomerRow, type Random, seededRandom, typicalCustomers } from './typical-customers';
import { FIRST_WORKER } from './workers';

/** The demo team's base, the same on every run: its customers and its message templates. */
export function teamBase(): BaseData {
  const tables = [
    customersTable(customerRows(), { sms: 'phoneNumber', company: 'singleLineText', city: 'singleLineText' }),
    templatesTable(TEMPLATES, {
      title: null,
      category: 'singleLineText',
      contentSid: 'singleLineText',
    }),
  ];
  return { ...aBase(tables), id: stableId('app', 'Frontline team'), name: 'Frontline team' };
}

const SEED = 2008;
const TYPICAL = 330;

/** The few hundred rows of the Customers table, the same on every run: typical ones mixed with edge cases. */
export function customerRows(): CustomerRow[] {
  const random = seededRandom(SEED);
  const rows = typicalCustomers(TYPICAL, random);
  for (const row of EDGE_CASE_CUSTOMERS) rows.splice(random.below(rows.length + 1), 0, row);
  return withIds(rows, random);
}

/** Numbers the rows as after years of adding and deleting: with gaps, and some without a number. */
function withIds(rows: readonly CustomerRow[], random: Random): CustomerRow[] {
  let last = 0;
  return rows.map((row) => {
    last += random.percent(80) ? 1 : 1 + random.below(9);
    const isNumbered = row.name !== undefined && random.percent(95);
    return isNumbered ? { id: last, ...row } : row;
  });
}

/** A typical customer of the first worker, reached by SMS: the subject of `frontline callback`. */
export const FIRST_CUSTOMER = firstCustomer();

function firstCustomer(): { readonly id: string; readonly number: string } {
  for (const { id, sms, owner, company, city } of customerRows()) {
    const isHers = owner === FIRST_WORKER.identity && company !== undefined && city !== undefined;
    if (isHers && id !== undefined && sms && /^\+1\d{10}$/.test(sms)) {
      return { id: String(id), number: sms };
    }
  }
  throw new Error('The demo team has no customer for sample callbacks');
}
