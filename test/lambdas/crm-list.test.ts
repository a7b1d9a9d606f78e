import { describe, expect, test } from '@jest/globals';
import type { Row } from '../../emulators/airtable/base-data';
import { beginNewContainer } from '../../lambdas/container';
import { ANA, askCrm, BOB, customerRows, listPage, pagesByToken } from '../world/crm';
import { startWorld, world } from '../world/use-world';

/** Customers whose owners alternate, in an order that is not alphabetical. */
function customersOf(owners: readonly string[], count: number): Row[] {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    name: `Customer ${String((index * 7_919) % count).padStart(4, '0')}`,
    owner: owners[index % owners.length] ?? ANA,
  }));
}

describe('a list of customers', () => {
  test("contains the worker's customers by name", async () => {
    await startWorld({
      customers: [
        { id: 2, name: 'Zoe', owner: ANA },
        { id: 1, name: 'Adam', owner: ANA, avatar: 'https://example.com/a.png' },
        { id: 3, name: 'Not hers', owner: BOB },
        { id: 4, name: 'Nobody’s' },
      ],
    });

    const { status, body, headers, log } = await askCrm(world, 'GetCustomersList', { PageSize: '30' });

    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json');
    expect(body).toEqual({
      objects: {
        customers: [
          { customer_id: '1', display_name: 'Adam', avatar: 'https://example.com/a.png' },
          { customer_id: '2', display_name: 'Zoe' },
        ],
        searchable: true,
      },
    });
    expect(log).toMatchObject([
      { callback: 'crm', location: 'GetCustomersList', worker: ANA, status: 200, airtableRequests: 0 },
    ]);
  });

  test('contains a change of the base once sync has read it, and not before', async () => {
    await startWorld({ customers: [{ id: 1, name: 'Adam', owner: ANA }] });
    const [adam] = customerRows(world);
    world.airtable.edit.changeRecord('Customers', adam?.id ?? '', { name: 'Adam Roe' });

    expect((await listPage(world)).names).toEqual(['Adam']);
    await world.sync();

    expect((await listPage(world)).names).toEqual(['Adam Roe']);
  });

  test('is empty for a worker without customers', async () => {
    await startWorld({ customers: [{ id: 1, name: 'Adam', owner: BOB }] });

    expect(await listPage(world)).toMatchObject({ ids: [], token: undefined });
  });

  test('compares identities case-sensitively', async () => {
    await startWorld({ customers: [{ id: 1, name: 'Adam', owner: ANA }] });

    expect((await listPage(world, { Worker: 'Ana@example.com' })).ids).toEqual([]);
    expect((await listPage(world, { Worker: ANA })).ids).toEqual(['1']);
  });

  test.each(['ana@example.com"', `x", ""="`, `"),TRUE(),("`, '\\', '{owner}', "' OR 1=1"])(
    'belongs to the worker %s only, for any identity',
    async (worker) => {
      await startWorld({
        customers: [
          { id: 1, name: 'Adam', owner: BOB },
          { id: 2, name: 'Eve', owner: worker },
        ],
      });

      expect((await listPage(world, { Worker: worker })).ids).toEqual(['2']);
    },
  );

  test('has names on one line, and a label for an unnamed customer', async () => {
    await startWorld({
      customers: [
        { id: 1, name: ' Two\nLines ', owner: ANA },
        { id: 2, name: '   ', owner: ANA },
        { id: 3, owner: ANA },
        { id: 4, name: 'Long '.repeat(60), owner: ANA },
      ],
    });

    const names = (await listPage(world)).names;

    expect([...names].sort()).toEqual([
      'Customer 2',
      'Customer 3',
      expect.stringMatching(/^Long .{114}…$/),
      'Two Lines',
    ]);
  });
});

describe('pages by token', () => {
  test('contain every customer exactly once, by name, without a request to Airtable', async () => {
    await startWorld({ customers: customersOf([ANA, BOB], 150) });

    const pages = await pagesByToken(world, { PageSize: '10' });

    const names = pages.flatMap((page) => page.names);
    expect(pages.map(({ ids }) => ids.length)).toEqual([10, 10, 10, 10, 10, 10, 10, 5]);
    expect(new Set(pages.flatMap(({ ids }) => ids)).size).toBe(75);
    expect(names).toEqual([...names].sort());
    expect(pages.map(({ airtableRequests }) => airtableRequests)).toEqual(Array(8).fill(0));
  });

  test('end without a token, and without an empty page, when the last one is full', async () => {
    await startWorld({ customers: customersOf([ANA], 20) });

    const pages = await pagesByToken(world, { PageSize: '10' });

    expect(pages.map(({ ids }) => ids.length)).toEqual([10, 10]);
    expect(pages.map(({ token }) => token)).toEqual([expect.any(String), undefined]);
  });

  test('continue in a container that did not serve the first one', async () => {
    await startWorld({ customers: customersOf([ANA], 30) });

    const first = await listPage(world, { PageSize: '20' });
    beginNewContainer();
    const second = await listPage(world, { PageSize: '20', NextPageToken: first.token ?? '' });

    expect(second).toMatchObject({ airtableRequests: 0, token: undefined });
    expect(new Set([...first.ids, ...second.ids]).size).toBe(30);
  });

  test('leave out a customer who was deleted meanwhile, and repeat none when one was added', async () => {
    await startWorld({ customers: customersOf([ANA], 30) });
    const first = await listPage(world, { PageSize: '10' });
    const [before, after] = world.airtable.base.tables[0]?.records.filter(({ fields }) =>
      [first.ids[0], '17'].includes(String(fields['id'])),
    ) ?? [undefined, undefined];

    world.airtable.edit.deleteRecord('Customers', before?.id ?? '');
    world.airtable.edit.deleteRecord('Customers', after?.id ?? '');
    world.airtable.edit.addRecord('Customers', { id: 99, name: 'Customer 0000', owner: ANA });
    await world.sync();
    const second = await listPage(world, { PageSize: '10', NextPageToken: first.token ?? '' });
    const third = await listPage(world, { PageSize: '10', NextPageToken: second.token ?? '' });

    const ids = [...first.ids, ...second.ids, ...third.ids];
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).not.toContain('17');
    expect(ids).toHaveLength(29);
  });
});

describe('PageSize', () => {
  test.each([
    [undefined, 30],
    ['', 30],
    ['7', 7],
    ['0', 1],
    ['100', 100],
    ['1000', 100],
    ['99999999999999999999', 100],
  ])('%j gives a page of %i', async (size, length) => {
    await startWorld({ customers: customersOf([ANA], 120) });

    expect((await listPage(world, size === undefined ? {} : { PageSize: size })).ids).toHaveLength(length);
  });

  test.each(['abc', '-5', '3.5', '1e3', '0x10', '٣٠'])('%j is rejected by name', async (size) => {
    await startWorld({});

    const { status, body } = await askCrm(world, 'GetCustomersList', { PageSize: size });

    expect(status).toBe(400);
    expect(body).toMatchObject({
      error: 'BadRequest',
      message: expect.stringMatching(/^PageSize is malformed/),
    });
    expect(world.airtableRequests).toEqual([]);
  });
});

describe('64 kB', () => {
  const attachment = (length: number) => [
    { id: 'att1', url: `https://v5.airtableusercontent.com/${'x'.repeat(length)}`, type: 'image/png' },
  ];
  const pictured = (count: number, name: string): Row[] =>
    Array.from({ length: count }, (_, id) => ({ id, name, owner: ANA, avatar: attachment(1_000) }));

  test('fit a hundred customers with long names, without their long attachment addresses', async () => {
    await startWorld({
      customers: pictured(100, '🌻'.repeat(300)),
      columns: { avatar: 'multipleAttachments' },
    });

    const { status, body } = await askCrm(world, 'GetCustomersList', { PageSize: '100' });

    expect(status).toBe(200);
    expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThanOrEqual(64_000);
    const page = await listPage(world, { PageSize: '100' });
    expect(page.ids).toHaveLength(100);
    expect(page.avatars).toEqual(Array(100).fill(undefined));
  });

  test('fit the addresses too if there are fewer customers', async () => {
    await startWorld({ customers: pictured(30, 'Sunny'), columns: { avatar: 'multipleAttachments' } });

    const { avatars } = await listPage(world);

    expect(avatars).toEqual(Array(30).fill(expect.stringMatching(/^https:/)));
  });
});
