import { describe, expect, test } from '@jest/globals';
import type { AirtableEmulator, BaseData, FieldType } from '../../../emulators/airtable/airtable-emulator';
import { aBase, aCollaborator, aTable, customersTable } from '../../../emulators/airtable/base-data';
import { call, clock, serve } from './serve';

const recordsOf = (emulator: AirtableEmulator) => emulator.base.tables[0]?.records ?? [];
const idOf = (emulator: AirtableEmulator, index: number) => recordsOf(emulator)[index]?.id ?? '';

/** The response to a write of one cell into a new record of a table with only that column. */
async function writeCell(type: FieldType, value: unknown, options: { typecast?: boolean } = {}) {
  const table = aTable('T', { name: 'singleLineText', cell: type }, [{ name: 'first' }]);
  if (type === 'singleSelect' || type === 'multipleSelects') {
    for (const field of table.fields)
      if (field.type === type) field.options = { choices: [{ id: 'selA', name: 'A' }] };
  }
  const base = aBase([table], [ANA]);
  const emulator = await serve([], { base });
  const response = await call(emulator, 'POST', '/T', { fields: { cell: value }, ...options });
  return { ...response, emulator };
}

const ANA = aCollaborator('Ana', 'ana@example.com');

describe('a cell accepts the values of its type', () => {
  test.each<[FieldType, unknown, unknown]>([
    ['singleLineText', ' text ', ' text '],
    ['email', 'not an address', 'not an address'],
    ['url', 'no url', 'no url'],
    ['phoneNumber', '+14155550101', '+14155550101'],
    ['phoneNumber', '617 555-0101', '617 555-0101'],
    ['phoneNumber', '4155550101', '(415) 555-0101'],
    ['richText', '* a', '- a\n'],
    ['number', -1.5, -1.5],
    ['checkbox', true, true],
    ['singleSelect', 'A', 'A'],
    ['multipleSelects', ['A'], ['A']],
    ['date', '2026-03-01', '2026-03-01'],
    ['dateTime', '2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'],
    ['dateTime', 1_772_366_400_000, '2026-03-01T12:00:00.000Z'],
    ['singleCollaborator', { email: 'ana@example.com' }, ANA],
    ['singleCollaborator', { id: ANA.id }, ANA],
    ['barcode', { text: '123' }, { text: '123' }],
  ])('%s: %j', async (type, value, stored) => {
    const { status, body } = await writeCell(type, value);

    expect(body).toMatchObject({ fields: { cell: stored } });
    expect(status).toBe(200);
  });

  test.each<[FieldType, unknown]>([
    ['singleLineText', true],
    ['singleLineText', 12],
    ['singleLineText', ['a']],
    ['number', '12'],
    ['rating', 6],
    ['checkbox', 'true'],
    ['checkbox', 1],
    ['singleSelect', ['A']],
    ['multipleSelects', 'A'],
    ['date', 'tomorrow'],
    ['dateTime', '2026-02-31T99:00:00Z'],
    ['singleCollaborator', 'ana@example.com'],
    ['singleCollaborator', { email: 'nobody@example.com' }],
    ['multipleRecordLinks', 'rec'],
    ['multipleAttachments', 'https://example.com/a.png'],
  ])('%s rejects %j', async (type, value) => {
    const { status, body, emulator } = await writeCell(type, value);

    expect(status).toBe(422);
    expect(body).toEqual({
      error: { type: 'INVALID_VALUE_FOR_COLUMN', message: 'Field "cell" cannot accept the provided value' },
    });
    expect(recordsOf(emulator)).toHaveLength(1);
  });

  test.each<FieldType>(['autoNumber', 'createdTime', 'lastModifiedTime', 'formula', 'multipleLookupValues'])(
    '%s is computed and rejects even null',
    async (type) => {
      const { status, body } = await writeCell(type, null);

      expect(status).toBe(422);
      expect(body).toEqual({
        error: {
          type: 'INVALID_VALUE_FOR_COLUMN',
          message: 'Field "cell" cannot accept a value because the field is computed',
        },
      });
    },
  );

  test('an unknown choice', async () => {
    const { body } = await writeCell('singleSelect', 'B');

    expect(body).toEqual({
      error: {
        type: 'INVALID_MULTIPLE_CHOICE_OPTIONS',
        message: 'Insufficient permissions to create new select option ""B""',
      },
    });
  });

  test('a link to an unknown record', async () => {
    const { body } = await writeCell('multipleRecordLinks', ['recMISSING0000000']);

    expect(body).toEqual({
      error: {
        type: 'ROW_DOES_NOT_EXIST',
        message: 'Record ID recMISSING0000000 does not exist in this table',
      },
    });
  });

  test('attachments are written by URL, read with more properties, and kept by id', async () => {
    const { body, emulator } = await writeCell('multipleAttachments', [
      { url: 'https://example.com/p/a.png' },
    ]);

    const attachment = {
      id: expect.stringMatching(/^att/),
      url: 'https://example.com/p/a.png',
      filename: 'a.png',
    };
    expect(body).toMatchObject({
      fields: { cell: [{ ...attachment, size: expect.any(Number), type: 'image/png' }] },
    });
    const kept = recordsOf(emulator)[1]?.fields['cell'];
    const path = `/T/${idOf(emulator, 1)}`;
    expect((await call(emulator, 'PATCH', path, { fields: { cell: kept } })).body).toMatchObject({
      fields: { cell: kept },
    });
    expect(await call(emulator, 'PATCH', path, { fields: { cell: [{ id: 'attNone' }] } })).toMatchObject({
      status: 422,
      body: { error: { type: 'INVALID_ATTACHMENT_OBJECT' } },
    });
  });
});

describe('typecast', () => {
  test.each<[FieldType, unknown, unknown]>([
    ['singleLineText', 12, '12'],
    ['number', ' 1,200.5', 1200.5],
    ['checkbox', 'true', true],
    ['singleSelect', 'a', 'A'],
    ['multipleSelects', 'A, B', ['A', 'B']],
    ['singleCollaborator', 'ana@example.com', ANA],
  ])('makes a %s from %j', async (type, value, stored) => {
    const { body } = await writeCell(type, value, { typecast: true });

    expect(body).toMatchObject({ fields: { cell: stored } });
  });

  test('adds a choice permanently, unless the write fails elsewhere', async () => {
    const { emulator } = await writeCell('singleSelect', 'New', { typecast: true });
    const choices = () => emulator.base.tables[0]?.fields[1]?.options?.choices?.map(({ name }) => name);

    expect(choices()).toEqual(['A', 'New']);
    const records = [{ fields: { cell: 'Other' } }, { fields: { nope: 1 } }];
    expect((await call(emulator, 'POST', '/T', { records, typecast: true })).status).toBe(422);
    expect(choices()).toEqual(['A', 'New']);
  });
});

describe('clearing', () => {
  test('null and "" empty a cell, and an unticked box is blank', async () => {
    const emulator = await serve([
      customersTable([{ name: 'Ann', sms: '1', id: 1, opt_out: true }], { opt_out: 'checkbox' }),
    ]);

    const { body } = await call(emulator, 'PATCH', `/Customers/${idOf(emulator, 0)}`, {
      fields: { sms: '', id: null, opt_out: false },
    });

    expect(body).toMatchObject({ fields: { name: 'Ann' } });
    expect(recordsOf(emulator)[0]?.fields).toEqual({ name: 'Ann' });
  });

  test('PUT clears the cells that it omits, except computed ones', async () => {
    const emulator = await serve([customersTable([{ name: 'Ann', sms: '1' }], { id: 'autoNumber' })]);

    const { body } = await call(emulator, 'PUT', `/Customers/${idOf(emulator, 0)}`, {
      fields: { notes: 'n' },
    });

    expect(body).toMatchObject({ fields: { id: 1, notes: 'n' } });
    expect(recordsOf(emulator)[0]?.fields).toEqual({ id: 1, notes: 'n' });
  });
});

describe('autoNumber', () => {
  test('keeps counting, and does not reuse a number', async () => {
    const emulator = await serve([customersTable([{ name: 'Ann' }, { name: 'Bob' }], { id: 'autoNumber' })]);
    const create = async () => (await call(emulator, 'POST', '/Customers', { fields: { name: 'x' } })).body;

    expect(await create()).toMatchObject({ fields: { id: 3 } });
    await call(emulator, 'DELETE', `/Customers/${idOf(emulator, 2)}`);

    expect(await create()).toMatchObject({ fields: { id: 4 } });
  });
});

describe('a batch', () => {
  test('is written completely or not at all', async () => {
    const emulator = await serve([customersTable([{ name: 'Ann' }, { name: 'Bob' }])]);
    const update = [
      { id: idOf(emulator, 0), fields: { name: 'changed' } },
      { id: 'recMISSING0000000', fields: {} },
    ];

    const created = await call(emulator, 'POST', '/Customers', {
      records: [{ fields: { name: 'x' } }, { fields: { id: 'y' } }],
    });
    const updated = await call(emulator, 'PATCH', '/Customers', { records: update });

    expect(created.status).toBe(422);
    expect(updated).toMatchObject({
      status: 422,
      body: {
        error: {
          type: 'ROW_DOES_NOT_EXIST',
          message: 'Record ID recMISSING0000000 does not exist in this table',
        },
      },
    });
    expect(recordsOf(emulator).map(({ fields }) => fields)).toEqual([{ name: 'Ann' }, { name: 'Bob' }]);
  });

  test('of eleven is rejected', async () => {
    const emulator = await serve([customersTable([])]);
    const records = Array.from({ length: 11 }, () => ({ fields: {} }));

    const { status, body } = await call(emulator, 'POST', '/Customers', { records });

    expect(status).toBe(422);
    expect(body).toMatchObject({
      error: { message: 'A maximum of 10 records can be created per request but you have provided 11.' },
    });
    expect((await call(emulator, 'POST', '/Customers', { records: records.slice(1) })).status).toBe(200);
  });

  const malformed = {
    status: 422,
    body: {
      error: {
        type: 'INVALID_RECORDS',
        message:
          'You must provide an array of up to 10 record objects, each with an "id" ID field and a "fields" object for cell values.',
      },
    },
  };

  test.each([{ records: [{ fields: {} }] }, { records: 'recX' }, { records: [] }])(
    '%j is not a valid update',
    async (body) => {
      const emulator = await serve([customersTable([])]);

      expect(await call(emulator, 'PATCH', '/Customers', body)).toMatchObject(malformed);
    },
  );

  test.each([undefined, {}, { name: 'Ann' }])('a body %j lacks its fields', async (body) => {
    const emulator = await serve([customersTable([])]);

    expect(await call(emulator, 'POST', '/Customers', body)).toMatchObject({
      status: 422,
      body: {
        error: {
          type: 'INVALID_REQUEST_MISSING_FIELDS',
          message: 'Could not find field "fields" in the request body',
        },
      },
    });
  });

  test('that is not JSON is a bad request', async () => {
    const emulator = await serve([customersTable([])]);

    expect((await call(emulator, 'POST', '/Customers', '{"fields":')).status).toBe(400);
  });
});

describe('deleting', () => {
  test('returns one or a list, and removes links', async () => {
    const companies = aTable('Companies', { title: 'singleLineText' }, [
      { title: 'A' },
      { title: 'B' },
      { title: 'C' },
    ]);
    const ids = companies.records.map(({ id }) => id);
    const people = aTable('People', { name: 'singleLineText', company: 'multipleRecordLinks' }, [
      { company: ids },
    ]);
    const emulator = await serve([people, companies]);
    const [a, b, c] = ids;

    const one = await call(emulator, 'DELETE', `/Companies/${a}`);
    const many = await call(emulator, 'DELETE', `/Companies?records[]=${b}`);

    expect(one.body).toEqual({ id: a, deleted: true });
    expect(many.body).toEqual({ records: [{ id: b, deleted: true }] });
    expect(recordsOf(emulator)[0]?.fields['company']).toEqual([c]);
  });
});

describe('upsert', () => {
  const upsert = (
    emulator: AirtableEmulator,
    method: string,
    fields: object,
    on: readonly string[] = ['sms'],
  ) =>
    call(emulator, method, '/Customers', { performUpsert: { fieldsToMergeOn: on }, records: [{ fields }] });

  const PEOPLE = [
    { name: 'Ann', sms: '1', notes: 'n' },
    { name: 'Bob', sms: '2' },
    { name: 'Bob', sms: '3' },
  ];

  test('creates if no record matches and updates if one does', async () => {
    const emulator = await serve([customersTable(PEOPLE)]);

    const created = await upsert(emulator, 'PATCH', { sms: '9', name: 'New' });
    const updated = await upsert(emulator, 'PATCH', { sms: '1', name: 'Annie' });

    expect(created.body).toMatchObject({ createdRecords: [idOf(emulator, 3)], updatedRecords: [] });
    expect(updated.body).toMatchObject({ createdRecords: [], updatedRecords: [idOf(emulator, 0)] });
    expect(recordsOf(emulator)[0]?.fields).toEqual({ name: 'Annie', sms: '1', notes: 'n' });
  });

  test('by PUT clears the other cells', async () => {
    const emulator = await serve([customersTable(PEOPLE)]);

    await upsert(emulator, 'PUT', { sms: '1', name: 'Annie' });

    expect(recordsOf(emulator)[0]?.fields).toEqual({ name: 'Annie', sms: '1' });
  });

  test('with a null key creates', async () => {
    const emulator = await serve([customersTable([{ name: 'Ann' }])]);

    expect((await upsert(emulator, 'PUT', { sms: null, name: 'New' })).body).toMatchObject({
      updatedRecords: [],
    });
    expect(recordsOf(emulator)).toHaveLength(2);
  });

  test.each([
    ['two that match', { name: 'Bob' }, ['name']],
    ['a missing merge field', { notes: 'x' }, ['sms']],
    ['an e-mail field to merge on', { email: 'a@example.com' }, ['email']],
    ['four merge fields', { name: 'x' }, ['name', 'sms', 'notes', 'owner']],
    ['an unknown merge field', { name: 'x' }, ['nope']],
  ])('is rejected for %s', async (_what, fields, on) => {
    const emulator = await serve([customersTable(PEOPLE)]);

    expect((await upsert(emulator, 'PATCH', fields, on)).status).toBe(422);
    expect(recordsOf(emulator).map(({ fields: stored }) => stored)).toEqual(PEOPLE);
  });

  test('with one key twice returns 501, because the real behaviour is not known', async () => {
    const emulator = await serve([customersTable([])]);
    const records = [{ fields: { sms: '1' } }, { fields: { sms: '1' } }];

    const { status } = await call(emulator, 'PATCH', '/Customers', {
      performUpsert: { fieldsToMergeOn: ['sms'] },
      records,
    });

    expect(status).toBe(501);
  });
});

describe('times', () => {
  test('a record is created and changed at whole seconds of the given clock', async () => {
    const time = clock('2026-03-01T12:00:00.900Z');
    const emulator = await serve([customersTable([], { edited: 'lastModifiedTime' })], { now: time.now });

    const created = await call(emulator, 'POST', '/Customers', { fields: { name: 'Ann' } });
    time.advance(61);
    const updated = await call(emulator, 'PATCH', `/Customers/${idOf(emulator, 0)}`, {
      fields: { name: 'Annie' },
    });

    const createdTime = '2026-03-01T12:00:00.000Z';
    expect(created.body).toMatchObject({ createdTime, fields: { edited: createdTime } });
    expect(updated.body).toMatchObject({ createdTime, fields: { edited: '2026-03-01T12:01:01.000Z' } });
  });

  test('the response to a write waits until the change is saved', async () => {
    const kept: BaseData[] = [];
    const emulator = await serve([customersTable([])], {
      onChange: async (base) => {
        await new Promise(setImmediate);
        kept.push(structuredClone(base));
      },
    });

    await call(emulator, 'POST', '/Customers', { fields: { name: 'Ann' } });
    await call(emulator, 'POST', '/Customers', { fields: { nope: 'Ann' } });
    await call(emulator, 'GET', '/Customers');

    expect(kept.map(({ tables }) => tables[0]?.records.length)).toEqual([1]);
  });
});
