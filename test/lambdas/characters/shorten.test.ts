import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { shorten } from '../../../lambdas/characters/visible-text';

const text = fc.string({ unit: 'binary' });

test('a text that is short enough stays as it is', () => {
  fc.assert(
    fc.property(text, fc.nat(), (whole, more) => {
      expect(shorten(whole, whole.length + more)).toBe(whole);
    }),
  );
});

test('a longer one is cut to the limit with an ellipsis, and no character is cut in two', () => {
  fc.assert(
    fc.property(text, fc.nat(), (whole, share) => {
      fc.pre(whole.length > 1);
      const length = 1 + (share % (whole.length - 1));

      const short = shorten(whole, length);

      const beginning = short.slice(0, -1);
      expect(short).toBe(`${beginning}…`);
      expect(whole.startsWith(beginning)).toBe(true);
      expect([length, length - 1]).toContain(short.length);
      expect(Array.from(whole).slice(0, Array.from(beginning).length).join('')).toBe(beginning);
    }),
  );
});
