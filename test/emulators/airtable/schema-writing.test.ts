import { describe, expect, test } from '@jest/globals';
import type { AirtableEmulator } from '../../../emulators/airtable/airtable-emulator';
import { customersTable } from '../../../emulators/airtable/base-data';
import { call, list, request, serve, TOKEN } from './serve';

const CHECK = { icon: 'check', color: 'greenBright' };

const schemaUrl = (emulator: AirtableEmulator, path = '') =>
  `${emulator.url}/v0/meta/bases/${emulator.base.id}/tables${path}`;
const createTable = (emulator: AirtableEmulator, draft: unknown) =>
  request(schemaUrl(emulator), 'POST', draft);
const createField = (emulator: AirtableEmulator, draft: unknown, tableId = emulator.base.tables[0]?.id) =>
  request(schemaUrl(emulator, `/${tableId}/fields`), 'POST', draft);
const readSchema = async (emulator: AirtableEmulator) => (await request(schemaUrl(emulator))).body;

describe('a table that is created', () => {
  test('has its fields, the first as the primary one, and a grid view, and takes records', async () => {
    const emulator = await serve([]);

    const { status, body } = await createTable(emulator, {
      name: 'Templates',
      description: 'What we say',
      fields: [
        { name: 'title', type: 'singleLineText' },
        { name: 'text', type: 'multilineText', description: 'With {{fields}}' },
        {
          name: 'category',
          type: 'singleSelect',
          options: { choices: [{ name: 'Openers', color: 'blueLight2' }] },
        },
        { name: 'whatsAppApproved', type: 'checkbox', options: CHECK },
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
        { id, name: 'title', type: 'singleLineText' },
        { id, name: 'text', type: 'multilineText', description: 'With {{fields}}' },
        {
          id,
          name: 'category',
          type: 'singleSelect',
          options: {
            choices: [{ id: expect.stringMatching(/^sel/), name: 'Openers', color: 'blueLight2' }],
          },
        },
        { id, name: 'whatsAppApproved', type: 'checkbox', options: CHECK },
      ],
      views: [{ id: expect.stringMatching(/^viw/), name: 'Grid view', type: 'grid' }],
    });
    expect(await readSchema(emulator)).toEqual({ tables: [body] });
    const record = { title: 'Hello', text: 'Hi', category: 'Openers', whatsAppApproved: true };
    expect((await call(emulator, 'POST', '/Templates', { fields: record })).status).toBe(200);
    expect((await list(emulator, 'Templates', { view: 'Grid view' })).records).toMatchObject([
      { fields: record },
    ]);
  });

  test.each([
    ['the name of another, in any case', { name: 'CUSTOMERS' }, 'DUPLICATE_TABLE_NAME'],
    ['no field', { fields: [] }, 'INVALID_REQUEST_UNKNOWN'],
    [
      'a checkbox as its primary field',
      { fields: [{ name: 'a', type: 'checkbox', options: CHECK }] },
      'INVALID_REQUEST_UNKNOWN',
    ],
    [
      'a select as its primary field',
      { fields: [{ name: 'a', type: 'singleSelect', options: { choices: [] } }] },
      'INVALID_REQUEST_UNKNOWN',
    ],
    [
      'two fields of one name',
      {
        fields: [
          { name: 'a', type: 'email' },
          { name: 'A', type: 'url' },
        ],
      },
      'DUPLICATE_OR_EMPTY_FIELD_NAME',
    ],
  ])('cannot have %s, and is then not created', async (_what, difference, type) => {
    const emulator = await serve([customersTable([])]);
    const draft = { name: 'New', fields: [{ name: 'a', type: 'singleLineText' }], ...difference };

    expect(await createTable(emulator, draft)).toMatchObject({ status: 422, body: { error: { type } } });
    expect(emulator.base.tables).toHaveLength(1);
  });
});

describe('a field that is created', () => {
  test('is the last of its table, and blank in every record', async () => {
    const emulator = await serve([customersTable([{ name: 'Ann' }], { opt_out: null })]);

    const { status, body } = await createField(emulator, {
      name: 'opt_out',
      type: 'checkbox',
      options: CHECK,
    });

    expect(status).toBe(200);
    expect(body).toEqual({ id: expect.any(String), name: 'opt_out', type: 'checkbox', options: CHECK });
    expect(emulator.base.tables[0]?.fields.at(-1)).toMatchObject({ name: 'opt_out' });
    expect((await list(emulator, 'Customers')).records).toMatchObject([{ fields: { name: 'Ann' } }]);
  });

  test.each([
    ['number', { precision: 0 }],
    ['percent', { precision: 2 }],
    ['currency', { precision: 2, symbol: '€' }],
    ['duration', { durationFormat: 'h:mm' }],
    ['rating', { icon: 'heart', max: 3, color: 'redBright' }],
    ['date', { dateFormat: { name: 'iso' } }],
    ['dateTime', { timeZone: 'utc', dateFormat: { name: 'iso' }, timeFormat: { name: '24hour' } }],
  ])('of type %s needs its options, and is read back with them', async (type, options) => {
    const emulator = await serve([customersTable([])]);

    expect(await createField(emulator, { name: 'new', type })).toMatchObject({
      status: 422,
      body: { error: { type: 'INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE' } },
    });
    expect(await createField(emulator, { name: 'new', type, options })).toMatchObject({
      status: 200,
      body: { type, options },
    });
  });

  test.each([
    ['an option of the wrong type', { type: 'number', options: { precision: '0' } }],
    ['options that its type does not have', { type: 'email', options: { precision: 0 } }],
  ])('cannot have %s', async (_what, draft) => {
    const emulator = await serve([customersTable([])]);

    expect(await createField(emulator, { name: 'new', ...draft })).toMatchObject({
      status: 422,
      body: { error: { type: 'INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE' } },
    });
  });

  test.each([
    'autoNumber',
    'createdTime',
    'lastModifiedTime',
    'formula',
    'multipleLookupValues',
    'button',
    'aiText',
  ])('cannot be of type %s', async (type) => {
    const emulator = await serve([customersTable([])]);

    expect(await createField(emulator, { name: 'new', type, options: {} })).toMatchObject({
      status: 422,
      body: { error: { type: 'UNSUPPORTED_FIELD_TYPE_FOR_CREATE' } },
    });
  });

  test.each([' ', 'SMS'])('cannot be called "%s" beside "sms"', async (name) => {
    const emulator = await serve([customersTable([])]);

    expect(await createField(emulator, { name, type: 'email' })).toMatchObject({
      status: 422,
      body: { error: { type: 'DUPLICATE_OR_EMPTY_FIELD_NAME' } },
    });
  });

  test('may be a collaborator with empty options or none', async () => {
    const emulator = await serve([customersTable([])]);
    const type = 'singleCollaborator';

    expect((await createField(emulator, { name: 'a', type })).status).toBe(200);
    expect((await createField(emulator, { name: 'b', type, options: {} })).status).toBe(200);
  });
});

test('the schema can be written only with its own scope, to a base and a table that the token can access', async () => {
  const tokens = [
    { token: TOKEN, scopes: ['schema.bases:read', 'data.records:write'] },
    { token: 'patFull' },
  ];
  const emulator = await serve([customersTable([])], { tokens });
  const draft = { name: 'New', fields: [{ name: 'a', type: 'email' }] };
  const forbidden = { status: 403, body: { error: { type: 'INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND' } } };
  const elsewhere = `${emulator.url}/v0/meta/bases/appOther/tables`;

  expect(await createTable(emulator, draft)).toMatchObject(forbidden);
  expect(await createField(emulator, draft.fields[0])).toMatchObject(forbidden);
  expect(await request(elsewhere, 'POST', draft, 'patFull')).toMatchObject(forbidden);
  expect(
    await request(schemaUrl(emulator, '/tblOther/fields'), 'POST', draft.fields[0], 'patFull'),
  ).toMatchObject(forbidden);
});

test('each change of the schema is reported before the response', async () => {
  const seen: string[] = [];
  const emulator = await serve([], {
    onChange: ({ tables }) => {
      seen.push(tables.map(({ name, fields }) => `${name}: ${fields.map((field) => field.name)}`).join());
    },
  });

  await createTable(emulator, { name: 'New', fields: [{ name: 'a', type: 'email' }] });
  await createField(emulator, { name: 'b', type: 'url' });

  expect(seen).toEqual(['New: a', 'New: a,b']);
});

test('a fault meets metadata if its filter matches the path', async () => {
  const emulator = await serve([]);
  const draft = { name: 'New', fields: [{ name: 'a', type: 'email' }] };
  emulator.faults.next(1, { kind: 'server-error' }, ({ path }) => path.endsWith('/tables'));

  expect((await createTable(emulator, draft)).status).toBe(500);
  expect((await createTable(emulator, draft)).status).toBe(200);
});
