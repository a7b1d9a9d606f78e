import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CountryCode, getCountries, getExampleNumber, type PhoneNumber } from 'libphonenumber-js';
import examples from 'libphonenumber-js/mobile/examples';
import {
  type Channel,
  digitTailOf,
  keyOf,
  readNumberCell,
  toE164,
} from '../../../lambdas/phone-number/address';

const one = (value: string, key = keyOf(value)) => ({ kind: 'one', value, key });
const several = (...values: readonly string[]) => ({ kind: 'several', keys: values.map(keyOf), tails: [] });

describe('a cell with one number', () => {
  test.each<[typed: string, country: CountryCode, value: string]>([
    ['(415) 555-0123', 'US', '+14155550123'],
    ['+1\u2002415\u2003555\u20090123', 'US', '+14155550123'],
    ['+33\u202f6\u202f12\u202f34\u202f56\u202f78', 'US', '+33612345678'],
    ['+33\u205f6\u300012\t34\n56\r\n78', 'US', '+33612345678'],
    ['06\u202f12\u202f34\u202f56\u202f78', 'FR', '+33612345678'],
    ['\u200e+1 415\ufe0f 555\u00ad0123\u2060', 'US', '+14155550123'],
    ['+1415·555·0123', 'US', '+14155550123'],
    ['415/555/0123', 'US', '+14155550123'],
    ['415 • 555 • 0123', 'US', '+14155550123'],
    ['1,415,555,0123', 'US', '+14155550123'],
    ['030/1234567', 'DE', '+49301234567'],
    ['0151 2345/678', 'DE', '+491512345678'],
    ['+１４１５５５５０１２３', 'US', '+14155550123'],
    ['＋１　（４１５）　５５５－０１２３', 'US', '+14155550123'],
    ['+١٤١٥٥٥٥٠١٢٣', 'US', '+14155550123'],
    ['+१ ४१५ ५५५ ०१२३', 'US', '+14155550123'],
    ['+𝟏𝟒𝟏𝟓𝟓𝟓𝟓𝟎𝟏𝟐𝟑', 'US', '+14155550123'],
    ['090ー1234ー5678', 'JP', '+819012345678'],
    ['WHATSAPP:+1 415 555 0123', 'US', '+14155550123'],
    ['WhatsApp: 415 555 0123', 'US', '+14155550123'],
    ['0044 20 7946 0958', 'US', '+442079460958'],
    ['tel:+1-415-555-0123;ext=12', 'US', '+14155550123'],
    ['415 555 0123 ext. 12', 'US', '+14155550123'],
    ['415 555 0123 x12', 'US', '+14155550123'],
    ['415 555 0123 #123456', 'US', '+14155550123'],
    ['415 555 0123, 12', 'US', '+14155550123'],
    ['0301234567;12', 'DE', '+49301234567'],
    ['Mobile 2: 415 555 0123 (work)', 'US', '+14155550123'],
    ['1️⃣ +14155550123', 'US', '+14155550123'],
    ['📱 415 555 0123', 'US', '+14155550123'],
    ['+1 415 555 0123 / (415) 555-0123', 'US', '+14155550123'],
    ['+5215512345678', 'US', '+5215512345678'],
    ['+52 1 55 1234 5678', 'MX', '+5215512345678'],
    ['044 55 1234 5678', 'MX', '+525512345678'],
    ['+54 11 2345-0004', 'US', '+541123450004'],
    ['011 15 2345 0004', 'AR', '+5491123450004'],
    ['+55 31 8888-0003', 'US', '+553188880003'],
    // Old numbers that can no longer be dialled get messages at their new ones.
    ['+22990011234', 'US', '+2290190011234'],
    ['47 12 34 56', 'CI', '+2250747123456'],
    ['1 415 555 0123', 'US', '+14155550123'],
    ['011 44 20 7946 0958', 'US', '+442079460958'],
    ['020 7946 0958', 'GB', '+442079460958'],
    ['+44 (0)20 7946 0958', 'US', '+442079460958'],
    ['+1 \u2066415\u2069 555\u200e0123', 'US', '+14155550123'],
    ['+1\u00a0415\u2011555\u20110123', 'US', '+14155550123'],
    ['06 612 345 67', 'IT', '+390661234567'],
    // Possible and not valid: no customer gets lost because the metadata is outdated.
    ['+1 555 555 0123', 'US', '+15555550123'],
  ])('%j in %s is %s', (typed, country, value) => {
    expect(readNumberCell(typed, 'sms', country)).toEqual(one(value));
    expect(readNumberCell(typed, 'whatsapp', country)).toEqual(one(value));
    expect(toE164(typed, country)).toBe(value);
  });

  test.each(['+9991234567', 'whatsapp:+1415555012'])('%j is one that the metadata does not know', (typed) => {
    expect(readNumberCell(typed, 'sms', 'US')).toEqual(one(typed.replace('whatsapp:', '')));
  });
});

describe('a cell with two numbers', () => {
  const US = ['+14155550781', '+14155550782'] as const;

  test.each([
    '4155550781;4155550782',
    '415 555 0781, 415 555 0782',
    '4155550781/4155550782',
    '+14155550781 / +14155550782',
    '4155550781|4155550782',
    '4155550781\n4155550782',
    '4155550781 or 4155550782',
    '(415) 555-0781 and (415) 555-0782',
    '4155550781 x4155550782',
    '4155550781 #4155550782',
    '4155550781 ext 4155550782',
    'Home: 415-555-0781 Mobile: 415-555-0782',
    '+14155550781+14155550782',
    '+14155550781 & +14155550782',
    '٤١٥٥٥٥٠٧٨١؛ ٤١٥٥٥٥٠٧٨٢',
    'whatsapp:+14155550781,whatsapp:+14155550782',
  ])('%j holds both', (typed) => {
    expect(readNumberCell(typed, 'sms', 'US')).toMatchObject({ kind: 'several', keys: US.map(keyOf) });
    expect(toE164(typed, 'US')).toBeNull();
  });

  test('separated only by a space holds both, and other possible readings', () => {
    expect(readNumberCell('415 555 0781 415 555 0782', 'sms', 'US')).toEqual({
      ...several(...US),
      tails: expect.arrayContaining(['5550781', '5550782']),
    });
  });

  test('of a country with short and long numbers', () => {
    expect(readNumberCell('030/1234567, 030/7654321', 'sms', 'DE')).toEqual(
      several('+49301234567', '+49307654321'),
    );
  });

  test('with one unreadable number keeps the digits of that one', () => {
    expect(readNumberCell('415 555 0781 x1234567', 'sms', 'US')).toEqual({
      ...several('+14155550781'),
      tails: ['1234567'],
    });
  });
});

describe('a cell that cannot be read', () => {
  test.each<[string, readonly string[]]>([
    ['ask Bob', []],
    ['12', []],
    ['whatsapp:', []],
    ['ana@example.com', []],
    ['+1 415 555 0102 123', ['1415555', '5550102', '0102123']],
    ['4155550102 (2019)', ['5550102', '1022019']],
    ['0.0.4155550102', ['5550102']],
    ['٠٠٤١٥٥٥٥٠١٠٢', ['5550102']],
  ])('%j keeps %j', (typed, tails) => {
    expect(readNumberCell(typed, 'sms', 'US')).toEqual({ kind: 'unreadable', tails });
  });

  test.each(['', ' ', '\n', '\u200b\u00a0\ufeff', '\u3164'])('%j is blank', (typed) => {
    expect(readNumberCell(typed, 'sms', 'US')).toEqual({ kind: 'blank' });
  });

  test('still has the last seven digits of the number in it', () => {
    const numbers = getCountries().flatMap((country) => getExampleNumber(country, examples) ?? []);
    const example = fc.constantFrom(...numbers.filter(({ number }) => number.length > 10));
    fc.assert(
      fc.property(example, fc.stringMatching(/^[-. /()]{1,3}\d{1,3}$/), (number, rest) => {
        const cell = readNumberCell(number.formatInternational() + rest, 'sms', 'US');
        if (cell.kind === 'unreadable') expect(cell.tails).toContain(digitTailOf(keyOf(number.number)));
      }),
      { numRuns: 200 },
    );
  });

  test('is read quickly, at any length', () => {
    const begun = performance.now();
    for (const text of [
      '1 '.repeat(50_000),
      '+1'.repeat(50_000),
      '4155550102;'.repeat(9_000),
      'a1'.repeat(50_000),
    ]) {
      readNumberCell(text, 'sms', 'US');
    }
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

describe('a WhatsApp user id', () => {
  const ID = 'US.13491208655302741918';

  test.each([ID, `whatsapp:${ID}`, ` WhatsApp:${ID}\n`, `\u200e${ID}`])(
    '%j is read in the column for WhatsApp',
    (typed) => {
      expect(readNumberCell(typed, 'whatsapp', 'US')).toEqual(one(ID));
    },
  );

  test('of few characters is read in the column for WhatsApp', () => {
    expect(readNumberCell('BR.1A2B', 'whatsapp', 'US')).toEqual(one('BR.1A2B'));
  });

  test('counts in the column for SMS, and receives no messages', () => {
    expect(readNumberCell(ID, 'sms', 'US')).toEqual(several(ID));
    expect(toE164(ID, 'US')).toBeNull();
  });

  test('beside a number also counts', () => {
    expect(readNumberCell(`${ID}; 415 555 0102`, 'whatsapp', 'US')).toEqual(several(ID, '+14155550102'));
  });

  test('is not read from an abbreviation in the column for SMS', () => {
    expect(readNumberCell('US.4155550102', 'sms', 'US')).toEqual(one('+14155550102'));
  });
});

describe('a text', () => {
  test.each([
    '',
    ' ',
    'none',
    '12',
    '+',
    '+1',
    'ask Bob',
    '123456789012345678901',
    'ana@example.com',
    'whatsapp:',
    '-',
    // In no numbering plan.
    '+1415555012',
    '+141555501023',
  ])('%j has no number to write to', (typed) => {
    expect(toE164(typed, 'US')).toBeNull();
  });

  test('never throws, and a single number is E.164 or a user id', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[+0-9().;,/\sx-]{0,40}$/)),
        fc.constantFrom<Channel>('sms', 'whatsapp'),
        (typed, channel) => {
          const cell = readNumberCell(typed, channel, 'US');
          if (cell.kind === 'one') expect(cell.value).toMatch(/^\+[1-9]\d{3,14}$|^[A-Z]{2}\./);
          if (cell.kind === 'unreadable') expect(cell.tails.join('')).toMatch(/^(\d{7})*$/);
        },
      ),
      { numRuns: 200 },
    );
  });
});

const example = fc.constantFrom(
  ...getCountries().flatMap((country) => {
    const number = getExampleNumber(country, examples);
    return number === undefined ? [] : [{ country, number }];
  }),
);

const ARABIC_ZERO = 0x660;

const FORMS: Readonly<Record<string, (number: PhoneNumber) => string>> = {
  'E.164': (number) => number.number,
  national: (number) => number.formatNational(),
  international: (number) => number.formatInternational(),
  'with dashes': (number) => number.formatInternational().replaceAll(' ', '-'),
  'with dots': (number) => number.formatNational().replaceAll(/[\s()-]+/g, '.'),
  'with middle dots': (number) => number.formatInternational().replaceAll(' ', '·'),
  'with slashes': (number) => number.formatInternational().replaceAll(' ', '/'),
  'with narrow spaces': (number) => number.formatInternational().replaceAll(' ', '\u202f'),
  'with WhatsApp in front': (number) => `whatsapp:${number.number}`,
  'as a link': (number) => number.getURI(),
  'between direction marks': (number) => `\u202a${number.formatInternational()}\u202c`,
  'with spaces round it': (number) => `  ${number.formatNational()}\n`,
  'in Arabic digits': (number) =>
    number.formatInternational().replace(/\d/g, (digit) => String.fromCodePoint(ARABIC_ZERO + Number(digit))),
  'in full width': (number) =>
    number.formatNational().replace(/[!-~]/g, (sign) => String.fromCodePoint(sign.charCodeAt(0) + 0xfee0)),
};

describe("every country's numbers", () => {
  test.each(Object.entries(FORMS))('are parsed %s', (_form, write) => {
    fc.assert(
      fc.property(example, ({ country, number }) => {
        expect(toE164(write(number), country)).toBe(number.number);
        expect(readNumberCell(write(number), 'sms', country)).toEqual(one(number.number));
      }),
      { numRuns: 150 },
    );
  });
});
