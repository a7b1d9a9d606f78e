import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cutToBytes, keyPart, ReplicaKeys, recordIdIn } from '../../../lambdas/replica/keys';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 3_000 }),
  fc
    .tuple(fc.constantFrom('a', 'é', '漢', '😀', '\ud800'), fc.nat(3_000))
    .map(([unit, times]) => unit.repeat(times)),
);
const keys = new ReplicaKeys('appABCDEFGHIJKLMN');

function bytes(part: string): number {
  return Buffer.byteLength(part);
}

describe('keys', () => {
  test('are within the limits of DynamoDB, in bytes, and never blank', () => {
    fc.assert(
      fc.property(text, text, (one, two) => {
        const all = [
          keys.customer(one),
          keys.lookupItem({ kind: 'id', text: one }, two),
          keys.lookupItem({ kind: 'tail', text: one }, two),
          keys.owner(one),
          { pk: keys.ownedBy(one), sk: keys.inList(one, two) },
        ];
        for (const { pk, sk } of all) {
          expect(bytes(pk)).toBeLessThanOrEqual(2_048);
          expect(bytes(sk)).toBeLessThanOrEqual(1_024);
          expect(bytes(sk)).toBeGreaterThan(0);
        }
      }),
    );
  });

  test('of different texts differ', () => {
    fc.assert(
      fc.property(text, text, (one, two) => {
        fc.pre(Buffer.from(one).toString() !== Buffer.from(two).toString());
        expect(keyPart(one)).not.toBe(keyPart(two));
        expect(keyPart(keyPart(one))).not.toBe(keyPart(two));
      }),
    );
    expect(keyPart(keyPart('x'.repeat(2_000)))).not.toBe(keyPart('x'.repeat(2_000)));
  });

  test('of another base or kind differ', () => {
    const other = new ReplicaKeys('appOther');
    expect(keys.customer('rec1')).not.toEqual(other.customer('rec1'));
    expect(keys.sync).not.toEqual(other.sync);
    expect(keys.webhook).not.toEqual(other.webhook);
    expect(keys.ownedBy('a')).not.toBe(other.ownedBy('a'));
    expect(keys.lookup({ kind: 'id', text: '1234567' })).not.toBe(
      keys.lookup({ kind: 'tail', text: '1234567' }),
    );
  });

  test('of a place in a list contain the record id', () => {
    fc.assert(
      fc.property(text, (name) => {
        expect(recordIdIn(keys.inList(name, 'rec00000000000001'))).toBe('rec00000000000001');
      }),
    );
  });
});

test('a text is cut to bytes between two characters', () => {
  expect(cutToBytes('aé漢😀', 100)).toBe('aé漢😀');
  expect([0, 1, 2, 3, 4, 5, 6, 9, 10].map((length) => cutToBytes('aé漢😀', length))).toEqual([
    '',
    'a',
    'a',
    'aé',
    'aé',
    'aé',
    'aé漢',
    'aé漢',
    'aé漢😀',
  ]);
});
