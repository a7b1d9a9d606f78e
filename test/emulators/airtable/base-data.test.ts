import { describe, expect, test } from '@jest/globals';
import { aBase, aCollaborator, customersTable, templatesTable } from '../../../emulators/airtable/base-data';
import { call, serve } from './serve';

describe('demo tables', () => {
  test('are the same on every run', () => {
    const make = () => customersTable([{ name: 'Ann' }, { name: 'Bob' }]);

    expect(make()).toEqual(make());
    expect(make().records[1]).toMatchObject({
      id: expect.stringMatching(/^rec[A-Za-z0-9]{14}$/),
      fields: { name: 'Bob' },
    });
  });

  test('have the choices and the people of their rows', () => {
    const ana = aCollaborator('Ana', 'ana@example.com');
    const customers = customersTable([{ owner: ana }, { owner: ana }], { owner: 'singleCollaborator' });
    const templates = templatesTable([
      { category: 'Openers' },
      { category: 'Replies' },
      { category: 'Openers' },
    ]);

    const base = aBase([customers, templates]);

    expect(base.collaborators).toEqual([ana]);
    expect(base.tables[1]?.fields[1]?.options?.choices?.map(({ name }) => name)).toEqual([
      'Openers',
      'Replies',
    ]);
  });

  test('reject a cell in an unknown column', () => {
    expect(() => customersTable([{ nmae: 'Ann' }])).toThrow('"nmae"');
  });
});

test('a base survives a JSON round trip after writes', async () => {
  const emulator = await serve([customersTable([{ name: 'Ann' }], { id: 'autoNumber' })]);
  await call(emulator, 'POST', '/Customers', { fields: { name: 'Bob' } });
  await call(emulator, 'PATCH', `/Customers/${emulator.base.tables[0]?.records[0]?.id}`, {
    fields: { notes: 'n' },
  });

  const again = await serve([], { base: JSON.parse(JSON.stringify(emulator.base)) });

  expect(again.base).toEqual(emulator.base);
  expect((await call(again, 'POST', '/Customers', { fields: {} })).body).toMatchObject({ fields: { id: 3 } });
});

test('the initial data is not modified', async () => {
  const table = customersTable([]);
  table.views = [];
  const emulator = await serve([table]);

  await call(emulator, 'POST', '/Customers', { fields: { name: 'Ann' } });

  expect(table).toMatchObject({ records: [], views: [] });
  expect((await call(emulator, 'GET', '/Customers?view=Grid+view')).status).toBe(200);
});
