import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { matching, maybeAt, ownedBy, withId } from '../../../lambdas/airtable/customer-filter';
import { type CountryCode, toE164 } from '../../../lambdas/phone-number/phone-number';
import { aBase, customersTable, type Row } from '../../../local/airtable/base-data';
import { compileFormula } from '../../../local/airtable/formula/formula';

const every = () => true;

/** Which of the rows Airtable would keep. */
function kept(formula: unknown, rows: readonly Row[]): boolean[] {
  const table = customersTable(rows);
  const compiled = compileFormula(String(formula), table, aBase([table]), new Date());
  return table.records.map((record) => compiled.keeps(record));
}

/** Beginnings of real numbers, and how many digits are to follow. */
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
  ['IN', '+9198', 8],
  ['NG', '+234803', 7],
  ['AU', '+614', 8],
  ['SG', '+659', 7],
];

interface Customer {
  readonly country: CountryCode;
  readonly phone: PhoneNumber;
}

const validNumber = fc
  .constantFrom(...PLANS)
  .chain(([country, start, count]) =>
    fc
      .string({ unit: fc.constantFrom(...'0123456789'), minLength: count, maxLength: count })
      .map((rest): Customer | null => {
        const phone = parsePhoneNumberFromString(start + rest);
        return phone?.isValid() && phone.country === country ? { country, phone } : null;
      }),
  )
  .filter((customer) => customer !== null);

type Way = (phone: PhoneNumber) => string;

/** As people type a number, or copy it. */
const TYPED: readonly Way[] = [
  (phone) => phone.number,
  (phone) => phone.formatInternational(),
  (phone) => phone.formatInternational().replaceAll(' ', '-'),
  (phone) => phone.formatInternational().replaceAll(' ', '\u00a0'),
  (phone) => `\u202a${phone.formatInternational()}\u202c`,
  (phone) => `  ${phone.number}\n`,
  (phone) => phone.formatNational(),
  (phone) => phone.formatNational().replaceAll(' ', '.'),
  (phone) => phone.formatNational().replace(/\D/g, ''),
  (phone) => afterDoubleZero(phone, phone.number.slice(1)),
  (phone) => afterDoubleZero(phone, ` ${phone.formatInternational().slice(1)}`),
];

/** As it may stand in a cell. */
const STORED: readonly Way[] = [
  ...TYPED,
  (phone) => `whatsapp:${phone.number}`,
  (phone) => `WhatsApp: ${phone.formatInternational()}`,
];

/** Elsewhere 00 means something else: in Brazil a carrier's code follows it. */
const DOUBLE_ZERO = new Set(['US', 'CA', 'GB', 'DE', 'FR', 'IT', 'IN']);

function afterDoubleZero({ country }: PhoneNumber, rest: string): string {
  return `${DOUBLE_ZERO.has(String(country)) ? '00' : '+'}${rest}`;
}

describe('a customer whose number is typed in whatever way', () => {
  test('is found by its E.164 form, in either column', () => {
    fc.assert(
      fc.property(
        validNumber,
        fc.constantFrom(...STORED),
        fc.constantFrom('sms', 'whatsapp'),
        ({ country, phone }, way, column) => {
          const cell = way(phone);
          const addresses = [{ channel: 'sms', number: phone.number }] as const;

          expect(toE164(cell, country)).toBe(phone.number);
          expect(kept(maybeAt(addresses, every), [{ [column]: cell }])).toEqual([true]);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('is found in a search by the number’s last digits, however these are grouped', () => {
    fc.assert(
      fc.property(
        validNumber,
        fc.constantFrom(...STORED),
        fc.integer({ min: 4, max: 7 }),
        fc.constantFrom('', ' ', '-', '.'),
        ({ country, phone }, way, length, gap) => {
          const last = phone.number.slice(-length);
          const query = `${last.slice(0, 3)}${gap}${last.slice(3)}`;

          expect(kept(matching(query, every, country), [{ sms: way(phone) }])).toEqual([true]);
        },
      ),
    );
  });

  test('is found in a search by the whole number, typed in any way', () => {
    fc.assert(
      fc.property(
        validNumber,
        fc.constantFrom(...TYPED),
        fc.constantFrom(...STORED),
        ({ country, phone }, queried, stored) => {
          const formula = matching(queried(phone), every, country);

          expect(kept(formula, [{ sms: stored(phone) }])).toEqual([true]);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('candidates for a number', () => {
  const number = toE164('+14155550123', 'US') ?? '+1';

  test('are those with its last digits, and not those without', () => {
    const rows = [{ sms: '415.555.0123' }, { whatsapp: '+44 415 555 0123' }, { sms: '+14155550124' }, {}];

    expect(kept(maybeAt([{ channel: 'sms', number }], every), rows)).toEqual([true, true, false, false]);
  });

  test('are none where no number is asked for, or the base has no column for one', () => {
    expect(kept(maybeAt([], every), [{ sms: '+14155550123' }])).toEqual([false]);
    expect(
      kept(
        maybeAt([{ channel: 'sms', number }], () => false),
        [{ sms: '+14155550123' }],
      ),
    ).toEqual([false]);
  });
});

describe('a search', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abcXYZ019\'"\\{}é🌻 ,()=&') });

  test('finds any piece of a name, in upper or lower case', () => {
    fc.assert(
      fc.property(word, word, word, (before, piece, after) => {
        const row = { name: before + piece + after };
        fc.pre(row.name !== '');
        for (const query of [piece, piece.toUpperCase(), piece.toLowerCase()]) {
          fc.pre(query !== '');
          expect(kept(matching(query, every, 'US'), [row])).toEqual([true]);
        }
      }),
    );
  });

  test('finds no name that does not hold it', () => {
    fc.assert(
      fc.property(word, word, (query, name) => {
        fc.pre(query !== '' && !name.toLowerCase().includes(query.toLowerCase()));
        expect(kept(matching(query, every, 'US'), [{ name }])).toEqual([false]);
      }),
    );
  });
});

test('an id is matched whole, by the column or by the record', () => {
  const table = customersTable([{ id: 98 }, { id: 9 }, {}]);
  const rows = [{ id: 98 }, { id: 9 }, {}];

  expect(kept(withId('98', every), rows)).toEqual([true, false, false]);
  expect(kept(withId(String(table.records[2]?.id), every), rows)).toEqual([false, false, true]);
  expect(
    kept(
      withId('98', (column) => column !== 'id'),
      rows,
    ),
  ).toEqual([false, false, false]);
  expect(kept(withId('', every), rows)).toEqual([false, false, true]);
});

test('an owner is matched whole, by any of the texts that stand for the worker', () => {
  const rows = [{ owner: ' Ana ' }, { owner: 'Ana Li' }, { owner: 'ana' }, {}];

  expect(kept(ownedBy(['Ana']), rows)).toEqual([true, false, false, false]);
  expect(kept(ownedBy(['Ana', 'Ana Li']), rows)).toEqual([true, true, false, false]);
  expect(kept(ownedBy([]), rows)).toEqual([false, false, false, false]);
});
