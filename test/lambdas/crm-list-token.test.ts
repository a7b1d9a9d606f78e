import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { beginNewContainer } from '../../lambdas/container';
import { type Clock, stopClock } from '../world/clock';
import { ANA, askCrm, BOB, type ListPage, listPage, pagesByToken } from '../world/crm';
import { startWorld, world } from '../world/use-world';

let clock: Clock | undefined;
let first: ListPage;
let token: string;

beforeEach(async () => {
  await startWorld({
    customers: Array.from({ length: 25 }, (_, index) => ({
      id: index,
      name: `Name ${String(index).padStart(2, '0')}`,
      owner: index < 20 ? ANA : BOB,
    })),
  });
  first = await listPage(world, { PageSize: '8' });
  token = first.token ?? '';
});
afterEach(() => {
  clock?.release();
  clock = undefined;
});

async function expectRefusal(parameters: Readonly<Record<string, string>>): Promise<void> {
  const before = world.airtableRequests.length;
  const { status, body } = await askCrm(world, 'GetCustomersList', { PageSize: '8', ...parameters });
  expect(status).toBe(400);
  expect(body).toMatchObject({
    error: 'BadRequest',
    message: expect.stringContaining('NextPageToken'),
    friendly_error_message: 'This list has changed. Pull down to load it again.',
  });
  expect(world.airtableRequests).toHaveLength(before);
}

describe('a page token', () => {
  test('continues in another container, at any later time', async () => {
    const second = await listPage(world, { PageSize: '8', NextPageToken: token });
    beginNewContainer();
    clock = stopClock();
    clock.advance(24 * 60 * 60_000);

    const again = await listPage(world, { PageSize: '8', NextPageToken: token });

    expect(again.ids).toEqual(second.ids);
    expect(second.ids).toHaveLength(8);
    expect(second.ids).not.toContain(first.ids[0]);
  });
});

describe('a page token that is not valid for this list', () => {
  test('is rejected when any of its characters was changed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.constantFrom('A', 'b', '.', '-', 'é'),
        async (at, other) => {
          fc.pre(token[at] !== other);
          await expectRefusal({ NextPageToken: token.slice(0, at) + other + token.slice(at + 1) });
        },
      ),
      { numRuns: 40 },
    );
  });

  test('is rejected for any text', async () => {
    const garbage = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.constantFrom('.', '..', 'itrAAAAAAAAAAAAAA/recAAAAAAAAAAAAAA', 'null', '{}', 'e30.', ' ', '0'),
      fc.base64String({ minLength: 4 }).map((text) => `${text}.${text}`),
    );
    await fc.assert(
      fc.asyncProperty(garbage, (text) => expectRefusal({ NextPageToken: text })),
      { numRuns: 60 },
    );
  });

  test("is rejected when it is another worker's", () => expectRefusal({ Worker: BOB, NextPageToken: token }));

  test("is rejected when it is another query's", async () => {
    await expectRefusal({ Query: 'name', NextPageToken: token });

    const { token: ofQuery = '' } = await listPage(world, { PageSize: '8', Query: 'name' });
    await expectRefusal({ Query: 'Name 0', NextPageToken: ofQuery });
    await expectRefusal({ NextPageToken: ofQuery });
  });
});

test('a search is paged like the whole list', async () => {
  const pages = await pagesByToken(world, { PageSize: '8', Query: 'name' });

  expect(pages.map(({ ids }) => ids.length)).toEqual([8, 8, 4]);
  expect(pages.map(({ airtableRequests }) => airtableRequests)).toEqual([0, 0, 0]);
});

test('a blank page token is ignored', async () => {
  expect((await listPage(world, { PageSize: '8', NextPageToken: '' })).ids).toEqual(first.ids);
});
