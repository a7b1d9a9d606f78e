import { describe, expect, test } from '@jest/globals';
import { useReplica, write } from './replica-fixture';

const replica = useReplica();

const list = () => replica.base.repository().listOwners();

async function put(owner: string | null, readAt: number) {
  await replica.base.store().putCustomer(write({ owner, recordId: `rec${readAt}` }, { readAt }));
}

describe('owners', () => {
  test('are added with their first customer, by identity', async () => {
    await put('zoe@example.com', 1);
    await put('ana@example.com', 2);
    await put('ana@example.com', 3);
    await put(null, 4);
    expect(await list()).toEqual([
      { identity: 'ana@example.com', customers: 1 },
      { identity: 'zoe@example.com', customers: 1 },
    ]);
  });

  test('get exactly the counts of a pass, and are removed where it counted none', async () => {
    await put('gone@example.com', 1);
    await put('ana@example.com', 2);
    await replica.base.store().replaceOwners(
      new Map([
        ['ana@example.com', 5],
        ['bob@example.com', 1],
      ]),
      10,
    );
    expect(await list()).toEqual([
      { identity: 'ana@example.com', customers: 5 },
      { identity: 'bob@example.com', customers: 1 },
    ]);
    await replica.base.store().replaceOwners(new Map([['ana@example.com', 5]]), 20);
    expect(await list()).toEqual([{ identity: 'ana@example.com', customers: 5 }]);
  });

  test('added after the pass began stay, also those counted by it before', async () => {
    await replica.base.store().replaceOwners(new Map([['again@example.com', 2]]), 5);
    await put('new@example.com', 11);
    await put('again@example.com', 12);
    await replica.base.store().replaceOwners(new Map(), 10);
    expect(await list()).toEqual([
      { identity: 'again@example.com', customers: 2 },
      { identity: 'new@example.com', customers: 1 },
    ]);
  });

  test('may number thousands', async () => {
    const counts = new Map(
      Array.from({ length: 1_500 }, (_, index) => [
        `worker${String(index).padStart(4, '0')}@example.com`,
        index + 1,
      ]),
    );
    await replica.base.store().replaceOwners(counts, 1);
    expect(new Map((await list()).map(({ identity, customers }) => [identity, customers]))).toEqual(counts);
  });
});
