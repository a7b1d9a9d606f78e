import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  printable,
  printableJson,
  printableLine,
  visibleLine,
} from '../../../lambdas/characters/visible-text';

const ESC = '\u001b';
const BEL = '\u0007';

/** Sequences that control a terminal or the writing direction. */
const STEERING = [
  `${ESC}[31m`,
  `${ESC}[2J`,
  `${ESC}[1A${ESC}[2K`,
  `${ESC}]0;title${BEL}`,
  `${ESC}]52;c;cm0gLXJm${BEL}`,
  `${ESC}]52;c;cm0gLXJm${ESC}\\`,
  `${ESC}]8;;https://example.com${ESC}\\link${ESC}]8;;${ESC}\\`,
  `${ESC}P1$r0m${ESC}\\`,
  `${ESC}_apc${ESC}\\`,
  `${ESC}c`,
  ESC,
  '\u009b31m',
  '\u009d0;title\u009c',
  '\u0090',
  '\u0085',
  BEL,
  '\b\b\b',
  '\r',
  '\0',
  '\u007f',
  '\u202e',
  '\u202a',
  '\u2066',
  '\u2069',
  '\u200e',
  '\u200f',
  '\u061c',
  '\u200b',
  '\u2060',
  '\ufeff',
  '\u00ad',
  '\u{e0041}',
  '\ud800',
  '\uffff',
];
const FORBIDDEN = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}]/u;

const hostile = fc
  .array(
    fc.oneof(fc.constantFrom(...STEERING), fc.string({ unit: 'binary' }), fc.constantFrom('Ann', '\n', ' ')),
  )
  .map((pieces) => pieces.join(''));

describe('a text for a terminal', () => {
  test.each(STEERING)('is without %j', (sequence) => {
    expect(printable(`A${sequence}b`)).not.toMatch(FORBIDDEN);
  });

  test('contains nothing that controls a terminal, for any input', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(printable(text)).not.toMatch(FORBIDDEN);
        expect(printableLine(text)).not.toMatch(/[\n\t\r\u2028\u2029]/);
      }),
      { numRuns: 400 },
    );
  });

  test('keeps ordinary text', () => {
    const texts = ['Zoë “Müller” — ✓ 100 %', '李雷\n\tرضا', 'नमस्ते', '👩‍👧‍👦 ❤️ 👍🏽', 'می‌خواهم', 'क्‍ष'];
    for (const text of texts) expect(printable(text)).toBe(text);
  });

  test('on one line has spaces in place of line breaks', () => {
    expect(printableLine('Ann\r\n  ✓ All right\u2028\u0085x')).toBe('Ann ✓ All right x');
  });

  test('keeps each of its line breaks as one', () => {
    expect(printable('a\r\nb\rc\u2028d')).toBe('a\nb\nc\nd');
  });

  test('is processed quickly at any length', () => {
    const begun = performance.now();
    for (const piece of [ESC, `${ESC}[`, `${ESC}];`, `${ESC}[1;`, '\u009b;', '\u200d', 'a\u200d', '👩‍']) {
      printable(piece.repeat(30_000));
    }
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

test('JSON for a terminal has the same value and nothing that controls it', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const json = printableJson(JSON.stringify({ text }, null, 2));
      expect(json).not.toMatch(FORBIDDEN);
      expect(JSON.parse(json)).toEqual({ text });
    }),
    { numRuns: 400 },
  );
});

describe('a name', () => {
  test.each([
    [' Ann\t\n Lee ', 'Ann Lee'],
    ['Ann\u200b', 'Ann'],
    ['A\u200dnn', 'Ann'],
    [`${ESC}[31mAnn${BEL}`, 'Ann'],
    [`${ESC}]0;Ann`, ']0;Ann'],
    [`${ESC}]0;title${BEL}Ann ${ESC}[2JLee`, 'Ann Lee'],
    ['\u202eAnn', 'Ann'],
    ['O’Brien', 'O’Brien'],
    ['می‌خواهم', 'می‌خواهم'],
    ['👩‍👧', '👩‍👧'],
    ['-', '-'],
    ['0', '0'],
  ])('%j is %j', (text, name) => {
    expect(visibleLine(text)).toBe(name);
  });

  test.each([
    '',
    ' ',
    '\u200b',
    '\u200d\u200d',
    '\u00a0\u3000',
    '\ufe0f',
    '\u0301',
    '\u3164',
    '\u115f',
    '\u2800',
    '\u{1d159}',
    ESC,
    '\u00ad',
  ])('without visible characters is missing: %j', (text) => {
    expect(visibleLine(text)).toBeNull();
  });
});
