import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CountryCode, getCountries, getExampleNumber, type PhoneNumber } from 'libphonenumber-js';
import examples from 'libphonenumber-js/mobile/examples';
import { sharedDigits, toE164 } from '../../../lambdas/phone-number/phone-number';

describe('a number as a person types it', () => {
  test.each<[typed: string, country: CountryCode, e164: string]>([
    ['(415) 555-0123', 'US', '+14155550123'],
    ['415.555.0123', 'US', '+14155550123'],
    ['4155550123', 'US', '+14155550123'],
    ['1 415 555 0123', 'US', '+14155550123'],
    ['+1 415 555 0123', 'DE', '+14155550123'],
    ['011 44 20 7946 0958', 'US', '+442079460958'],
    ['0044 20 7946 0958', 'DE', '+442079460958'],
    ['020 7946 0958', 'GB', '+442079460958'],
    ['+44 (0)20 7946 0958', 'US', '+442079460958'],
    ['whatsapp:+14155550123', 'US', '+14155550123'],
    [' WhatsApp: +1 415 555 0123 ', 'US', '+14155550123'],
    ['\u202a+1 415 555 0123\u202c', 'US', '+14155550123'],
    ['+1 \u2066415\u2069 555\u200e0123', 'US', '+14155550123'],
    ['+1\u00a0415\u2011555\u20110123', 'US', '+14155550123'],
    ['tel:+1-415-555-0123', 'US', '+14155550123'],
    ['06 612 345 67', 'IT', '+390661234567'],
    ['０９０-１２３４-５６７８', 'JP', '+819012345678'],
    // Possible and not valid: no customer gets lost for metadata that is behind the times.
    ['+1 555 555 0123', 'US', '+15555550123'],
  ])('%j in %s is %s', (typed, country, e164) => {
    expect(toE164(typed, country)).toBe(e164);
  });

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
  ])('%j is none', (typed) => {
    expect(toE164(typed, 'US')).toBeNull();
  });

  test('never fails, and is E.164 where it is one', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[+0-9().\s-]{0,20}$/)),
        (typed) => {
          expect(toE164(typed, 'US') ?? '+12345678').toMatch(/^\+[1-9]\d{3,14}$/);
        },
      ),
    );
  });
});

const example = fc.constantFrom(...getCountries()).chain((country) => {
  const number = getExampleNumber(country, examples);
  return fc.constantFrom(...(number ? [{ country, number }] : []));
});

const FORMS: Readonly<Record<string, (number: PhoneNumber) => string>> = {
  'E.164': (number) => number.number,
  national: (number) => number.formatNational(),
  international: (number) => number.formatInternational(),
  'with dashes': (number) => number.formatInternational().replaceAll(' ', '-'),
  'with dots': (number) => number.formatNational().replaceAll(/[\s()-]+/g, '.'),
  'with WhatsApp in front': (number) => `whatsapp:${number.number}`,
  'as a link': (number) => number.getURI(),
  'between direction marks': (number) => `\u202a${number.formatInternational()}\u202c`,
  'with spaces round it': (number) => `  ${number.formatNational()}\n`,
};

describe("every country's numbers", () => {
  test.each(Object.entries(FORMS))('are understood %s', (_form, write) => {
    fc.assert(
      fc.property(example, ({ country, number }) => {
        expect(toE164(write(number), country)).toBe(number.number);
      }),
      { numRuns: 300 },
    );
  });

  test('share their last digits with every way of writing them', () => {
    fc.assert(
      fc.property(example, fc.constantFrom(...Object.values(FORMS)), ({ number }, write) => {
        const shared = sharedDigits(number.number);
        expect(shared).toMatch(/^\d{1,7}$/);
        expect(write(number).replace(/\D/g, '')).toContain(shared);
      }),
      { numRuns: 500 },
    );
  });
});
