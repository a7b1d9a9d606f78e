import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openToken, sealPosition } from '../../../lambdas/airtable/page-token';

const text = fc.string({ unit: 'grapheme' });
const position = fc.record({ offset: text, lacking: fc.array(text), owners: fc.array(text) });
const list = fc.record({ owner: text, query: fc.option(text) });

describe('a page token', () => {
  test('opens to the position that was sealed', () => {
    fc.assert(
      fc.property(position, list, text, (place, key, secret) => {
        expect(openToken(sealPosition(place, key, secret), key, secret)).toEqual(place);
      }),
    );
  });

  test('opens for its own list and with its own secret only', () => {
    fc.assert(
      fc.property(position, list, list, text, text, (place, key, otherKey, secret, otherSecret) => {
        const token = sealPosition(place, key, secret);
        const isSameList = key.owner === otherKey.owner && key.query === otherKey.query;

        expect(openToken(token, otherKey, secret) !== null).toBe(isSameList);
        expect(openToken(token, key, otherSecret) !== null).toBe(secret === otherSecret);
      }),
    );
  });

  test('opens no more when anything of it is changed, taken away or added', () => {
    fc.assert(
      fc.property(position, list, fc.nat(), text, (place, key, index, other) => {
        const token = sealPosition(place, key, 'secret');
        const at = index % token.length;
        for (const changed of [
          token.slice(0, at) + other + token.slice(at + 1),
          token.slice(0, at) + other + token.slice(at),
        ]) {
          expect(openToken(changed, key, 'secret')).toEqual(changed === token ? place : null);
        }
      }),
    );
  });

  test('is none when it is any other text', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary' }), fc.base64String()), (garbage) => {
        expect(openToken(garbage, { owner: 'ana', query: null }, 'secret')).toBeNull();
      }),
    );
  });

  test('goes into a form as it is', () => {
    fc.assert(
      fc.property(position, list, (place, key) => {
        expect(sealPosition(place, key, 'secret')).toMatch(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}$/);
      }),
    );
  });
});
