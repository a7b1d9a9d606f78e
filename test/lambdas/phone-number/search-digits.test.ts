import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import {
  type CountryCode,
  digitForms,
  keysOf,
  readNumberCell,
  searchDigitsOf,
} from '../../../lambdas/phone-number/address';

/** Prefixes of real numbers, and how many digits follow. */
const PLANS: readonly [CountryCode, string, number][] = [
  ['US', '+1415555', 4],
  ['US', '+1212', 7],
  ['CA', '+1604', 7],
  ['GB', '+44207946', 4],
  ['GB', '+447700', 6],
  ['DE', '+49151', 8],
  ['DE', '+4930', 8],
  ['FR', '+336', 8],
  ['IT', '+3906', 8],
  ['BR', '+551198', 7],
  ['MX', '+5255', 8],
  ['AR', '+54911', 8],
  ['IN', '+9198', 8],
  ['NG', '+234803', 7],
  ['AU', '+614', 8],
  ['SG', '+659', 7],
  ['CI', '+22507', 8],
  ['BJ', '+229019', 7],
];

interface Typed {
  readonly country: CountryCode;
  readonly phone: PhoneNumber;
}

const validNumber = fc
  .constantFrom(...PLANS)
  .chain(([country, start, count]) =>
    fc
      .string({ unit: fc.constantFrom(...'0123456789'), minLength: count, maxLength: count })
      .map((rest): Typed | null => {
        const phone = parsePhoneNumberFromString(start + rest);
        return phone?.isValid() && phone.country === country ? { country, phone } : null;
      }),
  )
  .filter((number) => number !== null);

type Way = (phone: PhoneNumber) => string;

const TYPED: readonly Way[] = [
  (phone) => phone.number,
  (phone) => phone.formatInternational(),
  (phone) => phone.formatInternational().replaceAll(' ', '-'),
  (phone) => phone.formatInternational().replaceAll(' ', '\u202f'),
  (phone) => `\u202a${phone.formatInternational()}\u202c`,
  (phone) => `  ${phone.number}\n`,
  (phone) => phone.formatNational(),
  (phone) => phone.formatNational().replaceAll(' ', '.'),
  (phone) => phone.formatNational().replace(/\D/g, ''),
  (phone) => phone.number.replace(/\d/g, (digit) => '٠١٢٣٤٥٦٧٨٩'.charAt(Number(digit))),
];

/** A national form in Argentina has 15 in its middle, which no other form has. */
const asTyped = (phone: PhoneNumber) => (phone.country === 'AR' ? TYPED.slice(0, 6) : TYPED);

function isFound(query: string, cell: string, country: CountryCode): boolean {
  const digits = searchDigitsOf([cell], keysOf(readNumberCell(cell, 'sms', country)));
  return digitForms(query, country).some((form) => digits.includes(form));
}

describe('a customer is found', () => {
  test('by the whole number, in any spelling of it and of the cell', () => {
    const ways = validNumber.chain((number) => {
      const way = fc.constantFrom(...asTyped(number.phone));
      return fc.tuple(fc.constant(number), way, way);
    });
    fc.assert(
      fc.property(ways, ([{ country, phone }, query, cell]) => {
        expect(isFound(query(phone), cell(phone), country)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("by the number's last digits, in any grouping", () => {
    fc.assert(
      fc.property(
        validNumber,
        fc.integer({ min: 4, max: 7 }),
        fc.constantFrom('', ' ', '-', '.', '\u202f'),
        ({ country, phone }, length, gap) => {
          const last = phone.number.slice(-length);
          expect(isFound(`${last.slice(0, 3)}${gap}${last.slice(3)}`, phone.formatNational(), country)).toBe(
            true,
          );
        },
      ),
    );
  });

  test('by either form of a number with two forms', () => {
    expect(isFound('+52 1 55 1234', '+52 55 1234 5678', 'US')).toBe(true);
    expect(isFound('+55 31 8888', '(31) 98888-0003', 'BR')).toBe(true);
  });

  test('by the second number of a cell', () => {
    expect(isFound('(415) 555-0782', '415 555 0781 / 415 555 0782', 'US')).toBe(true);
  });

  test('by the digits of a cell that cannot be read', () => {
    expect(isFound('555 01', 'office 415 555 01', 'US')).toBe(true);
  });
});

describe('a query', () => {
  test.each(['', ' ', 'Ann', 'Ann 2', '🌻', 'a1', '+'])('%j has no digits', (query) => {
    expect(digitForms(query, 'US')).toEqual([]);
  });

  test('with a calling code is also looked for without it', () => {
    expect(digitForms('+44 (0)20 79', 'GB')).toEqual(['442079', '2079']);
    expect(digitForms('0044 20 79', 'US')).toEqual(['442079']);
    expect(digitForms('020 79', 'GB')).toEqual(['02079', '2079']);
  });
});

test('digits of two numbers are always separated', () => {
  expect(searchDigitsOf(['415 555 0102', ''], ['phone:+14155550102', 'whatsapp-id:US.134912'])).toBe(
    '4155550102 14155550102',
  );
});
