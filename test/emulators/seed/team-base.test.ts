import { describe, expect, test } from '@jest/globals';
import { teamBase } from '../../../emulators/seed/base';
import { FIRST_CUSTOMER } from '../../../emulators/seed/customers';
import { seededRandom } from '../../../emulators/seed/random';
import { typicalCustomers } from '../../../emulators/seed/typical-customers';
import { FIRST_WORKER, WORKERS } from '../../../emulators/seed/workers';
import { toE164 } from '../../../lambdas/phone-number/address';

const base = teamBase();
const rows = (table: string) => base.tables.find(({ name }) => name === table)?.records ?? [];
const customers = rows('Customers').map(({ fields }) => fields);
const texts = (column: string) =>
  customers.map((row) => row[column]).filter((cell) => typeof cell === 'string');

test('the base is the same on every run', () => {
  expect(teamBase()).toEqual(base);
});

test('no two tables, columns or rows share an id', () => {
  const ids = base.tables.flatMap(({ id, fields, records }) => [
    id,
    ...[...fields, ...records].map((part) => part.id),
  ]);

  expect(new Set(ids).size).toBe(ids.length);
});

test('every cell belongs to a column of its table, and blanks are absent', () => {
  for (const { fields, records } of base.tables) {
    const columns = fields.map(({ name }) => name);
    for (const record of records) {
      expect(columns).toEqual(expect.arrayContaining(Object.keys(record.fields)));
      expect(Object.values(record.fields)).not.toContain('');
      expect(Object.values(record.fields)).not.toContain(false);
    }
  }
});

describe('the workers', () => {
  test('have identities at example.com; one is away and one has left', () => {
    expect(WORKERS.length).toBeGreaterThanOrEqual(6);
    expect(WORKERS.every(({ identity }) => identity.endsWith('@example.com'))).toBe(true);
    expect(WORKERS.filter(({ state, isAvailable }) => state === 'active' && !isAvailable)).toHaveLength(1);
    expect(WORKERS.filter(({ state }) => state === 'deactivated')).toHaveLength(1);
  });

  test.each(WORKERS.map(({ identity }) => identity))('%s has customers', (identity) => {
    expect(texts('owner')).toContain(identity);
  });

  test('the first one has a list of several pages', () => {
    expect(texts('owner').filter((owner) => owner === FIRST_WORKER.identity).length).toBeGreaterThan(90);
  });
});

describe('the customers', () => {
  test('are a few hundred', () => {
    expect(customers.length).toBeGreaterThan(350);
    expect(customers.length).toBeLessThan(450);
  });

  test('have numeric ids that never repeat, with gaps, and some have none', () => {
    const ids = customers.map(({ id }) => id).filter((id) => typeof id === 'number');

    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeLessThan(customers.length - 10);
    expect(Math.max(...ids)).toBeGreaterThan(customers.length + 20);
  });

  test.each([
    ['a number with brackets', 'sms', /^\(\d{3}\) 555-01\d\d$/],
    ['a number with dots', 'sms', /^\d{3}\.555\.01\d\d$/],
    ['a British number with spaces', 'sms', /^\+44 20 7946 0\d{3}$/],
    ['a number that begins with 0044', 'sms', /^0044/],
    ['a number with whatsapp: in front', 'whatsapp', /^whatsapp:\+/],
    ['whatsapp: in the wrong column', 'sms', /^whatsapp:\+/],
    ['a number between invisible marks', 'sms', /^\u202a.*\u202c$/],
    ['an extension', 'sms', /ext/],
    ['words in place of a number', 'sms', /^ask/],
    ['an apostrophe', 'name', /O'Brien/],
    ['a double quote', 'name', /"/],
    ['a backslash at the end', 'name', /\\$/],
    ['an emoji', 'name', /\p{Extended_Pictographic}/u],
    ['Arabic', 'name', /\p{Script=Arabic}/u],
    ['300 characters', 'name', /^.{300}$/s],
    ['only spaces', 'name', /^\s+$/],
    ['an owner between spaces', 'owner', /^ ana@example\.com $/],
    ['an e-mail without a domain', 'email', /@$/],
    ['a profile without a scheme', 'linkedin', /^(www\.)?linkedin\.com/],
    ['a profile with https', 'linkedin', /^https:/],
    ['a profile with http', 'linkedin', /^http:/],
    ['a script for a profile', 'linkedin', /^javascript:/],
    ['notes of many lines', 'notes', /(.+\n){50}/],
    ['a picture address', 'avatar', /^https:/],
    ['opted out', 'opt_out', /^true$/],
    ['opted out in capitals', 'opt_out', /^TRUE$/],
    ['not opted out', 'opt_out', /^false$/],
    ['a company', 'company', /./],
    ['a city', 'city', /./],
  ])('include %s', (_what, column, pattern) => {
    expect(texts(column)).toContainEqual(expect.stringMatching(pattern));
  });

  test.each([
    'id',
    'name',
    'sms',
    'whatsapp',
    'email',
    'linkedin',
    'notes',
    'owner',
    'avatar',
    'opt_out',
    'city',
  ])('include a blank %s', (column) => {
    expect(customers.some((row) => row[column] === undefined)).toBe(true);
  });

  test('include rows with nothing in them', () => {
    expect(customers.filter((row) => Object.keys(row).length === 0).length).toBeGreaterThanOrEqual(2);
  });

  test('include the same number on two rows', () => {
    const numbers = texts('sms').flatMap((text) => toE164(text, 'US') ?? []);

    expect(numbers.filter((number) => number === '+16285550130')).toHaveLength(2);
    expect(numbers.filter((number) => number === '+16285550131')).toHaveLength(2);
  });

  test('that are typical each have a unique number, reserved for fiction', () => {
    const numbers = typicalCustomers(400, seededRandom(7)).flatMap(({ sms }) => {
      const digits = sms?.replace('(0)', '').replace(/\D/g, '').replace(/^00/, '');
      return digits === undefined ? [] : [digits.length === 10 ? `1${digits}` : digits];
    });

    expect(new Set(numbers).size).toBe(numbers.length);
    for (const number of numbers) {
      expect(number).toMatch(/^(1\d{3}55501\d\d|44(2079460|7700900|1614960)\d{3}|3363998\d{4})$/);
    }
  });

  test('include a sample customer of the first worker for trying a callback', () => {
    const row = customers.find(({ id }) => String(id) === FIRST_CUSTOMER.id);

    expect(row).toMatchObject({ owner: FIRST_WORKER.identity, sms: FIRST_CUSTOMER.number });
  });
});

test('the templates have categories, fields with and without defaults, and unfinished rows', () => {
  const templates = rows('Templates').map(({ fields }) => fields);
  const categories = new Set(templates.flatMap(({ category }) => category ?? []));
  const written = templates.map(({ text }) => String(text ?? ''));

  expect(categories.size).toBeGreaterThanOrEqual(3);
  expect(written).toContainEqual(expect.stringContaining('{{city}}'));
  expect(written).toContainEqual(expect.stringContaining('{{company|your company}}'));
  expect(written).toContainEqual(expect.stringContaining('{{technician}}'));
  expect(written).toContainEqual(expect.stringMatching(/\{\{[^}]*$/));
  expect(templates.filter(({ whatsAppApproved }) => whatsAppApproved === true)).not.toHaveLength(0);
  expect(templates.filter(({ whatsAppApproved, text }) => !whatsAppApproved && text)).not.toHaveLength(0);
  expect(templates.filter((row) => Object.keys(row).length === 0)).toHaveLength(1);
  expect(templates.filter(({ category, text }) => category && !text)).toHaveLength(1);
});
