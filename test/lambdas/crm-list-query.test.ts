import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Row } from '../../emulators/airtable/base-data';
import { ANA, askCrm, BOB, listPage } from '../world/crm';
import { closeWorlds, World, type WorldOptions } from '../world/world';

let world: World;
afterAll(closeWorlds);

const NAMES = [
  "Miles O'Brien",
  'Dwayne "The Rock" Jones',
  'Back\\slash Ltd \\',
  '🌻 Sunny Flowers',
  'عبد الرحمن الحداد',
  'יעל כהן',
  '山田 太郎',
  'José Ñandú',
  '{name} & {{Name}}',
  'x", ""="',
  "Robert'); DROP TABLE Customers;--",
  'Route 66 Diner',
];

const NUMBERS: Readonly<Record<string, Row>> = {
  formatted: { sms: '(415) 555-0123' },
  international: { sms: '+1 415 555 0124' },
  dotted: { whatsapp: 'whatsapp:+1.415.555.0125' },
  british: { sms: '+44 20 7946 0001' },
  trunk: { sms: '020 7946 0002' },
};

async function worldOf(customers: readonly Row[], options: WorldOptions = {}) {
  world = await World.start({ customers, ...options });
}

/** Each customer exists a second time, as a colleague's. */
const mineAndTheirs = (rows: readonly Row[]) =>
  rows.flatMap((row) => [
    { ...row, owner: ANA },
    { ...row, owner: BOB, name: `${String(row['name'])} (Bob's)` },
  ]);

describe('a search by name', () => {
  beforeAll(() => worldOf(mineAndTheirs(NAMES.map((name) => ({ name })))));
  afterAll(() => world.close());

  test.each([
    ['miles', ["Miles O'Brien"]],
    ['BRIEN', ["Miles O'Brien"]],
    ["o'b", ["Miles O'Brien"]],
    ['"the rock"', ['Dwayne "The Rock" Jones']],
    ['k\\s', ['Back\\slash Ltd \\']],
    ['\\', ['Back\\slash Ltd \\']],
    ['🌻', ['🌻 Sunny Flowers']],
    ['الرحمن', ['عبد الرحمن الحداد']],
    ['כהן', ['יעל כהן']],
    ['太', ['山田 太郎']],
    ['ñandú', ['José Ñandú']],
    ['{name}', ['{name} & {{Name}}']],
    ['{{', ['{name} & {{Name}}']],
    ['x", ""="', ['x", ""="']],
    ["'); drop table", ["Robert'); DROP TABLE Customers;--"]],
    ['66', ['Route 66 Diner']],
    [' sunny ', ['🌻 Sunny Flowers']],
  ])('%s finds %j', async (query, names) => {
    expect(await listPage(world, { Query: query })).toMatchObject({ names, airtableRequests: 0 });
  });

  test.each(['zzz', '"),TRUE(),("', `") OR 1=1 OR ("`, '%', '.*', 'undefined', "x'"])(
    '%s finds no customer, including a colleague’s',
    async (query) => {
      expect((await listPage(world, { Query: query })).names).toEqual([]);
    },
  );

  test('of blanks is not a search', async () => {
    expect((await listPage(world, { Query: '  ' })).names).toHaveLength(NAMES.length);
  });

  test('of a thousand characters is accepted, and a longer one is rejected by name', async () => {
    expect((await listPage(world, { Query: '"'.repeat(1_000) })).names).toEqual([]);

    const { status, body } = await askCrm(world, 'GetCustomersList', { Query: 'x'.repeat(1_001) });
    expect(status).toBe(400);
    expect(body).toMatchObject({ message: 'Query is longer than 1,000 characters' });
  });

  test('accepts control characters and half an emoji', async () => {
    for (const query of ['a\u0000b\u001f', 'tab\there', '\ud83c', 'a\u2028b']) {
      expect((await listPage(world, { Query: query })).names).toEqual([]);
    }
  });
});

const customers = mineAndTheirs(
  Object.entries(NUMBERS).map(([name, row]) => ({ ...row, name: `Customer ${name}` })),
);
const AMERICAN = ['formatted', 'international', 'dotted'];

describe('a search by digits', () => {
  beforeAll(() => worldOf(customers, { settings: { DEFAULT_COUNTRY: 'GB' } }));
  afterAll(() => world.close());

  test.each([
    ['555-01', AMERICAN],
    ['020 7946', ['british', 'trunk']],
    ['+44 (0)20 7946 0002', ['trunk']],
    ['999', []],
    ['+', []],
  ])('%s finds %j', async (query, found) => {
    const page = await listPage(world, { Query: query });

    expect(page).toMatchObject({ airtableRequests: 0 });
    expect([...page.names].sort()).toEqual(found.map((name) => `Customer ${name}`).sort());
  });
});
