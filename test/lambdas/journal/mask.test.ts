import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CountryCode, getExampleNumber } from 'libphonenumber-js';
import examples from 'libphonenumber-js/mobile/examples';
import { maskNumbers } from '../../../lambdas/journal/mask';

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
  ])('in %s is cut down to its last two digits', (text, masked) => {
    expect(maskNumbers(text)).toBe(masked);
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

  test('of any country, in any usual form, wherever it stands, leaves two digits at the most', () => {
    fc.assert(
      fc.property(before, written, after, (opening, number, closing) => {
        const masked = maskNumbers(`Sent to${opening}${number}${closing}`);
        expect(digitsOf(masked).length).toBeLessThanOrEqual(2);
      }),
    );
  });
});

describe('what is no phone number', () => {
  test.each([
    'CH0123456789012345678901234567890',
    'AC01234567890123456789012345678901',
    'recAb12345678901c',
    'page 12 of 123456',
    'PublicBaseUrl v2024',
    '',
  ])('stays as it is: %s', (text) => {
    expect(maskNumbers(text)).toBe(text);
  });

  test('stays as it is where there are less than seven digits', () => {
    const text = fc.string().filter((each) => digitsOf(each).length < 7);
    fc.assert(fc.property(text, (each) => expect(maskNumbers(each)).toBe(each)));
  });
});

test('masking twice is masking once', () => {
  const piece = fc.oneof(fc.string(), fc.stringMatching(/^[-+() .\d]{0,30}$/));
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const masked = maskNumbers(pieces.join(' '));
      expect(maskNumbers(masked)).toBe(masked);
    }),
  );
});
