import { describe, expect, test } from '@jest/globals';
import Airtable from 'airtable';
import type { AirtableEmulator } from '../../../emulators/airtable/airtable-emulator';
import { aTable, customersTable } from '../../../emulators/airtable/base-data';
import { serve, TOKEN } from './serve';

const PEOPLE = [
  { name: 'Cleo', id: 3, sms: '+14155550103' },
  { name: 'Ann', id: 1, sms: '+14155550101' },
  { name: 'Bob', id: 2 },
];

function clientOf({ url, base }: AirtableEmulator, options: Airtable.AirtableOptions = {}): Airtable.Base {
  return new Airtable({ apiKey: TOKEN, endpointUrl: url, noRetryIfRateLimited: true, ...options }).base(
    base.id,
  );
}

/** The official client sends what no other does: `/Table/?`, `+` for spaces, POST for long formulas. */
describe('the official client', () => {
  test('selects with fields, a filter with a plus sign, and a view', async () => {
    const emulator = await serve([customersTable(PEOPLE)]);
    const filterByFormula = '{sms}="+14155550101"';

    const records = await clientOf(emulator)('Customers')
      .select({ fields: ['name', 'sms'], filterByFormula, view: 'Grid view' })
      .all();

    expect(records.map(({ fields }) => fields)).toEqual([{ name: 'Ann', sms: '+14155550101' }]);
  });

  test('walks all pages, and finds one record', async () => {
    const emulator = await serve([customersTable(PEOPLE)]);
    const table = clientOf(emulator)('Customers');
    const sizes: number[] = [];

    await table.select({ pageSize: 2 }).eachPage((records, next) => {
      sizes.push(records.length);
      next();
    });

    expect(sizes).toEqual([2, 1]);
    const record = await table.find(emulator.base.tables[0]?.records[1]?.id ?? '');
    expect(record.fields).toEqual(PEOPLE[1]);
  });

  test('creates, updates and destroys', async () => {
    const emulator = await serve([customersTable([])]);
    const table = clientOf(emulator)('Customers');

    const { id } = await table.create({ name: 'Ann', sms: '1' });
    const several = await table.create([{ fields: { name: 'Bob' } }, { fields: { name: 'Cleo' } }]);
    const [updated] = await table.update([{ id, fields: { notes: 'new' } }]);
    await table.destroy(several[0]?.id ?? '');

    expect(updated?.fields).toEqual({ name: 'Ann', sms: '1', notes: 'new' });
    expect(emulator.base.tables[0]?.records.map(({ fields }) => fields['name'])).toEqual(['Ann', 'Cleo']);
  });

  test('switches to POST for a long formula', async () => {
    const emulator = await serve([customersTable(PEOPLE)]);
    const terms = Array.from({ length: 500 }, (_term, index) => `RECORD_ID()="rec${index}xxxxxxxxxx"`);

    const filterByFormula = `OR(${terms.join(',')},{name}="Bob")`;
    const records = await clientOf(emulator)('Customers').select({ filterByFormula }).all();

    expect(records.map((record) => record.get('name'))).toEqual(['Bob']);
    expect(emulator.requests).toMatchObject([{ method: 'POST', status: 200 }]);
  });

  test('reaches a table whose name has a space and a slash', async () => {
    const emulator = await serve([aTable('My/odd Table+', { name: 'singleLineText' }, [{ name: 'Ann' }])]);

    const records = await clientOf(emulator)('My/odd Table+').select().all();

    expect(records.map((record) => record.get('name'))).toEqual(['Ann']);
  });

  test('understands errors', async () => {
    const emulator = await serve([customersTable([])]);
    const table = clientOf(emulator)('Customers');

    await expect(
      clientOf(emulator, { apiKey: 'patWrong' })('Customers').select().all(),
    ).rejects.toMatchObject({
      error: 'AUTHENTICATION_REQUIRED',
      statusCode: 401,
    });
    await expect(table.find('recMISSING0000000')).rejects.toMatchObject({ error: 'NOT_AUTHORIZED' });
    await expect(table.create({ phone: '1' })).rejects.toMatchObject({
      error: 'UNKNOWN_FIELD_NAME',
      message: 'Unknown field name: "phone"',
      statusCode: 422,
    });
  });
});
