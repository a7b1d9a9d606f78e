import { describe, expect, test } from '@jest/globals';
import type { AirtableEmulator } from '../../../emulators/airtable/airtable-emulator';
import { customersTable } from '../../../emulators/airtable/base-data';
import { call, errorOf, list, request, serve } from './serve';

const CHECK = { icon: 'check', color: 'greenBright' };
const DRAFT = { name: 'New', fields: [{ name: 'a', type: 'singleLineText' }] };

const createTable = (emulator: AirtableEmulator, draft: object) =>
  call(emulator, 'POST', '', draft, 'schema');
const createField = (emulator: AirtableEmulator, draft: object, table = emulator.base.tables[0]?.id) =>
  call(emulator, 'POST', `/${table}/fields`, draft, 'schema');

test('the schema lists the base, its tables, fields with their options, and views', async () => {
  const table = customersTable([], { opt_out: 'checkbox' });
  const emulator = await serve([table]);

  expect((await request(`${emulator.url}/v0/meta/bases`)).body).toEqual({
    bases: [{ id: emulator.base.id, name: 'Frontline', permissionLevel: 'create' }],
  });
  const { body } = await call(emulator, 'GET', '', undefined, 'schema');
  expect(body).toMatchObject({
    tables: [
      {
        id: table.id,
        name: 'Customers',
        primaryFieldId: table.fields[0]?.id,
        views: [{ name: 'Grid view' }],
      },
    ],
  });
  expect(JSON.stringify(body)).toContain('"type":"number","options":{"precision":0}');
  expect(JSON.stringify(body)).toContain('"name":"sms","type":"singleLineText"}');
  expect((await call(emulator, 'GET', '?include=visibleFieldIds', undefined, 'schema')).status).toBe(501);
});

describe('a table that is created', () => {
  test('has its fields, the first as the primary one, and a grid view, and takes records', async () => {
    const emulator = await serve([]);

    const { status, body } = await createTable(emulator, {
      name: 'Templates',
      description: 'What we say',
      fields: [
        { name: 'title', type: 'singleLineText', description: 'For yourselves' },
        { name: 'category', type: 'singleSelect', options: { choices: [{ name: 'Openers' }] } },
        { name: 'approved', type: 'checkbox', options: CHECK },
      ],
    });

    const id = expect.any(String);
    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.stringMatching(/^tbl[A-Za-z0-9]{14}$/),
      name: 'Templates',
      description: 'What we say',
      primaryFieldId: expect.stringMatching(/^fld[A-Za-z0-9]{14}$/),
      fields: [
        { id, name: 'title', type: 'singleLineText', description: 'For yourselves' },
        { id, name: 'category', type: 'singleSelect', options: { choices: [{ id, name: 'Openers' }] } },
        { id, name: 'approved', type: 'checkbox', options: CHECK },
      ],
      views: [{ id, name: 'Grid view', type: 'grid' }],
    });
    expect((await call(emulator, 'GET', '', undefined, 'schema')).body).toEqual({ tables: [body] });
    const fields = { title: 'Hello', category: 'Openers', approved: true };
    await call(emulator, 'POST', '/Templates', { fields });
    expect((await list(emulator, 'Templates', { view: 'Grid view' })).records).toMatchObject([{ fields }]);
  });

  test.each([
    ['the name of another, regardless of case', { name: 'CUSTOMERS' }, 'DUPLICATE_TABLE_NAME'],
    ['no field', { fields: [] }, 'INVALID_REQUEST_UNKNOWN'],
    [
      'a checkbox as its primary field',
      { fields: [{ name: 'a', type: 'checkbox', options: CHECK }] },
      'INVALID_REQUEST_UNKNOWN',
    ],
    [
      'two fields of one name',
      { fields: ['a', 'A'].map((name) => ({ name, type: 'email' })) },
      'DUPLICATE_OR_EMPTY_FIELD_NAME',
    ],
  ])('cannot have %s, and is then not created', async (_what, difference, type) => {
    const emulator = await serve([customersTable([])]);

    expect(await createTable(emulator, { ...DRAFT, ...difference })).toMatchObject(errorOf(422, type));
    expect(emulator.base.tables).toHaveLength(1);
  });
});

describe('a field that is created', () => {
  test('is the last of its table, and blank in every record', async () => {
    const emulator = await serve([customersTable([{ name: 'Ann' }], { opt_out: null })]);
    const draft = { name: 'opt_out', type: 'checkbox', options: CHECK };

    expect((await createField(emulator, draft)).body).toEqual({ id: expect.any(String), ...draft });
    expect(emulator.base.tables[0]?.fields.at(-1)).toMatchObject({ name: 'opt_out' });
    expect((await list(emulator, 'Customers')).records).toMatchObject([{ fields: { name: 'Ann' } }]);
  });

  test.each<[object, number, string]>([
    [{ type: 'checkbox' }, 422, 'INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE'],
    [{ type: 'checkbox', options: { icon: 1 } }, 422, 'INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE'],
    [{ type: 'email', options: {} }, 422, 'INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE'],
    [{ type: 'formula' }, 422, 'UNSUPPORTED_FIELD_TYPE_FOR_CREATE'],
    [{ type: 'text' }, 422, 'INVALID_REQUEST_UNKNOWN'],
    [{ type: 'email', name: 'NAME' }, 422, 'DUPLICATE_OR_EMPTY_FIELD_NAME'],
    [{ type: 'multipleRecordLinks' }, 501, 'NOT_SUPPORTED_BY_EMULATOR'],
  ])('is rejected as %j with %d %s', async (draft, status, type) => {
    const emulator = await serve([customersTable([])]);

    expect(await createField(emulator, { name: 'new', ...draft })).toMatchObject(errorOf(status, type));
  });

  test('in an unknown table is forbidden', async () => {
    const emulator = await serve([]);

    expect((await createField(emulator, { name: 'b', type: 'url' }, 'tblOther')).status).toBe(403);
  });
});

test('each change of the schema is reported before the response', async () => {
  const seen: string[] = [];
  const emulator = await serve([], {
    onChange: ({ tables }) => {
      seen.push(tables.map(({ name, fields }) => `${name}: ${fields.map((field) => field.name)}`).join());
    },
  });

  await createTable(emulator, DRAFT);
  await createField(emulator, { name: 'b', type: 'url' });

  expect(seen).toEqual(['New: a', 'New: a,b']);
});
