import { describe, expect, test } from '@jest/globals';
import { aTable, customersTable } from '../../../emulators/airtable/base-data';
import { call, clock, list, names, request, serve } from './serve';

const numbered = (count: number) =>
  Array.from({ length: count }, (_row, index) => ({ name: `c${index}`, id: index }));

describe('a record as read', () => {
  test('has its cells in the order of the fields, and no blank ones', async () => {
    const table = aTable(
      'T',
      {
        a: 'singleLineText',
        b: 'number',
        c: 'checkbox',
        d: 'multipleSelects',
        e: 'createdTime',
        f: 'singleLineText',
      },
      [{ f: 'x', d: [], c: false, b: 0, a: '' }],
    );
    const emulator = await serve([table]);

    const { status, headers, body } = await call(emulator, 'GET', '/T');

    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('date')).not.toBeNull();
    const createdTime = '2024-05-01T09:30:00.000Z';
    expect(JSON.stringify(body)).toBe(
      JSON.stringify({
        records: [{ id: table.records[0]?.id, createdTime, fields: { b: 0, e: createdTime, f: 'x' } }],
      }),
    );
  });

  test('an empty table is only an empty list', async () => {
    const emulator = await serve([customersTable([])]);

    expect((await call(emulator, 'GET', '/Customers')).body).toEqual({ records: [] });
  });
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
    const asked = { pageSize: 2, sort: [{ field: 'name' }] };
    const first = await list(emulator, 'Customers', asked);

    emulator.edit.addRecord('Customers', { name: 'c25' });
    emulator.edit.changeRecord('Customers', ids[2] ?? '', { name: 'zz' });
    emulator.edit.deleteRecord('Customers', ids[3] ?? '');
    const second = await list(emulator, 'Customers', { ...asked, offset: first.offset });
    const third = await list(emulator, 'Customers', { ...asked, offset: second.offset });

    expect(second.records.map(({ fields }) => fields['name'])).toEqual(['zz']);
    expect(third.records.map(({ fields }) => fields['name'])).toEqual(['c4']);
    expect(third.offset).toBeUndefined();
  });

  test('returns the same page for the same offset', async () => {
    const emulator = await serve([customersTable(numbered(5))]);
    const { offset } = await list(emulator, 'Customers', { pageSize: 2 });

    const pages = [
      await list(emulator, 'Customers', { pageSize: 2, offset }),
      await list(emulator, 'Customers', { pageSize: 2, offset }),
    ];

    expect(pages[0]).toEqual(pages[1]);
  });

  const gone = { status: 422, body: { error: { type: 'LIST_RECORDS_ITERATOR_NOT_AVAILABLE' } } };

  test('expires after idling too long, but not while in use', async () => {
    const time = clock();
    const emulator = await serve([customersTable(numbered(5))], { now: time.now });
    const { offset } = await list(emulator, 'Customers', { pageSize: 1 });

    time.advance(299);
    const second = await list(emulator, 'Customers', { pageSize: 1, offset });
    time.advance(299);
    const third = await list(emulator, 'Customers', { pageSize: 1, offset: second.offset });
    time.advance(301);

    const late = await call(emulator, 'POST', '/Customers/listRecords', {
      pageSize: 1,
      offset: third.offset,
    });
    expect(late).toMatchObject(gone);
  });

  test('cannot continue after iterators expire, or with other parameters', async () => {
    const emulator = await serve([customersTable(numbered(5))]);
    const { offset } = await list(emulator, 'Customers', { pageSize: 2 });

    const another = { pageSize: 2, offset, filterByFormula: '{id}>1' };
    expect(await call(emulator, 'POST', '/Customers/listRecords', another)).toMatchObject(gone);
    emulator.expireIterators();
    expect(await call(emulator, 'POST', '/Customers/listRecords', { pageSize: 2, offset })).toMatchObject(
      gone,
    );
  });

  test('rejects an invalid offset', async () => {
    const emulator = await serve([customersTable(numbered(5))]);

    expect(await call(emulator, 'GET', '/Customers?offset=5')).toMatchObject({
      status: 422,
      body: { error: { type: 'INVALID_OFFSET_VALUE', message: 'The value of offset 5 is invalid' } },
    });
  });
});

describe('page sizes', () => {
  test.each(['101', '-1'])('%s is rejected', async (pageSize) => {
    const emulator = await serve([customersTable(numbered(2))]);

    expect(await call(emulator, 'GET', `/Customers?pageSize=${pageSize}`)).toMatchObject({
      status: 422,
      body: {
        error: {
          type: 'INVALID_PAGE_SIZE_ARGUMENT',
          message: 'Page size argument should be between 0 and 100',
        },
      },
    });
  });

  test.each(['pageSize=0', 'maxRecords=0'])('%s gives an empty list', async (query) => {
    const emulator = await serve([customersTable(numbered(2))]);

    expect((await call(emulator, 'GET', `/Customers?${query}`)).body).toEqual({ records: [] });
  });

  test('a value that is not a number is ignored', async () => {
    const emulator = await serve([customersTable(numbered(2))]);

    expect((await call(emulator, 'GET', '/Customers?pageSize=many')).body).toMatchObject({
      records: [{}, {}],
    });
  });
});

describe('order', () => {
  test('blanks come first ascending and last descending', async () => {
    const emulator = await serve([
      customersTable([{ name: 'b', id: 2 }, { name: 'blank' }, { name: 'a', id: 10 }]),
    ]);

    expect(await names(emulator, 'Customers', { sort: [{ field: 'id' }] })).toEqual(['blank', 'b', 'a']);
    expect(await names(emulator, 'Customers', { sort: [{ field: 'id', direction: 'desc' }] })).toEqual([
      'a',
      'b',
      'blank',
    ]);
  });

  test('several keys; a select sorts by its choices', async () => {
    const rows = [
      { name: '1', stage: 'New' },
      { name: '2', stage: 'Active' },
      { name: '3', stage: 'New' },
    ];
    const emulator = await serve([customersTable(rows, { stage: 'singleSelect' })]);

    const sort = [{ field: 'stage' }, { field: 'name', direction: 'desc' }];

    expect(await names(emulator, 'Customers', { sort })).toEqual(['3', '1', '2']);
  });

  test('a view filters and sorts, a sort overrides it, a filter narrows it, and all fields are returned', async () => {
    const table = customersTable([...numbered(4), { name: 'no id' }]);
    table.views.push({
      id: 'viwAAAAAAAAAAAAAA',
      name: 'With id',
      type: 'grid',
      filterByFormula: '{id}!=BLANK()',
      sort: [{ field: 'id', direction: 'desc' }],
    });
    const emulator = await serve([table]);

    expect(await names(emulator, 'Customers', { view: 'With id' })).toEqual(['c3', 'c2', 'c1']);
    expect(
      await names(emulator, 'Customers', { view: 'viwAAAAAAAAAAAAAA', sort: [{ field: 'id' }] }),
    ).toEqual(['c1', 'c2', 'c3']);
    expect(await names(emulator, 'Customers', { view: 'With id', filterByFormula: '{id}<3' })).toEqual([
      'c2',
      'c1',
    ]);
  });

  test('is arbitrary without sort and view when the emulator shuffles', async () => {
    const emulator = await serve([customersTable(numbered(60))], { shuffleUnsorted: true });
    const inOrder = numbered(60).map(({ name }) => name);

    const unsorted = await names(emulator, 'Customers');

    expect(unsorted).not.toEqual(inOrder);
    expect(new Set(unsorted)).toEqual(new Set(inOrder));
    expect(await names(emulator, 'Customers', { view: 'Grid view' })).toEqual(inOrder);
  });
});

describe('parameters in the query', () => {
  test('brackets raw or encoded, with and without index, and a plus for a space', async () => {
    const emulator = await serve([
      aTable('My Table', { 'full name': 'singleLineText', n: 'number' }, [{ 'full name': 'A', n: 1 }]),
    ]);
    const expected = { records: [{ fields: { 'full name': 'A', n: 1 } }] };

    for (const query of [
      'fields[]=full+name&fields[]=n',
      'fields%5B%5D=full%20name&fields%5B%5D=n',
      'fields[0]=full+name&fields[1]=n',
      'sort[0][field]=n&sort[0][direction]=desc&view=Grid+view&recordMetadata[]=commentCount',
    ]) {
      expect((await call(emulator, 'GET', `/My%20Table?${query}`)).body).toMatchObject(expected);
    }
  });

  test('twenty-five fields without an index are a list, with an index they are not', async () => {
    const columns = Array.from({ length: 25 }, (_column, index) => `f${index}`);
    const table = aTable('T', Object.fromEntries(columns.map((name) => [name, 'singleLineText'])), [
      { f24: 'x' },
    ]);
    const emulator = await serve([table]);

    const plain = await call(emulator, 'GET', `/T?${columns.map((name) => `fields[]=${name}`).join('&')}`);
    const indexed = await call(
      emulator,
      'GET',
      `/T?${columns.map((name, i) => `fields[${i}]=${name}`).join('&')}`,
    );

    expect(plain.body).toMatchObject({ records: [{ fields: { f24: 'x' } }] });
    expect(indexed.status).toBe(422);
  });

  test.each([
    ['fields[]=nope', 'UNKNOWN_FIELD_NAME', 'Unknown field name: "nope"'],
    ['sort[0][field]=nope', 'UNKNOWN_FIELD_NAME', 'Unknown field name: "nope"'],
    ['view=nope', 'VIEW_NAME_NOT_FOUND', undefined],
    ['view=viwAAAAAAAAAAAAAA', 'VIEW_ID_NOT_FOUND', undefined],
    ['sort[0][field]=name&sort[0][direction]=up', 'INVALID_REQUEST_UNKNOWN', undefined],
    [
      'filterByFormula=%7BNope%7D%3D1',
      'INVALID_FILTER_BY_FORMULA',
      'The formula for filtering records is invalid: Unknown field names: nope',
    ],
    [
      'filterByFormula=%7B',
      'INVALID_FILTER_BY_FORMULA',
      'The formula for filtering records is invalid: Invalid formula. Please check your formula text.',
    ],
  ])('%s is rejected as %s', async (query, type, message) => {
    const emulator = await serve([customersTable(numbered(1))]);

    const { status, body } = await call(emulator, 'GET', `/Customers?${query}`);

    expect(status).toBe(422);
    expect(body).toMatchObject({ error: { type, ...(message !== undefined && { message }) } });
  });

  test('cellFormat=string and an unsupported function return 501', async () => {
    const emulator = await serve([customersTable(numbered(1))]);

    expect((await call(emulator, 'GET', '/Customers?cellFormat=string')).status).toBe(501);
    expect((await call(emulator, 'GET', '/Customers?filterByFormula=ROUND(1,0)')).status).toBe(501);
  });

  test('a URL over 16,000 characters is rejected, one just under is not', async () => {
    const emulator = await serve([customersTable(numbered(1))]);

    expect((await call(emulator, 'GET', `/Customers?x=${'a'.repeat(15_900)}`)).status).toBe(200);
    expect((await call(emulator, 'GET', `/Customers?x=${'a'.repeat(16_000)}`)).status).toBe(414);
  });
});

describe('paths', () => {
  test.each(['/Customers/', '/Customers?', '/Customers/?', '//Customers//'])(
    '%s leads to the table',
    async (path) => {
      const emulator = await serve([customersTable(numbered(1))]);

      expect((await call(emulator, 'GET', path)).body).toMatchObject({ records: [{}] });
    },
  );

  test.each(['/v0/appX', '/v1/appX/T', '/v0/appX/T/recX/more', '/nothing', '/v0/appX/%zz'])(
    '%s leads nowhere',
    async (path) => {
      const emulator = await serve([customersTable([])]);

      expect(await request(emulator.url + path)).toMatchObject({ status: 404, body: { error: 'NOT_FOUND' } });
    },
  );
});

describe('one record', () => {
  test('is rejected with parameters that only a list accepts', async () => {
    const emulator = await serve([customersTable(numbered(1))]);
    const id = emulator.base.tables[0]?.records[0]?.id;

    expect((await call(emulator, 'GET', `/Customers/${id}?returnFieldsByFieldId=true`)).status).toBe(200);
    expect(await call(emulator, 'GET', `/Customers/${id}?fields[]=name`)).toMatchObject({
      status: 422,
      body: {
        error: {
          type: 'INVALID_REQUEST_UNKNOWN',
          message: 'Invalid request: parameter validation failed. Check your request data.',
        },
      },
    });
  });

  test('is found through another table only if the emulator is configured so', async () => {
    const tables = [customersTable(numbered(1)), aTable('Other', { name: 'singleLineText' }, [])];
    const strict = await serve(tables);
    const loose = await serve(tables, { findAcrossTables: true });
    const id = strict.base.tables[0]?.records[0]?.id;

    expect((await call(strict, 'GET', `/Other/${id}`)).status).toBe(403);
    expect((await call(loose, 'GET', `/Other/${id}`)).body).toMatchObject({ id });
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
