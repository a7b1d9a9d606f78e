import { describe, expect, test } from '@jest/globals';
import { aCollaborator } from '../../emulators/airtable/base-data';
import { ANA, BOB, listPage, pagesByToken } from '../world/crm';
import { startWorld, world } from '../world/use-world';
import type { WorldOptions } from '../world/world';

describe('an owner who is a collaborator', () => {
  const ana = aCollaborator('Sam Lee', ANA);
  const bob = aCollaborator('Sam Lee', BOB);
  const shared = {
    columns: { owner: 'singleCollaborator' },
    customers: Array.from({ length: 30 }, (_, id) => ({
      id,
      name: `Name ${10 + id}`,
      owner: id % 3 === 0 ? bob : ana,
    })),
  } satisfies WorldOptions;

  test('does not see the customers of a colleague with the same display name', async () => {
    await startWorld(shared);

    const anas = (await pagesByToken(world, { PageSize: '7' })).flatMap(({ ids }) => ids);
    const bobs = (await pagesByToken(world, { PageSize: '7', Worker: BOB })).flatMap(({ ids }) => ids);

    expect(anas).toEqual(shared.customers.filter(({ owner }) => owner === ana).map(({ id }) => String(id)));
    expect(bobs).toEqual(shared.customers.filter(({ owner }) => owner === bob).map(({ id }) => String(id)));
  });

  test('never gets an empty page while customers of their own are still to come', async () => {
    await startWorld(shared);

    const pages = await pagesByToken(world, { PageSize: '1' });

    expect(pages.map(({ ids }) => ids.length)).toEqual(Array(20).fill(1));
  });

  test('may have a new display name that some rows do not have yet', async () => {
    await startWorld({
      columns: { owner: 'singleCollaborator' },
      customers: [
        { id: 1, name: 'Adam', owner: { ...ana, name: 'Sam' } },
        { id: 2, name: 'Bea', owner: { ...ana, name: 'Samantha' } },
      ],
    });

    expect((await listPage(world)).ids).toEqual(['1', '2']);
  });

  test('without customers gets an empty list, and a first customer once sync has read it', async () => {
    await startWorld(shared);
    expect((await listPage(world, { Worker: 'new@example.com' })).ids).toEqual([]);

    const person = aCollaborator('New', 'new@example.com');
    world.airtable.edit.addRecord('Customers', { id: 99, name: 'First', owner: person });
    await world.sync();

    expect((await listPage(world, { Worker: 'new@example.com' })).ids).toEqual(['99']);
  });
});
