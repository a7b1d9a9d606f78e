import { describe, expect, test } from '@jest/globals';
import { aCollaborator, type Row } from '../../emulators/airtable/base-data';
import { beginNewContainer } from '../../lambdas/container';
import { ANA, BOB, customerRows, type ListPage, listPage, pagesByAnchor } from '../world/crm';
import { startWorld, world } from '../world/use-world';

/** Alternately Ana's and Bob's; every fifth has no id of its own, so its record id is used. */
const CUSTOMERS: readonly Row[] = Array.from({ length: 260 }, (_, index) => ({
  ...(index % 5 > 0 && { id: index }),
  name: `Name ${String((index * 97) % 260).padStart(3, '0')}`,
  owner: index % 2 === 0 ? ANA : BOB,
}));

function expectEachOnce(pages: readonly ListPage[], count: number): void {
  const names = pages.flatMap((page) => page.names);
  expect(names).toHaveLength(count);
  expect(new Set(pages.flatMap(({ ids }) => ids)).size).toBe(count);
  expect(names).toEqual([...names].sort());
}

describe('a list paged by Anchor, as older apps do', () => {
  test.each([
    ['in one container', () => {}],
    ['from a new container for each page', beginNewContainer],
  ])('contains every customer exactly once, without a request to Airtable, %s', async (_what, beforeEach) => {
    await startWorld({ customers: CUSTOMERS });

    const pages = await pagesByAnchor(world, { PageSize: '30' }, beforeEach);

    expectEachOnce(pages, 130);
    expect(pages.map(({ ids }) => ids.length)).toEqual([30, 30, 30, 30, 10, 0]);
    expect(pages.map(({ airtableRequests }) => airtableRequests)).toEqual(Array(6).fill(0));
  });

  test('continues with another page size', async () => {
    await startWorld({ customers: CUSTOMERS });
    const whole = (await listPage(world, { PageSize: '100' })).ids;

    const first = await listPage(world, { PageSize: '20' });
    const second = await listPage(world, { PageSize: '5', Anchor: first.ids.at(-1) ?? '' });
    const third = await listPage(world, { PageSize: '40', Anchor: second.ids.at(-1) ?? '' });

    expect([...first.ids, ...second.ids, ...third.ids]).toEqual(whole.slice(0, 65));
  });

  test('is limited to the search', async () => {
    await startWorld({ customers: CUSTOMERS });

    const pages = await pagesByAnchor(world, { PageSize: '10', Query: 'name 1' });

    expect(pages.flatMap(({ names }) => names).every((name) => name.startsWith('Name 1'))).toBe(true);
    expectEachOnce(pages, CUSTOMERS.filter(isFound).length);

    function isFound({ name, owner }: Row): boolean {
      return owner === ANA && String(name).startsWith('Name 1');
    }
  });

  test('is empty after a customer of another worker', async () => {
    await startWorld({ customers: CUSTOMERS });

    for (const anchor of ['9999', 'recUnknown', '" OR 1=1', '1']) {
      const page = await listPage(world, { Anchor: anchor });
      expect(page).toMatchObject({ ids: [], token: undefined });
    }
  });

  test('begins at NextPageToken if both are given', async () => {
    await startWorld({ customers: CUSTOMERS });
    const first = await listPage(world, { PageSize: '20' });
    const second = await listPage(world, { PageSize: '20', NextPageToken: first.token ?? '' });

    const both = await listPage(world, { PageSize: '20', NextPageToken: first.token ?? '', Anchor: '9999' });

    expect(both.ids).toEqual(second.ids);
  });

  test('contains every customer of a collaborator whose display name a colleague shares', async () => {
    const sam = aCollaborator('Sam Lee', ANA);
    const otherSam = aCollaborator('Sam Lee', BOB);
    await startWorld({
      columns: { owner: 'singleCollaborator' },
      customers: Array.from({ length: 120 }, (_, index) => ({
        id: index,
        name: `Name ${String(index).padStart(3, '0')}`,
        owner: index % 40 < 30 ? otherSam : sam,
      })),
    });

    expectEachOnce(await pagesByAnchor(world, { PageSize: '10' }), 30);
  });

  test('continues after a customer who was deleted meanwhile', async () => {
    await startWorld({ customers: CUSTOMERS });
    const whole = (await listPage(world, { PageSize: '100' })).ids;
    const first = await listPage(world, { PageSize: '20' });
    const anchor = customerRows(world).find(({ fields }) => String(fields['id']) === first.ids.at(-1));
    world.airtable.edit.deleteRecord('Customers', anchor?.id ?? '');
    await world.sync();

    const second = await listPage(world, { PageSize: '20', Anchor: first.ids.at(-1) ?? '' });

    expect([[], whole.slice(20, 40)]).toContainEqual(second.ids);
  });
});
