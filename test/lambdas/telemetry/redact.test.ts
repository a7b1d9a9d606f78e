import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CountryCode, getExampleNumber } from 'libphonenumber-js';
import examples from 'libphonenumber-js/mobile/examples';
import { redactNumbers } from '../../../lambdas/telemetry/redact';

const digitsOf = (text: string) => text.replace(/\D/g, '');

describe('a phone number', () => {
  test.each([
    ['+14155550123', '…23'],
    ['whatsapp:+14155550123', 'whatsapp:…23'],
    ['(415) 555-0123', '(…23'],
    ['from +1 415.555.0123, twice', 'from …23, twice'],
    ['"+44 20 7946 0958"', '"…58"'],
    ['+14155550123 and +14155550124', '…23 and …24'],
    ['{"address":"+14155550123"}', '{"address":"…23"}'],
    ['c14155550102', 'c…02'],
    ['wa14155550102', 'wa…02'],
    ['rec14155550102', 'rec…02'],
    ['rec14155550102001', 'rec…01'],
    ['14155550102x', '…02x'],
    ['+1·415·555·0102', '…02'],
    ['415–555–0102', '…02'],
    ['415/555/0102', '…02'],
    ['415 - 555 - 0102', '…02'],
    ['415 --- 555 --- 0102', '…02'],
    ['%2B1%20%28415%29%20555%2D0102', '%2B…02'],
    ['06:12:34:56:78', '…78'],
    ['2026-05-31-55', '…55'],
    ['4,155,550,102', '…02'],
    ['415:555:0102', '…02'],
    ['1\u202f415\u200b555\ufe0f0102', '…02'],
    ['+１４１５５５５０１０２', '…０２'],
    ['＋1 415 555 0102', '…02'],
    ['٤١٥٥٥٥٠١٠٢', '…٠٢'],
    ['१४१५५५५०१०२', '…०२'],
    ['𝟒𝟏𝟓𝟓𝟓𝟓𝟎𝟏𝟎𝟐', '…𝟎𝟐'],
    ['①④①⑤⑤⑤⑤⓪①⓪②', '…⓪②'],
    ['1️⃣4️⃣1️⃣5️⃣5️⃣5️⃣5️⃣0️⃣1️⃣0️⃣2️⃣', '…02️⃣'],
    ['2026-05-31 and +14155550102', '2026-05-31 and …02'],
    ['CH0123456789012345678901234567890', 'CH…90'],
    ['recAb12345678901c', 'recAb…01c'],
    ['0123456789012345678901234567890123456789', '…89'],
  ])('in %s is cut down to its last two digits', (text, masked) => {
    expect(redactNumbers(text)).toBe(masked);
  });

  const countries: CountryCode[] = [
    'US',
    'GB',
    'DE',
    'FR',
    'BR',
    'IN',
    'JP',
    'NG',
    'AU',
    'NL',
    'SE',
    'ZA',
    'MX',
    'AR',
    'IT',
  ];
  const written = fc.constantFrom(...countries).chain((country) => {
    const number = getExampleNumber(country, examples);
    const forms = number
      ? [number.number, number.formatInternational(), number.formatNational(), number.getURI()]
      : [];
    return fc.constantFrom(...forms);
  });
  const before = fc.constantFrom(' ', '"', ': ', ', ', '\n', '(', '/', '=', '_', '🙂');
  const after = fc.oneof(before, fc.constant(''));

  test('of any country, in any usual form, at any position, leaves two digits at most', () => {
    fc.assert(
      fc.property(before, written, after, (opening, number, closing) => {
        const masked = redactNumbers(`Sent to${opening}${number}${closing}`);
        expect(digitsOf(masked).length).toBeLessThanOrEqual(2);
      }),
    );
  });
});

describe('a WhatsApp user id', () => {
  test.each([
    ['US.13491208655302741918', 'US.…18'],
    ['whatsapp:US.13491208655302741918', 'whatsapp:US.…18'],
    ['from whatsapp:BR.1A2B3C4D5E6F7G8H, twice', 'from whatsapp:BR.…8H, twice'],
    ['BR.ENT.1A2b3C4d', 'BR.ENT.…4d'],
    ['BR.1A2B', 'BR.…2B'],
  ])('in %s is cut down to its country and its end', (text, masked) => {
    expect(redactNumbers(text)).toBe(masked);
  });
});

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const instant = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

describe('a text that is not a phone number', () => {
  test.each([
    'CH01234567890123456789012345678901',
    'AC01234567890123456789012345678901',
    'https://api.airtable.com/v0/appiEmbmnOp2xDBn6/Customers/recAb1234c5678D90',
    'recAbCdEfGhIjKl12, 34567',
    'page 12 of 123456',
    'PublicBaseUrl v2024',
    '{"startedAt":"2026-05-31T09:30:00.123Z"}',
    '2026-05-31',
    'at 2026-05-31 09:30 and 2026-05-31T09:30:15+02:00',
    '09:30:15.123',
    'http://127.0.0.1:7102/v0',
    'at handler (/var/task/index.js:1234:56789)',
    'en.wikipedia, U.S.A., Mr. US.Central',
    '',
  ])('stays unchanged: %s', (text) => {
    expect(redactNumbers(text)).toBe(text);
  });

  const recordId = fc.stringMatching(/^(rec|app|tbl|ach)[A-Za-z0-9]{14}$/).filter((id) => !/\d{7}/.test(id));
  const sid = fc.tuple(fc.constantFrom('CH', 'IM', 'AC', 'MB', 'SM'), hex(32)).map(([kind, id]) => kind + id);
  const known = fc.oneof(sid, recordId, fc.uuid(), instant);

  test('that is an id or a time stays unchanged, beside others and beside numbers', () => {
    const gap = fc.constantFrom(' ', ', ', '"', '/', ': ', '\n', ' (', '","id":"');
    fc.assert(
      fc.property(known, gap, known, (one, between, other) => {
        expect(redactNumbers(`${one}${between}${other}`)).toBe(`${one}${between}${other}`);
        expect(redactNumbers(`${one} to +14155550102 by ${other}`)).toBe(`${one} to …02 by ${other}`);
      }),
      { numRuns: 500 },
    );
  });

  test('stays unchanged with fewer than seven digits', () => {
    const text = fc.string().filter((each) => digitsOf(each).length < 4);
    fc.assert(fc.property(text, (each) => expect(redactNumbers(each)).toBe(each)));
  });
});

describe('seven or more digits in a row', () => {
  const ZEROS = [0x30, 0x660, 0x6f0, 0x966, 0xff10, 0x1d7ce];
  const run = fc
    .tuple(
      fc.constantFrom(...ZEROS),
      fc.array(fc.nat(9), { minLength: 7, maxLength: 20 }),
      fc.string({ unit: fc.constantFrom(...' -–.·/()_*\u202f\u200e,;#'), maxLength: 3 }),
    )
    .map(([zero, digits, between]) =>
      digits.map((digit) => String.fromCodePoint(zero + digit)).join(between),
    );
  const prefix = fc.constantFrom(
    '',
    '+',
    'c',
    'wa',
    'rec',
    'whatsapp:',
    'id=',
    '"',
    'ID ',
    '客户',
    'tel:+',
    'A',
    '_',
  );

  test('leave two at most, with any text before, between and after them', () => {
    fc.assert(
      fc.property(prefix, run, fc.constantFrom('', 'x', '"', ' ', '.', '号'), (before, digits, behind) => {
        const masked = redactNumbers(`Customer ${before}${digits}${behind}`);
        expect(masked.match(/\p{Nd}/gu)?.length).toBe(2);
      }),
      { numRuns: 500 },
    );
  });

  test('are found quickly in a long text', () => {
    const begun = performance.now();
    for (const piece of ['1', '1 ', '12345 a', '1    ', 'rec', 'US.', '2026-05-', 'a1', '+']) {
      redactNumbers(piece.repeat(100_000 / piece.length));
    }
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

test('redacting twice is the same as redacting once', () => {
  const piece = fc.oneof(fc.string(), fc.stringMatching(/^[-+() .\d]{0,30}$/));
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const masked = redactNumbers(pieces.join(' '));
      expect(redactNumbers(masked)).toBe(masked);
    }),
  );
});
