import { describe, expect, test } from '@jest/globals';
import type { AirtableEmulator, BaseData, FieldType } from '../../../emulators/airtable/airtable-emulator';
import { aBase, aCollaborator, aTable, customersTable } from '../../../emulators/airtable/base-data';
import { call, clock, errorOf, serve } from './serve';

const recordsOf = (emulator: AirtableEmulator) => emulator.base.tables[0]?.records ?? [];
const idOf = (emulator: AirtableEmulator, index: number) => recordsOf(emulator)[index]?.id ?? '';
const ANA = aCollaborator('Ana', 'ana@example.com');

/** The response to a write of one cell into a new record of a table with only that column. */
async function writeCell(type: FieldType, value: unknown) {
  const table = aTable('T', { name: 'singleLineText', cell: type }, [{ name: 'first' }]);
  const [, field] = table.fields;
  if (field?.type.endsWith('Select') || field?.type.endsWith('Selects'))
    field.options = { choices: [{ id: 'selA', name: 'A' }] };
  const emulator = await serve([], { base: aBase([table], [ANA]) });
  return { ...(await call(emulator, 'POST', '/T', { fields: { cell: value } })), emulator };
}

describe('a cell', () => {
  test.each<[FieldType, unknown, unknown]>([
    ['singleLineText', ' text ', ' text '],
    ['url', 'no url', 'no url'],
    ['phoneNumber', '+14155550101', '+14155550101'],
    ['phoneNumber', '4155550101', '(415) 555-0101'],
    ['richText', '* a', '- a\n'],
    ['number', -1.5, -1.5],
    ['checkbox', true, true],
    ['singleSelect', 'A', 'A'],
    ['multipleSelects', ['A'], ['A']],
    ['date', '2026-03-01', '2026-03-01'],
    ['dateTime', '2026-03-01T12:00', '2026-03-01T12:00:00.000Z'],
    ['dateTime', '2026-03-01T12:00:00+02:00', '2026-03-01T10:00:00.000Z'],
    ['dateTime', 1_772_366_400_000, '2026-03-01T12:00:00.000Z'],
    ['singleCollaborator', { email: 'ana@example.com' }, ANA],
    ['singleCollaborator', { id: ANA.id }, ANA],
    ['barcode', { text: '123' }, { text: '123' }],
  ])('of %s takes %j', async (type, value, stored) => {
    const { status, body } = await writeCell(type, value);

    expect(body).toMatchObject({ fields: { cell: stored } });
    expect(status).toBe(200);
  });

  test.each<[FieldType, unknown, string]>([
    ['singleLineText', 12, 'INVALID_VALUE_FOR_COLUMN'],
    ['number', '12', 'INVALID_VALUE_FOR_COLUMN'],
    ['rating', 6, 'INVALID_VALUE_FOR_COLUMN'],
    ['checkbox', 'true', 'INVALID_VALUE_FOR_COLUMN'],
    ['multipleSelects', 'A', 'INVALID_VALUE_FOR_COLUMN'],
    ['date', 'tomorrow', 'INVALID_VALUE_FOR_COLUMN'],
    ['singleCollaborator', { email: 'unknown@example.com' }, 'INVALID_VALUE_FOR_COLUMN'],
    ['formula', null, 'INVALID_VALUE_FOR_COLUMN'],
    ['autoNumber', 1, 'INVALID_VALUE_FOR_COLUMN'],
    ['singleSelect', 'B', 'INVALID_MULTIPLE_CHOICE_OPTIONS'],
    ['multipleAttachments', [{ id: 'attX', url: 'https://example.com/a.png' }], 'INVALID_ATTACHMENT_OBJECT'],
    ['multipleAttachments', [{ url: 'data:text/plain;base64,AAAA' }], 'INVALID_ATTACHMENT_OBJECT'],
  ])('of %s rejects %j with %s, and nothing is written', async (type, value, error) => {
    const { status, body, emulator } = await writeCell(type, value);

    expect({ status, body }).toMatchObject(errorOf(422, error));
    expect(recordsOf(emulator)).toHaveLength(1);
  });

  test('of attachments is written by URL, read with more properties, and kept by id', async () => {
    const url = 'https://example.com/p/a.png';
    const { body, emulator } = await writeCell('multipleAttachments', [{ url }]);

    const attachment = { id: expect.stringMatching(/^att/), url, filename: 'a.png', type: 'image/png' };
    expect(body).toMatchObject({ fields: { cell: [{ ...attachment, size: expect.any(Number) }] } });
    const cell = recordsOf(emulator)[1]?.fields['cell'];
    const path = `/T/${idOf(emulator, 1)}`;
    expect((await call(emulator, 'PATCH', path, { fields: { cell } })).body).toMatchObject({
      fields: { cell },
    });
  });

  test('is emptied by null and "", and an unticked box is blank', async () => {
    const row = { name: 'Ann', sms: '1', id: 1, opt_out: true };
    const emulator = await serve([customersTable([row], { opt_out: 'checkbox' })]);

    const fields = { sms: '', id: null, opt_out: false };
    await call(emulator, 'PATCH', `/Customers/${idOf(emulator, 0)}`, { fields });

    expect(recordsOf(emulator)[0]?.fields).toEqual({ name: 'Ann' });
  });

  test('of an autoNumber keeps counting, and does not reuse a number', async () => {
    const emulator = await serve([customersTable([{ name: 'Ann' }, { name: 'Bob' }], { id: 'autoNumber' })]);
    const create = async () => (await call(emulator, 'POST', '/Customers', { fields: { name: 'x' } })).body;

    expect(await create()).toMatchObject({ fields: { id: 3 } });
    await call(emulator, 'DELETE', `/Customers/${idOf(emulator, 2)}`);

    expect(await create()).toMatchObject({ fields: { id: 4 } });
  });
});

describe('a batch', () => {
  const PEOPLE = [{ name: 'Ann' }, { name: 'Bob' }];

  test('is created and updated', async () => {
    const emulator = await serve([customersTable([])]);
    const records = PEOPLE.map((fields) => ({ fields }));

    expect((await call(emulator, 'POST', '/Customers', { records })).body).toMatchObject({ records });
    const updates = [{ id: idOf(emulator, 1), fields: { sms: '1' } }];
    expect((await call(emulator, 'PATCH', '/Customers', { records: updates })).body).toMatchObject({
      records: [{ fields: { name: 'Bob', sms: '1' } }],
    });
  });

  test('is written completely or not at all', async () => {
    const emulator = await serve([customersTable(PEOPLE)]);
    const creations = [{ fields: { name: 'x' } }, { fields: { id: 'y' } }];
    const updates = [
      { id: idOf(emulator, 0), fields: { name: 'changed' } },
      { id: 'recMISSING0000000', fields: {} },
    ];

    expect((await call(emulator, 'POST', '/Customers', { records: creations })).status).toBe(422);
    expect(await call(emulator, 'PATCH', '/Customers', { records: updates })).toMatchObject(
      errorOf(422, 'ROW_DOES_NOT_EXIST'),
    );
    expect(recordsOf(emulator).map(({ fields }) => fields)).toEqual(PEOPLE);
  });

  const eleven = Array.from({ length: 11 }, () => ({ fields: {} }));

  test.each<[string, unknown, number, string]>([
    ['POST', { records: eleven }, 422, 'INVALID_REQUEST_UNKNOWN'],
    ['PATCH', { records: [{ fields: {} }] }, 422, 'INVALID_RECORDS'],
    ['PATCH', { records: [] }, 422, 'INVALID_RECORDS'],
    ['POST', { fields: { nope: 1 } }, 422, 'UNKNOWN_FIELD_NAME'],
    ['POST', { name: 'Ann' }, 422, 'INVALID_REQUEST_MISSING_FIELDS'],
    ['POST', undefined, 422, 'INVALID_REQUEST_MISSING_FIELDS'],
    ['POST', '{"fields":', 400, 'INVALID_REQUEST_BODY'],
    ['POST', { fields: {}, typecast: true }, 501, 'NOT_SUPPORTED_BY_EMULATOR'],
    ['PATCH', { records: [], performUpsert: {} }, 501, 'NOT_SUPPORTED_BY_EMULATOR'],
    ['POST', { fields: {}, returnFieldsByFieldId: true }, 501, 'NOT_SUPPORTED_BY_EMULATOR'],
  ])('%s of %j is rejected with %d %s', async (method, body, status, type) => {
    const emulator = await serve([customersTable([])]);

    expect(await call(emulator, method, '/Customers', body)).toMatchObject(errorOf(status, type));
  });
});

test('a record is created at whole seconds of the given clock, and deleted', async () => {
  const emulator = await serve([customersTable([])], { now: clock('2026-03-01T12:00:00.900Z').now });

  const { body } = await call(emulator, 'POST', '/Customers', { fields: { name: 'Ann' } });
  const id = idOf(emulator, 0);

  expect(body).toEqual({ id, createdTime: '2026-03-01T12:00:00.000Z', fields: { name: 'Ann' } });
  expect((await call(emulator, 'DELETE', `/Customers/${id}`)).body).toEqual({ id, deleted: true });
  expect(recordsOf(emulator)).toEqual([]);
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
