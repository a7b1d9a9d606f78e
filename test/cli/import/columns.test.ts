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
const refusalOf = (...headings: string[]) => {
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
      { heading: 'Phone', why: 'no column of Customers has this name' },
      { heading: 'serial', why: 'Airtable fills it itself (Autonumber)' },
      { heading: 'Orders', why: 'it links to records, which an import does not' },
    ]);
  });

  test('need a heading, unless they are empty', () => {
    const headings = ['name', '', 'sms', ' '];

    expect(matchColumns(file(headings, ['Ann', 'x', '1', ' ']), FIELDS).ignored).toEqual([
      { heading: '(column 2)', why: 'it has no heading' },
    ]);
  });

  test('must not be two for one', () => {
    expect(refusalOf('name', 'sms', 'Email', 'e-mail', 'SMS')).toBe(
      'Misconfigured: customers.csv: "Email" and "e-mail" are both the column "email": rename or delete one; ' +
        'customers.csv: "sms" and "SMS" are both the column "sms": rename or delete one',
    );
  });

  test('must include a customer’s name', () => {
    expect(refusalOf('Full name', 'sms')).toBe(
      'Misconfigured: customers.csv: no column "name". The first line has to name the columns, and it reads ' +
        '"Full name, sms". Rename its headings as the base has them: name, sms, whatsapp, email, opt_out, First contact',
    );
  });

  test('must include a number', () => {
    expect(refusalOf('name', 'Phone')).toContain('no column "sms" or "whatsapp". The first line');
    expect(refusalOf('name', 'whatsapp')).not.toContain('Misconfigured');
  });

  test('are not read from a first line that is a customer', () => {
    expect(refusalOf('Ann', '+14155550123')).toContain(
      'no column "name", and none "sms" or "whatsapp". The first line has to name the columns, and it reads "Ann, +1415',
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
    [[field('sms')], 'Misconfigured: The table Customers has no column "name": add it to the base'],
    [
      [field('name')],
      'Misconfigured: The table Customers has no column "sms", "whatsapp": add it to the base',
    ],
    [
      [field('name', 'formula'), field('sms', 'number')],
      'Misconfigured: The column "name" of Customers is of type Formula: make it Single line text, which an import ' +
        'can fill; The column "sms" of Customers is of type Number: make it Single line text, which an import can fill',
    ],
  ])('is not suitable otherwise, with the reason', (fields, problem) => {
    expect(resultOf(fields)).toBe(problem);
  });
});
