import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PageStart } from '../../../lambdas/customers/customer-repository';
import { foldName } from '../../../lambdas/customers/fold-name';
import { customerItem } from '../../../lambdas/replica/customer-item';
import { DynamoTable } from '../../../lambdas/replica/dynamo-table';
import { ReplicaKeys } from '../../../lambdas/replica/keys';
import type { ReplicaCustomerRepository } from '../../../lambdas/replica/replica-customer-repository';
import { type SomeCustomer, useReplica, write } from './replica-fixture';

const ANA = 'ana@example.com';
const BOB = 'bob@example.com';

const replica = useReplica();
let repository: ReplicaCustomerRepository;
beforeEach(() => {
  repository = replica.base.repository();
});

async function beginAgain() {
  await replica.begin();
  repository = replica.base.repository();
}

async function add(...customers: readonly SomeCustomer[]) {
  await Promise.all(
    customers.map((each, index) =>
      replica.store.putCustomer(write({ recordId: `rec${String(index).padStart(14, '0')}`, ...each })),
    ),
  );
}

function list(options: { owner?: string; size?: number; query?: string | null; start?: PageStart } = {}) {
  return repository.listCustomers({ owner: ANA, size: 10, query: null, start: 'top', ...options });
}

async function namesIn(options: Parameters<typeof list>[0] = {}) {
  return (await list(options)).customers.map(({ name }) => name);
}

/** The pages that an app loads by token, and those that an older app loads by anchor. */
async function allPages(size: number, by: 'token' | 'anchor', query: string | null = null) {
  const pages: string[][] = [];
  let start: PageStart | null = 'top';
  while (start !== null) {
    const { customers, nextPageToken } = await list({ size, query, start });
    pages.push(customers.map(({ id }) => id));
    const last = customers.at(-1)?.id;
    if (by === 'token') start = nextPageToken === null ? null : { token: nextPageToken };
    else start = last === undefined || customers.length < size ? null : { afterCustomer: last };
  }
  return pages;
}

describe('a list', () => {
  test('shows the worker their own customers by name, ignoring case and accents', async () => {
    await add(
      { name: 'zoe' },
      { name: 'Álvaro' },
      { name: 'alvin' },
      { name: 'Bob', owner: BOB },
      { name: 'Zed', owner: null },
    );
    expect(await namesIn()).toEqual(['Álvaro', 'alvin', 'zoe']);
  });

  test('sorts a name before the longer ones that begin with it', async () => {
    await add({ name: 'Ann Bee' }, { name: 'Ann-Marie' }, { name: 'Ann' }, { name: 'Anna' });
    expect(await namesIn()).toEqual(['Ann', 'Ann Bee', 'Ann-Marie', 'Anna']);
  });

  test('is empty for a worker without customers', async () => {
    expect(await list({ owner: BOB })).toEqual({ customers: [], nextPageToken: null });
  });

  test('identifies each customer by the id column, where filled, and shows name and avatar', async () => {
    await add({ id: '7', name: 'Ann', avatar: 'https://example.com/a.png' });
    expect((await list()).customers).toEqual([{ id: '7', name: 'Ann', avatar: 'https://example.com/a.png' }]);
  });

  test('omits an avatar when the link to the attachment expires', async () => {
    await replica.store.putCustomer(
      write({ avatar: 'https://example.com/a.png' }, { readAt: 1_000, avatarExpires: true }),
    );
    const at = async (minutes: number) => {
      repository = replica.base.repository({ now: () => 1_000 + minutes * 60_000 });
      const [customer] = (await list()).customers;
      return customer?.avatar;
    };
    expect(await at(109)).toBe('https://example.com/a.png');
    expect(await at(110)).toBeNull();
    expect((await repository.getCustomer('rec00000000000001', ANA)).avatar).toBeNull();
  });

  test('distinguishes very long names with the same first thousand bytes', async () => {
    const long = 'é'.repeat(2_000);
    await add({ name: `${long}b` }, { name: `${long}a` }, { name: `${'漢'.repeat(700)}` });
    expect((await allPages(1, 'token')).flat()).toHaveLength(3);
    expect((await allPages(1, 'anchor')).flat()).toHaveLength(3);
  });

  test('accepts owners and ids of any length', async () => {
    const owner = `${'ö'.repeat(3_000)}@example.com`;
    const id = '漢'.repeat(1_500);
    await add({ name: 'Ann', owner, id }, { name: 'Bea', owner: `${owner}.uk` });
    expect(await namesIn({ owner })).toEqual(['Ann']);
    expect(await repository.customersWithId(id)).toMatchObject([{ name: 'Ann' }]);
    expect((await repository.listOwners()).map(({ identity }) => identity)).toEqual([owner, `${owner}.uk`]);
  });
});

describe('paging', () => {
  test.each(['token', 'anchor'] as const)(
    'by %s covers each customer once, in order, at any size',
    async (by) => {
      const names = fc.array(fc.string({ unit: 'grapheme', maxLength: 8 }), { maxLength: 14 });
      await fc.assert(
        fc.asyncProperty(names, fc.integer({ min: 1, max: 5 }), async (some, size) => {
          await beginAgain();
          await add(...some.map((name) => ({ name })), { recordId: 'rec0000000other', owner: BOB });
          const pages = await allPages(size, by);
          const expected = some
            .map((name, index) => ({ name: Buffer.from(foldName(name)), id: recordId(index) }))
            .sort((a, b) => Buffer.compare(a.name, b.name) || (a.id < b.id ? -1 : 1));
          expect(pages.flat()).toEqual(expected.map(({ id }) => id));
          for (const page of pages.slice(0, -1)) expect(page).toHaveLength(size);
        }),
        { numRuns: 10 },
      );
    },
  );

  test('gives no token with a full page that is the last', async () => {
    await add({ name: 'Ann' }, { name: 'Bea' });
    expect((await list({ size: 2 })).nextPageToken).toBeNull();
  });

  test('rejects a token of another worker, query or base, and a truncated or forged one', async () => {
    await add({ name: 'Ann' }, { name: 'Anna' }, { name: 'Bea', owner: BOB });
    const token = (await list({ size: 1 })).nextPageToken ?? '';
    const [content = '', seal = ''] = token.split('.');
    const forged = `${Buffer.from('zed').toString('base64url')}.${seal}`;
    const attempts = [
      { owner: BOB, start: { token } },
      { query: 'an', start: { token } },
      { start: { token: token.slice(0, -1) } },
      { start: { token: content } },
      { start: { token: forged } },
      { start: { token: `${token}.` } },
      { start: { token: '' } },
    ];
    for (const attempt of attempts) {
      await expect(list(attempt)).rejects.toMatchObject({ name: 'BadRequest', fault: 'parameter' });
    }
    const other = replica.base.repository({ sealingSecret: 'another' });
    await expect(
      other.listCustomers({ owner: ANA, size: 1, query: null, start: { token } }),
    ).rejects.toMatchObject({ name: 'BadRequest' });
    expect(await namesIn({ start: { token } })).toEqual(['Anna']);
  });

  test('continues after the anchor, given by record id or id column', async () => {
    await add({ name: 'Ann', id: '7' }, { name: 'Bea' }, { name: 'Cid' });
    expect(await namesIn({ start: { afterCustomer: '7' } })).toEqual(['Bea', 'Cid']);
    expect(await namesIn({ start: { afterCustomer: recordId(1) } })).toEqual(['Cid']);
  });

  test('ends after an anchor that is unknown or another worker’s', async () => {
    await add({ name: 'Ann' }, { name: 'Bea', id: '8', owner: BOB });
    const nothing = { customers: [], nextPageToken: null };
    for (const afterCustomer of ['unknown', '8', recordId(1), '', 'x'.repeat(5_000)]) {
      expect(await list({ start: { afterCustomer } })).toEqual(nothing);
    }
  });

  test.each(['record id', 'id column'])(
    'continues after an anchor that was just deleted, by its %s',
    async (by) => {
      const id = by === 'record id' ? recordId(0) : '7';
      await add({ name: 'Ann', id }, { name: 'Bea' });
      await replica.store.deleteCustomer(recordId(0), 2_000, 2_000);
      expect(await namesIn({ start: { afterCustomer: id } })).toEqual(['Bea']);
      expect(await namesIn()).toEqual(['Bea']);
      await replica.store.deleteCustomer(recordId(0), 3_000, 3_000);
      expect(await namesIn({ start: { afterCustomer: id } })).toEqual(['Bea']);
    },
  );

  test('ends by anchor where two customers share the id', async () => {
    await add({ name: 'Ann', id: '7' }, { name: 'Bea', id: '7' }, { name: 'Cid' });
    expect(await allPages(1, 'anchor')).toEqual([['7'], [recordId(2)], []]);
  });
});

describe('a search', () => {
  test.each([
    ["O'Brien", 'O’Brien'],
    ['O’Brien', "o'brien"],
    ['Spaces \u00a0 All\tOver', 'Spaces All Over'],
    ['Mu\u0308ller', 'Müller'],
    ['Müller', 'MULLER'],
    ['Anna Lee', 'a le'],
    ['Søren Æbelø', 'soren aeb'],
    ['Straße', 'STRASSE'],
    ['ΟΔΥΣΣΕΥΣ Κ', 'οδυσσευς'],
    ['The “Boss”', 'the "boss"'],
    ['Jean‑Luc', 'jean-luc'],
    ['İbrahim', 'ibrahim'],
  ])('finds %s by %s', async (name, query) => {
    await add({ name }, { name: 'Zed' });
    expect(await namesIn({ query })).toEqual([name]);
  });

  test('finds a customer by digits of the number, as typed', async () => {
    await add({ name: 'Ann', sms: '+14155550101' }, { name: 'Bea', sms: '+14155550202' });
    for (const query of ['0101', '415-555-0101', '+1 (415) 555 0101', '001 415 555 0101']) {
      expect(await namesIn({ query })).toEqual(['Ann']);
    }
    expect(await namesIn({ query: '+1 415 555 0303' })).toEqual([]);
  });

  test('shows all customers for a query without visible characters', async () => {
    await add({ name: 'Ann' });
    expect(await namesIn({ query: '\u200b ' })).toEqual(['Ann']);
  });

  test('equals a simple filter over the folded names, page by page', async () => {
    const unit = fc.constantFrom('a', 'b', 'A', 'é', 'e', ' ', '’', "'", 'ß', 's', '1');
    const text = fc.string({ unit, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { maxLength: 14 }),
        text,
        fc.integer({ min: 1, max: 4 }),
        async (some, query, size) => {
          await beginAgain();
          await add(...some.map((name) => ({ name })));
          const found = (await allPages(size, 'token', query)).flat();
          const all = (await allPages(100, 'token')).flat();
          const expected = all.filter((id) =>
            foldName(some[Number(id.slice(3))] ?? '').includes(foldName(query)),
          );
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: 10 },
    );
  });

  test('continues through a long list until the page is full', async () => {
    const many = Array.from({ length: 4_200 }, (_, index) => ({
      name: `Customer ${String(index).padStart(5, '0')}${index % 1_400 === 1_399 ? ' special' : ''}`,
    }));
    const keys = new ReplicaKeys(replica.base.baseId);
    await new DynamoTable(replica.base.access).writeAll(
      many.map((each, index) => ({
        put: customerItem(write({ recordId: recordId(index), ...each }), keys, []),
      })),
    );
    const pages = await allPages(2, 'token', 'special');
    expect(pages).toEqual([[recordId(1_399), recordId(2_799)], [recordId(4_199)]]);
  });
});

function recordId(index: number): string {
  return `rec${String(index).padStart(14, '0')}`;
}
