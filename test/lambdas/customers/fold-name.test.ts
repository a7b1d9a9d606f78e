import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { foldName } from '../../../lambdas/customers/fold-name';

describe('names that are folded', () => {
  test.each([
    ['case', 'ANNA', 'anna'],
    ['accents, in either Unicode form', 'Zoë', 'zoe\u0308'],
    ['apostrophes', "O'Brien O’Brien O‘Brien OʼBrien O′Brien O`Brien O´Brien", "o'brien ".repeat(7).trim()],
    ['quotation marks', '“Ann” „Ann“ «Ann» ″Ann″ ＂Ann＂', '"ann" '.repeat(5).trim()],
    ['dashes', 'Jean-Luc Jean‑Luc Jean–Luc Jean—Luc Jean−Luc', 'jean-luc '.repeat(5).trim()],
    ['white space', ' Ann \t\n\u00a0\u202f\u3000 Lee ', 'ann lee'],
    ['invisible characters', 'A\u200bn\u200dn\u202ae\ufe0f', 'anne'],
    ['width', 'Ａｎｎ １２', 'ann 12'],
    [
      'letters that Unicode does not take apart',
      'Łukasz Æsir Sørensen Đorđe Þór',
      'lukasz aesir sorensen dorde thor',
    ],
    ['sharp s', 'Weiß', 'WEISS'],
    ['the final sigma', 'ΟΔΥΣΣΕΥΣ', 'Οδυσσευς'],
    ['dotted and dotless i', 'İSTANBUL ısı', 'istanbul isi'],
    ['vowel points', 'שָׁלוֹם مُحَمَّد', 'שלום محمد'],
  ])('do not differ in %s', (_, one, two) => {
    expect(foldName(one)).toBe(foldName(two));
  });

  test.each([
    ['Ann', 'Anne'],
    ['Ann Lee', 'AnnLee'],
    ['हिंदी', 'हद'],
    ['สวัสดี', 'สวสด'],
  ])('differ in letters and vowels: %s, %s', (one, two) => {
    expect(foldName(one)).not.toBe(foldName(two));
  });

  test('do not change when folded again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(foldName(foldName(text))).toBe(foldName(text));
      }),
      { numRuns: 500 },
    );
  });
});
