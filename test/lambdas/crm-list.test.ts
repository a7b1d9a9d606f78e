import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { handler } from '../../lambdas/crm';
import { closeWorlds, World, type WorldOptions } from '../world/world';

let world: World;
afterEach(() => world.close());
afterAll(closeWorlds);

const ANA = 'ana@example.com';

async function list(parameters: Readonly<Record<string, string>> = {}) {
  return world.ask(
    handler,
    { Location: 'GetCustomersList', Worker: ANA, PageSize: '30', ...parameters },
    { path: '/callbacks/crm' },
  );
}

async function worldOf(options: WorldOptions) {
  world = await World.start(options);
}

describe('GetCustomersList', () => {
  test("answers the worker's customers by name", async () => {
    await worldOf({
      customers: [
        { id: 2, name: 'Zoe', owner: ANA },
        { id: 1, name: 'Adam', owner: ANA, avatar: 'https://example.com/a.png' },
        { id: 3, name: 'Not hers', owner: 'bob@example.com' },
      ],
    });

    const { status, body, log } = await list();

    expect(status).toBe(200);
    expect(body).toEqual({
      objects: {
        customers: [
          { customer_id: '1', display_name: 'Adam', avatar: 'https://example.com/a.png' },
          { customer_id: '2', display_name: 'Zoe' },
        ],
        searchable: true,
      },
    });
    expect(log).toMatchObject([
      { callback: 'crm', location: 'GetCustomersList', worker: ANA, status: 200, airtableRequests: 1 },
    ]);
  });
});
