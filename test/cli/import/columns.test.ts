import { describe, expect, test } from '@jest/globals';
import { matchColumns, requireColumns } from '../../../cli/import/columns';

const field = (name: string, type = 'singleLineText') => ({ id: `fld${name}`, name, type });
const FIELDS = [
  field('name'),
  field('sms', 'phoneNumber'),
  field('whatsapp'),
  field('email', 'email'),
  field('opt_out', 'checkbox'),
  field('First contact', 'date'),
  field('Serial', 'autoNumber'),
  field('Orders', 'multipleRecordLinks'),
];
const file = (headings: readonly string[], cells: readonly string[] = headings) => ({
  path: 'customers.csv',
  delimiter: ',' as const,
  headings,
  rows: [{ line: 2, cells, fault: null }],
});
const match = (...headings: string[]) =>
  matchColumns(file(headings), FIELDS).filled.map(({ index, field: { name } }) => [headings[index], name]);
const rejectionOf = (...headings: string[]) => {
  try {
    return String(match(...headings));
  } catch (error) {
    return String(error);
  }
};

describe('the columns of a file', () => {
  test('are found by the names of the base, in any spelling', () => {
    expect(match(' NAME ', 'SMS', 'Whats-App', 'E-Mail', 'Opt out', 'first_CONTACT')).toEqual([
      [' NAME ', 'name'],
      ['SMS', 'sms'],
      ['Whats-App', 'whatsapp'],
      ['E-Mail', 'email'],
      ['Opt out', 'opt_out'],
      ['first_CONTACT', 'First contact'],
    ]);
  });

  test('prefer the exact name, then the service’s own columns, if two of the base have the same normalized name', () => {
    const fields = [field('Opt-Out'), field('opt_out'), field('OPT OUT'), ...FIELDS.slice(0, 2)];
    const found = (heading: string) =>
      matchColumns(file(['name', 'sms', heading]), fields).filled.at(-1)?.field.name;

    expect(found('OPT OUT')).toBe('OPT OUT');
    expect(found('opt out')).toBe('opt_out');
  });

  test('are ignored if the base has none or computes it, and that is reported', () => {
    const { ignored } = matchColumns(file(['name', 'sms', 'Phone', 'serial', 'Orders']), FIELDS);

    expect(ignored).toEqual([
      { heading: 'Phone', reason: 'Customers has no column of this name' },
      { heading: 'serial', reason: 'Airtable computes it (Autonumber)' },
      { heading: 'Orders', reason: 'an import cannot link records' },
    ]);
  });

  test('need a heading, unless they are empty', () => {
    const headings = ['name', '', 'sms', ' '];

    expect(matchColumns(file(headings, ['Ann', 'x', '1', ' ']), FIELDS).ignored).toEqual([
      { heading: '(column 2)', reason: 'it has no heading' },
    ]);
  });

  test('must not be two for one', () => {
    expect(rejectionOf('name', 'sms', 'Email', 'e-mail', 'SMS')).toMatch(
      /"Email" and "e-mail" .* column "email".*; customers.csv: "sms" and "SMS" .* column "sms"/,
    );
  });

  test('must include a customer’s name', () => {
    expect(rejectionOf('Full name', 'sms')).toMatch(
      /no column "name"\. .*"Full name, sms".*: name, sms, whatsapp, email, opt_out, First contact$/,
    );
  });

  test('must include a number', () => {
    expect(rejectionOf('name', 'Phone')).toContain('no column "sms" or "whatsapp"');
    expect(rejectionOf('name', 'whatsapp')).not.toContain('Misconfigured');
  });

  test('are not read from a first line that is a customer', () => {
    expect(rejectionOf('Ann', '+14155550123')).toMatch(
      /no column "name" and no column "sms" or "whatsapp"\. .*"Ann, \+1415/,
    );
  });
});

describe('the table of customers', () => {
  const resultOf = (fields: readonly ReturnType<typeof field>[]) => {
    try {
      requireColumns(fields);
      return 'serves';
    } catch (error) {
      return String(error);
    }
  };

  test('is suitable with a name and one kind of number', () => {
    expect(resultOf([field('name'), field('whatsapp')])).toBe('serves');
  });

  test.each([
    [[field('sms')], /no column "name"/],
    [[field('name')], /no column "sms", "whatsapp"/],
    [[field('name', 'formula'), field('sms', 'number')], /"name" .* Formula: .*; .*"sms" .* Number: /],
  ])('is not suitable otherwise, with the reason', (fields, problem) => {
    expect(resultOf(fields)).toMatch(problem);
  });
});
