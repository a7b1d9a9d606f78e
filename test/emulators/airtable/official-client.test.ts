import { describe, expect, test } from '@jest/globals';
import type { AirtableEmulator } from '../../../emulators/airtable/airtable-emulator';
import { aTable, customersTable } from '../../../emulators/airtable/base-data';
import { clientOf, serve } from './serve';

const PEOPLE = [
  { name: 'Cleo', id: 3, sms: '+14155550103' },
  { name: 'Ann', id: 1, sms: '+14155550101', notes: 'first' },
  { name: 'Bob', id: 2 },
];

const idOf = (emulator: AirtableEmulator, index: number) => emulator.base.tables[0]?.records[index]?.id ?? '';

describe('the official client', () => {
  test('selects with fields, sort, filter and view', async () => {
    const emulator = await serve([customersTable(PEOPLE)]);

    const records = await clientOf(emulator)('Customers')
      .select({
        fields: ['name', 'sms'],
        sort: [{ field: 'name', direction: 'desc' }],
        filterByFormula: '{sms}!=""',
        view: 'Grid view',
      })
      .all();

    expect(records.map(({ fields }) => fields)).toEqual([
      { name: 'Cleo', sms: '+14155550103' },
      { name: 'Ann', sms: '+14155550101' },
    ]);
  });

  test('encodes a plus sign correctly', async () => {
    const emulator = await serve([customersTable(PEOPLE)]);

    const records = await clientOf(emulator)('Customers')
      .select({ filterByFormula: '{sms}="+14155550101"' })
      .all();

    expect(records.map((record) => record.get('name'))).toEqual(['Ann']);
  });

  test('walks all pages with eachPage, and stops after one with firstPage', async () => {
    const rows = Array.from({ length: 7 }, (_row, index) => ({ name: `c${index}` }));
    const emulator = await serve([customersTable(rows)]);
    const table = clientOf(emulator)('Customers');
    const sizes: number[] = [];

    await table.select({ pageSize: 3 }).eachPage((records, next) => {
      sizes.push(records.length);
      next();
    });
    const first = await table.select({ pageSize: 3 }).firstPage();

    expect(sizes).toEqual([3, 3, 1]);
    expect(first.map((record) => record.get('name'))).toEqual(['c0', 'c1', 'c2']);
    expect(emulator.requests).toHaveLength(4);
  });

  test('finds one', async () => {
    const emulator = await serve([customersTable(PEOPLE)]);

    const record = await clientOf(emulator)('Customers').find(idOf(emulator, 1));

    expect(record.fields).toEqual({ name: 'Ann', id: 1, sms: '+14155550101', notes: 'first' });
    expect(record._rawJson.createdTime).toBe('2024-05-01T09:31:00.000Z');
  });

  test('creates one and several', async () => {
    const emulator = await serve([customersTable([])]);
    const table = clientOf(emulator)('Customers');

    const one = await table.create({ name: 'Ann', sms: '+14155550101' });
    const several = await table.create([{ fields: { name: 'Bob' } }, { fields: { name: 'Cleo' } }]);

    expect(one.fields).toEqual({ name: 'Ann', sms: '+14155550101' });
    expect(several.map((record) => record.get('name'))).toEqual(['Bob', 'Cleo']);
    const stored = emulator.base.tables[0]?.records ?? [];
    expect(stored.map(({ id }) => id)).toEqual([one.id, ...several.map(({ id }) => id)]);
    expect(stored.every(({ id }) => /^rec[A-Za-z0-9]{14}$/.test(id))).toBe(true);
  });

  test('updates, which leaves other cells, and replaces, which clears them', async () => {
    const emulator = await serve([customersTable(PEOPLE)]);
    const table = clientOf(emulator)('Customers');
    const [cleo, ann, bob] = [idOf(emulator, 0), idOf(emulator, 1), idOf(emulator, 2)];

    const updated = await table.update(cleo, { notes: 'new' });
    const [many] = await table.update([{ id: bob, fields: { notes: 'n' } }]);
    const replaced = await table.replace(ann, { name: 'Anna' });
    const [manyReplaced] = await table.replace([{ id: bob, fields: { name: 'Rob' } }]);

    expect(updated.fields).toEqual({ name: 'Cleo', id: 3, sms: '+14155550103', notes: 'new' });
    expect(many?.fields).toEqual({ name: 'Bob', id: 2, notes: 'n' });
    expect(replaced.fields).toEqual({ name: 'Anna' });
    expect(manyReplaced?.fields).toEqual({ name: 'Rob' });
  });

  test('destroys one and several', async () => {
    const emulator = await serve([customersTable(PEOPLE)]);
    const table = clientOf(emulator)('Customers');
    const [cleo, ann, bob] = [idOf(emulator, 0), idOf(emulator, 1), idOf(emulator, 2)];

    const one = await table.destroy(ann);
    const several = await table.destroy([cleo, bob]);

    expect(one.id).toBe(ann);
    expect(several.map(({ id }) => id)).toEqual([cleo, bob]);
    expect(emulator.base.tables[0]?.records).toEqual([]);
  });

  test('upserts through makeRequest, the only way to see the created records', async () => {
    const emulator = await serve([customersTable(PEOPLE)]);
    const records = [
      { fields: { sms: '+14155550101', name: 'Annie' } },
      { fields: { sms: '+14155550199', name: 'New' } },
    ];

    const { body } = await clientOf(emulator).makeRequest({
      method: 'PATCH',
      path: '/Customers',
      body: { performUpsert: { fieldsToMergeOn: ['sms'] }, records },
    });

    expect(body).toMatchObject({
      records,
      updatedRecords: [idOf(emulator, 1)],
      createdRecords: [idOf(emulator, 3)],
    });
  });

  test('switches to POST for a long formula', async () => {
    const emulator = await serve([customersTable(PEOPLE)]);
    const terms = Array.from({ length: 500 }, (_term, index) => `RECORD_ID()="rec${index}xxxxxxxxxx"`);

    const records = await clientOf(emulator)('Customers')
      .select({ filterByFormula: `OR(${terms.join(',')},{name}="Bob")` })
      .all();

    expect(records.map((record) => record.get('name'))).toEqual(['Bob']);
    expect(emulator.requests).toMatchObject([
      { method: 'POST', path: `/v0/${emulator.base.id}/Customers/listRecords`, status: 200 },
    ]);
  });

  test('reads keys as field ids if requested', async () => {
    const emulator = await serve([customersTable([{ name: 'Ann' }])]);

    const [record] = await clientOf(emulator)('Customers').select({ returnFieldsByFieldId: true }).all();

    expect(record?.fields).toEqual({ [emulator.base.tables[0]?.fields[0]?.id ?? '']: 'Ann' });
  });

  test('reaches a table whose name has a space and a slash, and one by its id', async () => {
    const emulator = await serve([aTable('My/odd Table+', { name: 'singleLineText' }, [{ name: 'Ann' }])]);
    const base = clientOf(emulator);

    const byName = await base('My/odd Table+').select().all();
    const byId = await base(emulator.base.tables[0]?.id ?? '')
      .select()
      .all();

    expect([byName, byId].map((records) => records.map((record) => record.get('name')))).toEqual([
      ['Ann'],
      ['Ann'],
    ]);
  });

  test('resumes from an offset through makeRequest', async () => {
    const emulator = await serve([customersTable(PEOPLE)]);
    const base = clientOf(emulator);

    const first = await base.makeRequest({ path: '/Customers', qs: { pageSize: 2 } });
    const second = await base.makeRequest({
      path: '/Customers',
      qs: { pageSize: 2, offset: first.body.offset },
    });

    expect(second.body.records).toHaveLength(1);
    expect(second.body.offset).toBeUndefined();
  });
});

describe('an error in the official client', () => {
  test('401', async () => {
    const emulator = await serve([customersTable([])]);

    const failing = clientOf(emulator, { apiKey: 'patWrong' })('Customers').select().all();

    await expect(failing).rejects.toMatchObject({ error: 'AUTHENTICATION_REQUIRED', statusCode: 401 });
  });

  test('403 for a missing table and a missing record', async () => {
    const emulator = await serve([customersTable([])]);
    const base = clientOf(emulator);
    const missing = { error: 'NOT_AUTHORIZED', statusCode: 403 };

    await expect(base('Nowhere').select().all()).rejects.toMatchObject(missing);
    await expect(base('Customers').find('recMISSING0000000')).rejects.toMatchObject(missing);
    await expect(base('Customers').destroy('recMISSING0000000')).rejects.toMatchObject(missing);
  });

  test('404 for deleting several of which one is missing', async () => {
    const emulator = await serve([customersTable(PEOPLE)]);

    const failing = clientOf(emulator)('Customers').destroy([idOf(emulator, 0), 'recMISSING0000000']);

    await expect(failing).rejects.toMatchObject({
      error: 'NOT_FOUND',
      message: 'Could not find a record with ID "recMISSING0000000".',
      statusCode: 404,
    });
    expect(emulator.base.tables[0]?.records).toHaveLength(3);
  });

  test('422 with the server type and message', async () => {
    const emulator = await serve([customersTable([])]);

    const failing = clientOf(emulator)('Customers').create({ name: 'Ann', phone: '1' });

    await expect(failing).rejects.toMatchObject({
      error: 'UNKNOWN_FIELD_NAME',
      message: 'Unknown field name: "phone"',
      statusCode: 422,
    });
  });

  test.each([
    { fault: { kind: 'rate-limit' }, error: 'TOO_MANY_REQUESTS', statusCode: 429 },
    { fault: { kind: 'monthly-quota' }, error: 'TOO_MANY_REQUESTS', statusCode: 429 },
    { fault: { kind: 'too-large' }, error: 'REQUEST_TOO_LARGE', statusCode: 413 },
    { fault: { kind: 'server-error' }, error: 'SERVER_ERROR', statusCode: 500 },
    { fault: { kind: 'bad-gateway' }, error: 'UNEXPECTED_ERROR', statusCode: 502 },
    { fault: { kind: 'unavailable' }, error: 'SERVICE_UNAVAILABLE', statusCode: 503 },
  ] as const)('$statusCode after the fault $fault.kind', async ({ fault, error, statusCode }) => {
    const emulator = await serve([customersTable([])]);
    emulator.faults.next(1, fault);

    const failing = clientOf(emulator)('Customers').select().all();

    await expect(failing).rejects.toMatchObject({ error, statusCode });
  });

  test('a cut connection and a late response', async () => {
    const emulator = await serve([customersTable([])]);
    const table = clientOf(emulator, { requestTimeout: 100 })('Customers');

    emulator.faults.next(1, { kind: 'connection-reset' });
    await expect(table.select().all()).rejects.toMatchObject({ code: 'ECONNRESET' });

    emulator.faults.next(1, { kind: 'slow', milliseconds: 60_000 });
    await expect(table.select().all()).rejects.toMatchObject({ type: 'aborted' });
  });
});
