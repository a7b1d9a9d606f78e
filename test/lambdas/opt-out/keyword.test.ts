import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readOptOutKeyword } from '../../../lambdas/opt-out/keyword';

// The words of Twilio contract 9.
const STOP = ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'OPTOUT', 'REVOKE'];
const START = ['START', 'YES', 'UNSTOP'];

const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r', '\u00a0'), maxLength: 4 });
const punctuation = fc.string({ unit: fc.constantFrom('.', '!', '?', ',', ';', ':', ' '), maxLength: 4 });

/** The word in a mixture of capitals and small letters. */
function inAnyCase(word: string): fc.Arbitrary<string> {
  return fc
    .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
    .map((small) => [...word].map((letter, at) => (small[at] ? letter.toLowerCase() : letter)).join(''));
}

describe('readOptOutKeyword', () => {
  test.each([
    ...STOP.map((word) => [word, 'opt-out'] as const),
    ...START.map((word) => [word, 'opt-in'] as const),
  ])('takes %s for an %s, in any case, with spaces round it and punctuation behind it', (word, meaning) => {
    fc.assert(
      fc.property(space, inAnyCase(word), punctuation, space, (before, typed, mark, after) => {
        expect(readOptOutKeyword(before + typed + mark + after)).toBe(meaning);
      }),
    );
  });

  test.each([
    ['a word and more', 'STOP PLEASE'],
    ['two of the words', 'STOP STOP'],
    ['two words for one', 'OPT OUT'],
    ['a hyphen in it', 'OPT-OUT'],
    ['a word in another', 'NONSTOP'],
    ['punctuation before it', '.STOP'],
    ['a help word', 'HELP'],
    ['an information word', 'INFO'],
    ['a word of another program', 'STAHP'],
    ['nothing', ''],
    ['nothing but punctuation', ' ?! '],
    ['an inherited name', 'constructor'],
    ['letters that only look like it', 'ＳＴＯＰ'],
    ['a letter that is one of it in capitals', '\u017ftop'],
  ])('takes %s for a message like any other: "%s"', (_what, message) => {
    expect(readOptOutKeyword(message)).toBeNull();
  });

  test('is not held up by a very long message', () => {
    expect(readOptOutKeyword(`stop${' .'.repeat(1_000_000)} it`)).toBeNull();
  });

  test('takes no message of several words for one', () => {
    const word = fc.stringMatching(/^\w+$/);
    fc.assert(
      fc.property(fc.constantFrom(...STOP, ...START), word, (keyword, other) => {
        expect(readOptOutKeyword(`${keyword} ${other}`)).toBeNull();
        expect(readOptOutKeyword(`${other} ${keyword}`)).toBeNull();
      }),
    );
  });
});
