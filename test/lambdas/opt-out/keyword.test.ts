import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  isKeyword,
  isStandardOptOutWord,
  readOptOutKeyword,
  SMS_OPT_IN_WORDS,
  STANDARD_OPT_IN_WORDS,
  STANDARD_OPT_OUT_WORDS,
} from '../../../lambdas/opt-out/keyword';
import type { Channel } from '../../../lambdas/phone-number/address';

interface Words {
  readonly channel?: Channel;
  readonly optOutWords?: readonly string[];
  readonly optInWords?: readonly string[];
}

function read(message: string, { channel = 'sms', optOutWords = [], optInWords = [] }: Words = {}) {
  return readOptOutKeyword(message, { channel, optOutWords, optInWords });
}

/** Of other scripts, with marks, spaces, hyphens and apostrophes inside. */
const OWN_WORDS = [
  'DETÉN',
  'ARRÊT',
  "J'ARRÊTE",
  'НЕ ПИСАТЬ',
  'إلغاء',
  'बंद करो',
  '停止',
  'キャンセル',
  'Schluß',
  'İPTAL',
  'ΤΕΛΟΣ',
  'لغو\u200cکردن',
  'NE-PLUS',
];

const OPT_OUT_WORDS = [...STANDARD_OPT_OUT_WORDS, ...OWN_WORDS];
const OPT_IN_WORDS = [...STANDARD_OPT_IN_WORDS, ...SMS_OPT_IN_WORDS];

/** The word in a mixture of capitals and small letters. */
function inAnyCase(word: string): fc.Arbitrary<string> {
  return fc
    .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
    .map((small) =>
      [...word].map((letter, at) => (small[at] ? letter.toLowerCase() : letter.toUpperCase())).join(''),
    );
}

function inFullWidth(word: string): string {
  return word.replace(/[!-~]/g, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0));
}

const ROUND_A_WORD = [
  ...' \t\n\r\u00a0\u202f\u3000',
  ...'"\'“”„‟«»‹›‘’`´',
  ...'*_~()[]{}<>',
  ...'.,;:!?…-–—¡¿。！？、·•/\\|#@&%+=^$€',
  '\u200b',
  '\u200e',
  '\u200f',
  '\u202a',
  '\u202c',
  '\u2060',
  '\ufeff',
  '\u00ad',
  '\ufe0f',
  '\u200d',
  '🛑',
  '😡',
  '👍🏽',
  '👨‍👩‍👧',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  '🇺🇸',
  '❤️',
  '™️',
  'ℹ️',
  'Ⓜ️',
  '1️⃣',
  '#️⃣',
  'ʼ',
];
const round = fc.array(fc.constantFrom(...ROUND_A_WORD), { maxLength: 6 }).map((all) => all.join(''));

describe('an opt-out', () => {
  test.each(OPT_OUT_WORDS)('is a message that is only %s, with any decoration', (word) => {
    fc.assert(
      fc.property(round, inAnyCase(word), round, (before, typed, after) => {
        expect(read(before + typed + after, { optOutWords: OWN_WORDS })).toEqual({ kind: 'opt-out', word });
      }),
    );
  });

  test.each(STANDARD_OPT_OUT_WORDS)('is %s in full width', (word) => {
    expect(read(inFullWidth(word))).toEqual({ kind: 'opt-out', word });
  });

  test.each([
    ['"STOP"', 'STOP'],
    ['“Stop”', 'STOP'],
    ['\u200eSTOP', 'STOP'],
    ['STOP 🛑', 'STOP'],
    ['*STOP*', 'STOP'],
    ['OPT OUT', 'OPT OUT'],
    ['opt-out', 'OPT-OUT'],
    ['opt\u2011out', 'OPT-OUT'],
    ['Opt – out'.replaceAll(' ', ''), 'OPT-OUT'],
    ['opt\n out.', 'OPT OUT'],
    ['Stop.', 'STOP'],
    ['S\u200bTOP', 'STOP'],
    ['Ⓢⓣⓞⓟ', 'STOP'],
    ['\u017ftop', 'STOP'],
  ])('is %j', (message, word) => {
    expect(read(message)).toEqual({ kind: 'opt-out', word });
  });

  test.each<[message: string, word: string]>([
    ['arrêt', 'ARRÊT'],
    ['arre\u0302t', 'ARRÊT'],
    ['j’arrête !', "J'ARRÊTE"],
    ['SCHLUSS', 'Schluß'],
    ['iptal', 'İPTAL'],
    ['IPTAL', 'İPTAL'],
    ['ｷｬﾝｾﾙ', 'キャンセル'],
    ['لغوکردن', 'لغو\u200cکردن'],
    ['не  писать!', 'НЕ ПИСАТЬ'],
  ])('of a word of the team is %j', (message, word) => {
    expect(read(message, { optOutWords: OWN_WORDS })).toEqual({ kind: 'opt-out', word });
  });

  test('may be a digit, also as an emoji', () => {
    expect(read(' 2. ', { optOutWords: ['2'] })).toEqual({ kind: 'opt-out', word: '2' });
    expect(read('2️⃣', { optOutWords: ['2'] })).toEqual({ kind: 'opt-out', word: '2' });
    expect(read('2️⃣')).toBeNull();
  });

  test('is the meaning of a word in both lists', () => {
    const words = { optOutWords: ['FIN'], optInWords: ['FIN', 'STOP'] };

    expect(read('fin', words)).toMatchObject({ kind: 'opt-out' });
    expect(read('stop', words)).toMatchObject({ kind: 'opt-out' });
  });
});

describe('an opt-in', () => {
  const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r', '\u00a0'), maxLength: 4 });
  const punctuation = fc.string({ unit: fc.constantFrom('.', '!', '?', ',', ';', ':', ' '), maxLength: 4 });

  test.each([...OPT_IN_WORDS, 'ALTA', 'إبدأ'])('is %s by SMS, with punctuation after it', (word) => {
    fc.assert(
      fc.property(space, inAnyCase(word), punctuation, space, (before, typed, mark, after) => {
        const message = before + typed + mark + after;
        expect(read(message, { optInWords: ['ALTA', 'إبدأ'] })).toEqual({ kind: 'opt-in', word });
      }),
    );
  });

  test.each(STANDARD_OPT_IN_WORDS)('is %s by WhatsApp', (word) => {
    expect(read(word, { channel: 'whatsapp' })).toEqual({ kind: 'opt-in', word });
  });

  test.each(SMS_OPT_IN_WORDS)('is not %s by WhatsApp', (word) => {
    expect(read(word, { channel: 'whatsapp' })).toBeNull();
    expect(read(`${word}!`, { channel: 'whatsapp' })).toBeNull();
  });

  test.each(['"START"', '.START', 'START 👍', 'START NOW', '(yes)'])('is not %j', (message) => {
    expect(read(message)).toBeNull();
  });
});

describe('an ordinary message', () => {
  test.each([
    'STOP PLEASE',
    'please stop',
    "don't stop",
    'stop it',
    'STOP STOP',
    'stop, stop',
    'STOP\n\nSent from my phone',
    'NONSTOP',
    'STOPP',
    'STAHP',
    'S.T.O.P',
    'S T O P',
    'OPT  - OUT',
    'opting out',
    'STOP 1',
    'STOP2',
    'END?NO',
    'HELP',
    'INFO',
    '',
    ' ?! ',
    '🛑',
    '\u200b',
    'constructor',
    '__proto__',
    'ЅТОР',
  ])('is %j', (message) => {
    expect(read(message)).toBeNull();
  });

  test('is one of several words', () => {
    const word = fc.stringMatching(/^\w+$/);
    fc.assert(
      fc.property(fc.constantFrom(...OPT_OUT_WORDS, ...OPT_IN_WORDS), word, (keyword, other) => {
        fc.pre(/[A-Za-z0-9]/.test(other));
        for (const message of [`${keyword} ${other}`, `${other} ${keyword}`, `${keyword}, ${other}.`]) {
          expect(read(message, { optOutWords: OWN_WORDS })).toBeNull();
        }
      }),
    );
  });

  test('of 32 kB is read quickly, with any content', () => {
    const begun = performance.now();
    for (const piece of [' ', '.', 'a', ' a', '\u200b', '1️⃣', '🛑', '\u0301', 'stop ', '- ', 'İ', 'ﷺ']) {
      const long = piece.repeat(32_768 / piece.length);
      for (const message of [long, `stop${long}it`, `${long}stop`, `stop${long}`]) read(message);
    }
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});

describe('a team’s own word', () => {
  test.each([
    ['ストップ', 'ｽﾄｯﾌﾟ'],
    ['ｽﾄｯﾌﾟ', '「ストップ」'],
    ['ストッパー', 'ｽﾄｯﾊﾟｰ。'],
    ['ΤΕΛΟΣ', 'Τέλος'],
    ['τέλος', 'ΤΕΛΟΣ'],
    ['إيقاف', 'إيـــقاف'],
    ['إيقاف', 'إيقافـ'],
    ['NE-PLUS', 'ne\u2212plus'],
    ['STOPP', 'S\u0336T\u0336O\u0336P\u0336P\u0336'],
  ])('that is %s opts out as its script also writes it: %s', (word, message) => {
    expect(read(message, { optOutWords: [word] })).toEqual({ kind: 'opt-out', word });
  });

  test.each([...OWN_WORDS, '2', 'STOP!'])('may be %j', (word) => {
    expect(isKeyword(word)).toBe(true);
  });

  test.each(['', ' ', '!', '🛑', '\u200b', 'x'.repeat(101)])('may not be %j', (word) => {
    expect(isKeyword(word)).toBe(false);
    expect(read(word, { optOutWords: [word], optInWords: [word] })).toBeNull();
    expect(read('', { optOutWords: [word], optInWords: [word] })).toBeNull();
  });

  test.each(STANDARD_OPT_OUT_WORDS)('may already be a standard opt-out word: %s', (word) => {
    expect(isStandardOptOutWord(`${word.toLowerCase()}.`)).toBe(true);
    expect(isStandardOptOutWord('DETÉN')).toBe(false);
  });
});
