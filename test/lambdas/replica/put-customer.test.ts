import { describe, expect, test } from '@jest/globals';
import { beforeCommand, customer, hashOf, headsOf, itemsOf, useReplica, write } from './replica-fixture';

const replica = useReplica();

const ANA = {
  name: 'Ana',
  id: '7',
  sms: '+14155550101',
  whatsapp: '+5215512345678',
  createdTime: '2026-02-03T04:05:06.000Z',
  notes: 'Likes tea',
  columns: { name: 'Ana', City: 'Lima' },
  digitTails: ['1234567'],
};
const RECORD = 'rec00000000000001';

async function stored() {
  return (await replica.store.customersByRecordId([RECORD])).get(RECORD) ?? null;
}

describe('putCustomer', () => {
  test('stores the mapped record, whole', async () => {
    expect(await replica.store.putCustomer(write(ANA))).toEqual({ outcome: 'written', trimmed: [] });
    expect(await stored()).toEqual({
      customer: customer(ANA),
      recordId: RECORD,
      readAt: 1_000,
      hash: hashOf(ANA),
      owner: 'ana@example.com',
      optOutCell: 'no',
      addressKeys: customer(ANA).addressKeys,
      digitTails: ['1234567'],
      idColumn: '7',
      mappingVersion: '1',
      leftovers: [],
    });
  });

  test('writes nothing for equal content, and updates only readAt with refresh', async () => {
    await replica.store.putCustomer(write(ANA));
    const before = await stored();
    expect(await replica.store.putCustomer(write(ANA, { readAt: 2_000, stored: before }))).toEqual({
      outcome: 'unchanged',
    });
    expect(await stored()).toEqual(before);
    expect(
      await replica.store.putCustomer(write(ANA, { readAt: 2_000, stored: before, refresh: true })),
    ).toEqual({
      outcome: 'unchanged',
    });
    expect(await stored()).toEqual({ ...before, readAt: 2_000 });
  });

  test('writes equal content of an older mapping again', async () => {
    await replica.store.putCustomer(write(ANA));
    const again = write(ANA, { readAt: 2_000, stored: await stored(), mappingVersion: '2' });
    expect(await replica.store.putCustomer(again)).toMatchObject({ outcome: 'written' });
    expect(await stored()).toMatchObject({ mappingVersion: '2', readAt: 2_000 });
  });

  test.each([
    ['knows what is stored', true],
    ['does not know of it', false],
  ])('does not overwrite a later read, whether the writer %s', async (_, knows) => {
    await replica.store.putCustomer(write(ANA, { readAt: 2_000 }));
    const late = write({ ...ANA, name: 'Old' }, { readAt: 1_999, stored: knows ? await stored() : null });
    expect(await replica.store.putCustomer(late)).toEqual({ outcome: 'outdated' });
    expect(await stored()).toMatchObject({ readAt: 2_000, customer: { name: 'Ana' } });
  });

  test('finds a customer by its current lookups only', async () => {
    await replica.store.putCustomer(write(ANA));
    await replica.store.putCustomer(
      write({ ...ANA, sms: '+14155550199', digitTails: [] }, { readAt: 2_000, stored: await stored() }),
    );
    expect(await replica.store.recordIdsAt(['phone:+14155550101'], [])).toEqual([]);
    expect(await replica.store.recordIdsAt([], ['1234567'])).toEqual([]);
    expect(await replica.store.recordIdsAt(['phone:+14155550199'], [])).toEqual([RECORD]);
    expect(await itemsOf(replica.base)).toHaveLength(1 + 3 + 1);
  });

  test('the lookup items of an overtaken write are removed by the next write', async () => {
    const current = write({ name: 'New' }, { readAt: 2_000 });
    await replica.store.putCustomer(current);
    const before = await itemsOf(replica.base);
    expect(await replica.store.putCustomer(write(ANA, { readAt: 1_000 }))).toEqual({ outcome: 'outdated' });
    expect(await replica.store.recordIdsAt(['phone:+14155550101'], [])).toEqual([]);
    const next = { ...current, readAt: 3_000, stored: await stored() };
    expect(await replica.store.putCustomer(next)).toEqual({ outcome: 'unchanged' });
    expect(await itemsOf(replica.base)).toEqual(before);
  });

  test('a record that DynamoDB rejects does not fail others', async () => {
    const poison = write({ recordId: 'rec00000000000666', name: 'x', sms: '+14155550666' });
    const client = beforeCommand(replica.dynamo.connect(), (name, input) => {
      if (name !== 'BatchWriteItem' || !JSON.stringify(input).includes('rec00000000000666')) return;
      throw Object.assign(new Error('A parameter value is invalid'), { name: 'ValidationException' });
    });
    const disturbed = replica.base.store(client);
    const outcomes = await Promise.allSettled([
      disturbed.putCustomer(write(ANA)),
      disturbed.putCustomer(poison),
      disturbed.putCustomer(write({ recordId: 'rec00000000000002', name: 'Bob', sms: '+14155550102' })),
    ]);
    expect(outcomes).toMatchObject([
      { value: { outcome: 'written' } },
      { reason: { name: 'RecordRejectedError', recordId: 'rec00000000000666' } },
      { value: { outcome: 'written' } },
    ]);
    expect(await headsOf(replica.store)).toHaveLength(2);
  });
});
