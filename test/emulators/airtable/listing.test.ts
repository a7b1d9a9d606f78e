import { describe, expect, test } from '@jest/globals';
import { aTable, customersTable } from '../../../emulators/airtable/base-data';
import { call, clock, errorOf, list, names, serve } from './serve';

const numbered = (count: number) =>
  Array.from({ length: count }, (_row, index) => ({ name: `c${index}`, id: index }));

test('a record has its cells in the order of the fields, and no blank ones', async () => {
  const types = { a: 'singleLineText', b: 'number', c: 'checkbox', e: 'createdTime', f: 'url' } as const;
  const table = aTable('T', { ...types, d: 'multipleSelects' }, [{ f: 'x', d: [], c: false, b: 0, a: '' }]);
  const emulator = await serve([table]);
  const id = table.records[0]?.id;

  const { headers, body } = await call(emulator, 'GET', '/T');

  const createdTime = '2024-05-01T09:30:00.000Z';
  const record = { id, createdTime, fields: { b: 0, e: createdTime, f: 'x' } };
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(JSON.stringify(body)).toBe(JSON.stringify({ records: [record] }));
  expect((await call(emulator, 'GET', `/T/${id}`)).body).toEqual(record);
  expect((await call(emulator, 'GET', `/T/${id}?fields[]=a`)).status).toBe(422);
});

describe('a listing by pages', () => {
  test('ends without an offset, and respects maxRecords over all pages', async () => {
    const emulator = await serve([customersTable(numbered(9))]);

    const first = await list(emulator, 'Customers', { pageSize: 3, maxRecords: 5 });
    const second = await list(emulator, 'Customers', { pageSize: 3, maxRecords: 5, offset: first.offset });

    expect(first.offset).toMatch(/^itr[A-Za-z0-9]{14}\/rec[A-Za-z0-9]{14}$/);
    expect(first.offset?.endsWith(first.records[2]?.id ?? 'none')).toBe(true);
    expect(second.records.map(({ fields }) => fields['name'])).toEqual(['c3', 'c4']);
    expect(second.offset).toBeUndefined();
  });

  test('has pages of 100 by default', async () => {
    const emulator = await serve([customersTable(numbered(101))]);

    expect((await list(emulator, 'Customers')).records).toHaveLength(100);
  });

  test('keeps set and order of the first page, with cells as they are now', async () => {
    const emulator = await serve([customersTable(numbered(5))]);
    const ids = emulator.base.tables[0]?.records.map(({ id }) => id) ?? [];
    const first = await list(emulator, 'Customers', { pageSize: 2 });

    emulator.edit.addRecord('Customers', { name: 'c25' });
    emulator.edit.changeRecord('Customers', ids[2] ?? '', { name: 'zz' });
    emulator.edit.deleteRecord('Customers', ids[3] ?? '');
    const second = await list(emulator, 'Customers', { pageSize: 2, offset: first.offset });
    const third = await list(emulator, 'Customers', { pageSize: 2, offset: second.offset });

    expect(second.records.map(({ fields }) => fields['name'])).toEqual(['zz']);
    expect(await list(emulator, 'Customers', { pageSize: 2, offset: first.offset })).toEqual(second);
    expect(third.records.map(({ fields }) => fields['name'])).toEqual(['c4']);
    expect(third.offset).toBeUndefined();
  });

  const GONE = errorOf(422, 'LIST_RECORDS_ITERATOR_NOT_AVAILABLE');

  test('expires after idling too long, but not while in use', async () => {
    const time = clock();
    const emulator = await serve([customersTable(numbered(5))], { now: time.now });
    let { offset } = await list(emulator, 'Customers', { pageSize: 1 });

    for (let page = 0; page < 2; page++) {
      time.advance(299);
      offset = (await list(emulator, 'Customers', { pageSize: 1, offset })).offset;
    }
    time.advance(301);

    expect(await call(emulator, 'POST', '/Customers/listRecords', { offset })).toMatchObject(GONE);
  });

  test('cannot continue after iterators expire, with other parameters or an invalid offset', async () => {
    const emulator = await serve([customersTable(numbered(5))]);
    const { offset } = await list(emulator, 'Customers', { pageSize: 2 });
    const next = (parameters: object) => call(emulator, 'POST', '/Customers/listRecords', parameters);

    expect(await next({ offset, filterByFormula: '{id}=1' })).toMatchObject(GONE);
    expect(await next({ offset: '5' })).toMatchObject(errorOf(422, 'INVALID_OFFSET_VALUE'));
    emulator.expireIterators();
    expect(await next({ offset })).toMatchObject(GONE);
  });
});

describe('the order', () => {
  const rows = [
    { name: 'b', id: 2, stage: 'New' },
    { name: 'blank', stage: 'Active' },
    { name: 'a', id: 10 },
  ];

  test.each([
    ['id', 'asc', ['blank', 'b', 'a']],
    ['id', 'desc', ['a', 'b', 'blank']],
    ['stage', 'asc', ['a', 'b', 'blank']],
    ['name', 'asc', ['a', 'b', 'blank']],
  ] as const)(
    'of a view by %s %s has blanks first, and selects by their options',
    async (field, direction, order) => {
      const table = customersTable(rows, { stage: 'singleSelect' });
      table.views.push({ id: 'viwA', name: 'Sorted', type: 'grid', sort: [{ field, direction }] });
      const emulator = await serve([table]);

      expect(await names(emulator, 'Customers', { view: 'Sorted' })).toEqual(order);
    },
  );

  test('of a view comes with its filter, and all fields are returned', async () => {
    const table = customersTable(rows, { stage: 'singleSelect' });
    table.views.push({ id: 'viwA', name: 'Inactive', type: 'grid', filterByFormula: '{stage}!="Active"' });
    const emulator = await serve([table]);

    expect((await list(emulator, 'Customers', { view: 'viwA' })).records[0]?.fields).toEqual(rows[0]);
    expect(await names(emulator, 'Customers', { view: 'viwA', filterByFormula: '{stage}=""' })).toEqual([
      'a',
    ]);
  });

  test('is arbitrary without a view when the emulator shuffles', async () => {
    const emulator = await serve([customersTable(numbered(60))], { shuffleUnsorted: true });
    const inOrder = numbered(60).map(({ name }) => name);

    const unsorted = await names(emulator, 'Customers');

    expect(unsorted).not.toEqual(inOrder);
    expect(new Set(unsorted)).toEqual(new Set(inOrder));
    expect(await names(emulator, 'Customers', { view: 'Grid view' })).toEqual(inOrder);
  });
});

describe('parameters in the query', () => {
  test.each([
    'fields[]=full+name&fields[]=n',
    'fields%5B%5D=full%20name&fields%5B%5D=n',
    'fields[0]=full+name&fields[1]=n&view=Grid+view&pageSize=many&unknown=1',
  ])('%s are read', async (query) => {
    const rows = [{ 'full name': 'A', n: 1, other: 'x' }];
    const types = { 'full name': 'singleLineText', n: 'number', other: 'url' } as const;
    const emulator = await serve([aTable('My Table', types, rows)]);

    expect((await call(emulator, 'GET', `/My%20Table?${query}`)).body).toMatchObject({
      records: [{ fields: { 'full name': 'A', n: 1 } }],
    });
  });

  test.each(['pageSize=0', 'maxRecords=0'])('%s gives an empty list', async (query) => {
    const emulator = await serve([customersTable(numbered(2))]);

    expect((await call(emulator, 'GET', `/Customers?${query}`)).body).toEqual({ records: [] });
  });

  test.each([
    ['pageSize=101', 422, 'INVALID_PAGE_SIZE_ARGUMENT'],
    ['pageSize=-1', 422, 'INVALID_PAGE_SIZE_ARGUMENT'],
    ['fields[]=nope', 422, 'UNKNOWN_FIELD_NAME'],
    ['view=nope', 422, 'VIEW_NAME_NOT_FOUND'],
    ['view=viwAAAAAAAAAAAAAA', 422, 'VIEW_ID_NOT_FOUND'],
    ['filterByFormula=%7B', 422, 'INVALID_FILTER_BY_FORMULA'],
    ['sort[0][field]=name', 501, 'NOT_SUPPORTED_BY_EMULATOR'],
    ['cellFormat=string', 501, 'NOT_SUPPORTED_BY_EMULATOR'],
  ])('%s is rejected with %d %s', async (query, status, type) => {
    const emulator = await serve([customersTable(numbered(1))]);

    expect(await call(emulator, 'GET', `/Customers?${query}`)).toMatchObject(errorOf(status, type));
  });
});

test('a renamed field is rejected by its old name and still read by its id', async () => {
  const emulator = await serve([customersTable([{ name: 'Ann', sms: '+14155550101' }])]);
  const field = emulator.base.tables[0]?.fields.find(({ name }) => name === 'sms')?.id;

  emulator.edit.renameField('Customers', 'sms', 'mobile');

  expect((await call(emulator, 'GET', '/Customers?fields[]=sms')).status).toBe(422);
  expect((await call(emulator, 'GET', `/Customers?fields[]=${field}`)).body).toMatchObject({
    records: [{ fields: { mobile: '+14155550101' } }],
  });
});
