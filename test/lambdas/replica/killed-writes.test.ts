import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DynamoReplicaStore } from '../../../lambdas/replica/dynamo-replica-store';
import {
  customer,
  killAtWrite,
  lookupItemsOf,
  type ReplicaOfBase,
  type SomeCustomer,
  useReplica,
  write,
} from './replica-fixture';

const RECORD = 'rec00000000000001';
const BEFORE: SomeCustomer = {
  name: 'Ana',
  id: '7',
  sms: '+14155550101',
  whatsapp: '+14155550102',
  digitTails: ['1111111', '2222222'],
};
const AFTER: SomeCustomer = {
  name: 'Ana B',
  id: '8',
  sms: '+14155550101',
  whatsapp: '+14155550103',
  digitTails: ['2222222', '3333333'],
  owner: 'bob@example.com',
};

const replica = useReplica({ isComplete: false });

async function stored(store: DynamoReplicaStore) {
  return (await store.customersByRecordId([RECORD])).get(RECORD) ?? null;
}

async function put(store: DynamoReplicaStore, some: SomeCustomer, readAt: number) {
  return store.putCustomer(write(some, { readAt, stored: await stored(store) }));
}

/** Every customer in the replica must be found by each address and tail, or the guard would let messages through. */
async function expectToBeFound(store: DynamoReplicaStore) {
  const found = await stored(store);
  if (found === null) return;
  for (const key of found.addressKeys) expect(await store.recordIdsAt([key], [])).toEqual([RECORD]);
  for (const tail of found.digitTails) expect(await store.recordIdsAt([], [tail])).toEqual([RECORD]);
}

/** The lookup items of a base after only these puts. */
async function lookupItemsAfter(...states: readonly SomeCustomer[]) {
  const base = replica.dynamo.newBase();
  for (const [index, state] of states.entries()) await put(base.store(), state, index + 1);
  return relative(base, await lookupItemsOf(base));
}

function relative({ baseId }: ReplicaOfBase, keys: readonly string[]) {
  return keys.map((key) => key.replace(baseId, 'base'));
}

const SCENES = [
  {
    name: 'a new customer',
    begin: async () => {},
    act: (store: DynamoReplicaStore, readAt: number) => put(store, AFTER, readAt),
    end: AFTER,
  },
  {
    name: 'a changed customer',
    begin: (store: DynamoReplicaStore) => put(store, BEFORE, 1),
    act: (store: DynamoReplicaStore, readAt: number) => put(store, AFTER, readAt),
    end: AFTER,
  },
  {
    name: 'a deleted customer',
    begin: (store: DynamoReplicaStore) => put(store, BEFORE, 1),
    act: (store: DynamoReplicaStore, readAt: number) => store.deleteCustomer(RECORD, readAt, readAt),
    end: null,
  },
] as const;

describe.each(SCENES)('$name, when the run is killed', ({ begin, act, end }) => {
  test.each(['before', 'after'] as const)(
    '%s any of its writes, the replica is right after a repeat',
    async (when) => {
      let kills = 0;
      for (let number = 1; ; number += 1) {
        const base = replica.dynamo.newBase();
        await begin(base.store());
        const client = replica.dynamo.connect();
        const wasKilled = killAtWrite(client, number, when);
        await act(base.store(client), 10).catch(() => {});
        await expectToBeFound(base.store());
        if (!wasKilled()) break;
        kills += 1;

        await act(base.store(), 20);
        await expectToBeFound(base.store());
        expect((await stored(base.store()))?.customer ?? null).toEqual(end && customer(end));
        const expected = end === null ? [] : await lookupItemsAfter(end);
        const lookups = relative(base, await lookupItemsOf(base)).filter(
          (key) => end !== null || !/#id#/.test(key),
        );
        expect(lookups).toEqual(expected);
      }
      expect(kills).toBeGreaterThanOrEqual(3);
    },
  );
});

interface Change {
  readonly readAt: number;
  /** Null deletes the customer. */
  readonly state: SomeCustomer | null;
  /** What the writer read: nothing, the item stored at the beginning, or the item just before the write. */
  readonly knows: 'nothing' | 'the beginning' | 'the latest';
}

const numbers = fc.constantFrom('+14155550101', '+14155550102', '+14155550103');
const state: fc.Arbitrary<SomeCustomer> = fc.record({
  name: fc.constantFrom('Ana', 'Bea', 'Cid'),
  id: fc.constantFrom('7', '8', RECORD),
  sms: numbers,
  whatsapp: numbers,
  digitTails: fc.subarray(['1111111', '2222222']),
  owner: fc.constantFrom('ana@example.com', 'bob@example.com', null),
});
const changes: fc.Arbitrary<Change[]> = fc.uniqueArray(
  fc.record({
    readAt: fc.integer({ min: 2, max: 30 }),
    state: fc.option(state, { freq: 3 }),
    knows: fc.constantFrom('nothing', 'the beginning', 'the latest'),
  }),
  { selector: ({ readAt }) => readAt, minLength: 1, maxLength: 6 },
);

async function apply(base: ReplicaOfBase, beginning: Awaited<ReturnType<typeof stored>>, change: Change) {
  const store = base.store();
  if (change.state === null) return store.deleteCustomer(RECORD, change.readAt, change.readAt);
  const known = {
    nothing: null,
    'the beginning': beginning,
    'the latest': change.knows === 'the latest' ? await stored(store) : null,
  }[change.knows];
  // Without refresh, equal content would not update readAt, and an older change could still come after it.
  return store.putCustomer(write(change.state, { readAt: change.readAt, stored: known, refresh: true }));
}

function newest(all: readonly Change[]) {
  return [...all].sort((a, b) => b.readAt - a.readAt)[0]?.state ?? null;
}

describe('puts and deletions of one record', () => {
  test('end as the newest, in any order, and the next pass leaves no other lookup item', async () => {
    await fc.assert(
      fc.asyncProperty(fc.option(state), changes, async (first, all) => {
        const base = replica.dynamo.newBase();
        if (first !== null) await put(base.store(), first, 1);
        const beginning = await stored(base.store());
        for (const change of all) {
          await apply(base, beginning, change);
          await expectToBeFound(base.store());
        }
        const end = newest(all);
        expect((await stored(base.store()))?.customer ?? null).toEqual(end && customer(end));
        if (end === null) return;
        expect(await put(base.store(), end, 100)).toEqual({ outcome: 'unchanged' });
        expect(relative(base, await lookupItemsOf(base)).filter((key) => !/#id#/.test(key))).toEqual(
          (await lookupItemsAfter(end)).filter((key) => !/#id#/.test(key)),
        );
      }),
      { numRuns: 15 },
    );
  });

  test('end the same when the last two are concurrent, and the customer is found by all of its lookups', async () => {
    await fc.assert(
      fc.asyncProperty(fc.option(state), changes, async (first, all) => {
        const base = replica.dynamo.newBase();
        if (first !== null) await put(base.store(), first, 1);
        const beginning = await stored(base.store());
        for (const change of all.slice(0, -2)) await apply(base, beginning, change);
        await Promise.all(all.slice(-2).map((change) => apply(base, beginning, change)));
        const end = newest(all);
        expect((await stored(base.store()))?.customer ?? null).toEqual(end && customer(end));
        await expectToBeFound(base.store());
      }),
      { numRuns: 15 },
    );
  });

  test('end the same with any number of concurrent writes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.option(state), changes, async (first, all) => {
        const base = replica.dynamo.newBase();
        if (first !== null) await put(base.store(), first, 1);
        const beginning = await stored(base.store());
        await Promise.all(all.map((change) => apply(base, beginning, change)));
        const end = newest(all);
        expect((await stored(base.store()))?.customer ?? null).toEqual(end && customer(end));
      }),
      { numRuns: 12 },
    );
  });
});
