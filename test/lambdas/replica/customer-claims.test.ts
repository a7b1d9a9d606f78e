import { beforeEach, describe, expect, test } from '@jest/globals';
import type { AddressKey } from '../../../lambdas/phone-number/address';
import { CustomerClaims } from '../../../lambdas/replica/customer-claims';
import { beforeCommand, killAtWrite, useReplica } from './replica-fixture';

const [ONE, TWO, THREE]: readonly [AddressKey, AddressKey, AddressKey] = [
  'phone:+14155550101',
  'phone:+14155550102',
  'whatsapp-id:US.123',
];

const replica = useReplica({ isComplete: false });
let claims: CustomerClaims;
beforeEach(() => {
  claims = new CustomerClaims(replica.base.access);
});

describe('a claim', () => {
  test('is given to one of four concurrent requests', async () => {
    const all = await Promise.all(
      ['a', 'b', 'c', 'd'].map((holder) =>
        new CustomerClaims(replica.base.access).claim([ONE, TWO], holder, 0),
      ),
    );
    expect(all.filter((claim) => claim !== null)).toHaveLength(1);
  });

  test('blocks others until it is released', async () => {
    const claim = await claims.claim([ONE], 'a', 0);
    expect(await claims.claim([ONE], 'b', 59_999)).toBeNull();
    await claim?.release();
    expect(await claims.claim([ONE], 'b', 1)).not.toBeNull();
  });

  test('expires after a minute, and its late release does not affect the next', async () => {
    const late = await claims.claim([ONE], 'a', 0);
    expect(await claims.claim([ONE], 'b', 60_000)).not.toBeNull();
    await late?.release();
    expect(await claims.claim([ONE], 'c', 60_001)).toBeNull();
  });

  test('is for all of the addresses or none', async () => {
    await claims.claim([TWO], 'a', 0);
    expect(await claims.claim([ONE, TWO, THREE], 'b', 0)).toBeNull();
    expect(await claims.claim([ONE, THREE], 'c', 0)).not.toBeNull();
  });

  test('does not depend on the order of addresses', async () => {
    const both = await Promise.all([claims.claim([ONE, TWO], 'a', 0), claims.claim([TWO, ONE, TWO], 'b', 0)]);
    expect(both.filter((claim) => claim !== null)).toHaveLength(1);
  });

  test('without addresses blocks no one', async () => {
    expect(await claims.claim([], 'a', 0)).not.toBeNull();
    expect(await claims.claim([], 'b', 0)).not.toBeNull();
  });

  test('that fails half way leaves nothing claimed', async () => {
    let puts = 0;
    const client = beforeCommand(replica.dynamo.connect(), (name) => {
      if (name === 'PutItem' && ++puts === 2)
        throw Object.assign(new Error('…'), { name: 'InternalServerError' });
    });
    const failing = new CustomerClaims({ ...replica.base.access, client });
    await expect(failing.claim([ONE, TWO], 'a', 0)).rejects.toMatchObject({ name: 'Unavailable' });
    expect(await claims.claim([ONE, TWO], 'b', 0)).not.toBeNull();
  });

  test('of a killed request expires as well', async () => {
    const client = replica.dynamo.connect();
    killAtWrite(client, 1, 'after');
    await new CustomerClaims({ ...replica.base.access, client }).claim([ONE, TWO], 'a', 0).catch(() => {});
    expect(await claims.claim([ONE], 'b', 1)).toBeNull();
    expect(await claims.claim([ONE, TWO], 'b', 60_000)).not.toBeNull();
  });
});
