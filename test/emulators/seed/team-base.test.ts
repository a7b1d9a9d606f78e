import { describe, expect, test } from '@jest/globals';
import { FIRST_CUSTOMER, teamBase } from '../../../emulators/seed/base';
import { EDGE_CASE_CUSTOMERS } from '../../../emulators/seed/edge-case-customers';
import { seededRandom, typicalCustomers } from '../../../emulators/seed/typical-customers';
import { FIRST_WORKER, WORKERS } from '../../../emulators/seed/workers';
import { foldName } from '../../../lambdas/customers/fold-name';

const base = teamBase();
const rows = (table: string) =>
  base.tables.find(({ name }) => name === table)?.records.map(({ fields }) => fields) ?? [];
const customers = rows('Customers');

test('the base is the same on every run, and no two tables, columns or rows share an id', () => {
  const ids = base.tables.flatMap(({ id, fields, records }) => [
    id,
    ...[...fields, ...records].map((part) => part.id),
  ]);

  expect(teamBase()).toEqual(base);
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
  test('have identities at example.com and customers; one is away and one has left', () => {
    for (const { identity } of WORKERS) {
      expect(identity).toMatch(/@example\.com$/);
      expect(customers.map(({ owner }) => owner)).toContain(identity);
    }
    expect(WORKERS.filter(({ state, isAvailable }) => state === 'active' && !isAvailable)).toHaveLength(1);
    expect(WORKERS.filter(({ state }) => state === 'deactivated')).toHaveLength(1);
  });

  test.each(WORKERS.filter(({ state }) => state === 'active'))(
    '$identity has a list that begins with typical customers',
    ({ identity }) => {
      const oddNames = new Set<unknown>(EDGE_CASE_CUSTOMERS.map(({ name }) => name));
      const names = customers.filter(({ owner }) => owner === identity).map(({ name }) => name);
      const inOrder = names.sort((a, b) => (foldName(`${a ?? ''}`) < foldName(`${b ?? ''}`) ? -1 : 1));

      expect(inOrder.slice(0, 25).filter((name) => oddNames.has(name))).toEqual([]);
    },
  );

  test('include a first one with a list of several pages, and a sample customer for trying a callback', () => {
    const { identity: owner } = FIRST_WORKER;

    expect(customers.filter((row) => row['owner'] === owner).length).toBeGreaterThan(90);
    expect(customers.find(({ id }) => String(id) === FIRST_CUSTOMER.id)).toMatchObject({
      owner,
      sms: FIRST_CUSTOMER.number,
    });
  });
});

describe('the customers', () => {
  test('are a few hundred with the edge cases among them, and ids with gaps that never repeat', () => {
    const ids = customers.map(({ id }) => id).filter((id) => typeof id === 'number');

    expect(customers.length).toBeGreaterThan(350);
    expect(customers.map(({ name }) => name)).toEqual(
      expect.arrayContaining(EDGE_CASE_CUSTOMERS.map(({ name }) => name)),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeLessThan(customers.length - 10);
    expect(Math.max(...ids)).toBeGreaterThan(customers.length + 20);
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
});

test('the templates have categories, merge fields with and without defaults, and unfinished rows', () => {
  const templates = rows('Templates');
  const texts = templates.map(({ text }) => String(text ?? ''));

  expect(new Set(templates.flatMap(({ category }) => category ?? [])).size).toBeGreaterThanOrEqual(3);
  for (const part of ['{{city}}', '{{company|your company}}', '{{technician}}', '{{name, just'])
    expect(texts).toContainEqual(expect.stringContaining(part));
  expect(templates.filter((row) => Object.keys(row).length === 0)).toHaveLength(1);
});
