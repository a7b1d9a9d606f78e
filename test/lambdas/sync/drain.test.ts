import { afterEach, describe, expect, test } from '@jest/globals';
import { ServiceUnavailableError } from '../../../lambdas/errors';
import { RequiredColumnsMissingError } from '../../../lambdas/sync/required-columns';
import { override } from './override';
import { closeSyncWorlds, DAY, SyncWorld, someCustomers } from './sync-world';

afterEach(closeSyncWorlds);

async function worldWith(count: number, options: Parameters<typeof SyncWorld.start>[0] = {}) {
  const world = await SyncWorld.start({ customers: someCustomers(count), ...options });
  await world.runWell();
  return world;
}

describe('a drain', () => {
  test('applies changed, new, deleted and restored records', async () => {
    const world = await worldWith(4);
    const [changed, deleted, restored] = [world.recordId(0), world.recordId(1), world.recordId(2)];
    world.edit(changed, { name: 'Changed', owner: 'cy@example.com' });
    world.airtable.edit.addRecord('Customers', { name: 'New', sms: '+14155550199' });
    world.airtable.edit.deleteRecord('Customers', deleted);
    world.airtable.edit.deleteRecord('Customers', restored);
    world.airtable.edit.undoDelete(restored);
    const report = await world.runWell();
    expect(report).toMatchObject({ kind: 'drain', customersWritten: 2, customersDeleted: 1 });
    expect(await world.names()).toEqual(['Changed', 'Customer 0002', 'Customer 0003', 'New']);
  });

  test('requests only the payloads where nothing has changed', async () => {
    const world = await worldWith(4);
    const requests = await world.requestsOf(() => world.runWell());
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatch(/payloads/);
  });

  test('of 400 rows edited one by one needs at most 60 requests', async () => {
    const world = await worldWith(400);
    for (let index = 0; index < 400; index += 1)
      world.edit(world.recordId(index), { notes: `note ${index}` });
    const requests = await world.requestsOf(() => world.runWell());
    expect(requests.length).toBeLessThanOrEqual(60);
    expect((await world.customer(world.recordId(399)))?.notes).toBe('note 399');
  });

  test('reads the templates again, in their order, when one of them has changed', async () => {
    const world = await worldWith(1, { templates: [{ text: 'One' }, { text: 'Two' }] });
    const [, templates] = world.airtable.base.tables;
    world.airtable.edit.changeRecord('Templates', templates?.records[0]?.id ?? '', { text: 'Uno' });
    const requests = await world.requestsOf(() => world.runWell());
    expect(requests.filter((request) => request.endsWith('Templates/listRecords'))).toHaveLength(1);
    expect(requests.some((request) => request.endsWith('Customers/listRecords'))).toBe(false);
  });

  test('deletes no customer because a re-read lacks the record', async () => {
    const world = await worldWith(2);
    world.edit(world.recordId(0), { name: 'Changed' });
    const { base } = world.parts;
    await world.runOnce('schedule', {
      base: {
        ...base,
        customersByRecordId: async (ids) => ({ ...(await base.customersByRecordId(ids)), records: [] }),
      },
    });
    expect(await world.names()).toEqual(['Customer 0000', 'Customer 0001']);
  });

  test('that fails half way is repeated from the same cursor', async () => {
    const world = await worldWith(3);
    for (const index of [0, 1, 2]) world.edit(world.recordId(index), { name: `New ${index}` });
    const { store } = world.parts;
    const report = await world.runOnce('schedule', {
      store: override(store, {
        putCustomer: async (write) => {
          if (write.customer.name === 'New 1') throw new ServiceUnavailableError('the database is down', 5);
          return store.putCustomer(write);
        },
      }),
    });
    expect(report.failure).toBeInstanceOf(ServiceUnavailableError);
    await world.runWell();
    expect(await world.names()).toEqual(['New 0', 'New 1', 'New 2']);
  });

  test('does not overwrite the data of a later read', async () => {
    const world = await worldWith(1);
    const id = world.recordId(0);
    world.edit(id, { name: 'Old' });
    const { base } = world.parts;
    const slow = await world.runOnce('schedule', {
      base: {
        ...base,
        customersByRecordId: async (ids) => {
          const read = await base.customersByRecordId(ids);
          world.edit(id, { name: 'Newer' });
          // Another run takes over, because this one seems dead.
          world.clock.advance(2 * 60_000);
          await world.runWell();
          return read;
        },
      },
    });
    expect(slow.failure).toMatchObject({ name: 'LeaseLostError' });
    expect(await world.names()).toEqual(['Newer']);
  });

  test('removes no opt-out while the column has another name', async () => {
    const world = await SyncWorld.start({ customers: [{ name: 'Ann', opt_out: 'true' }] });
    await world.runWell();
    const id = world.recordId(0);
    world.airtable.edit.renameField('Customers', 'opt_out', 'Opt out');
    world.edit(id, { name: 'Anna' });
    expect((await world.runOnce()).failure).toBeInstanceOf(RequiredColumnsMissingError);
    expect(await world.customer(id)).toMatchObject({ name: 'Ann', optOutCell: 'yes' });
    world.airtable.edit.renameField('Customers', 'Opt out', 'opt_out');
    world.edit(id, { opt_out: null });
    await world.runWell();
    expect(await world.customer(id)).toMatchObject({ name: 'Anna', optOutCell: 'no' });
  });

  test('misses no opt-out that a person sets while the column has another name', async () => {
    const world = await worldWith(1);
    const id = world.recordId(0);
    world.airtable.edit.renameField('Customers', 'opt_out', 'Opt out');
    world.airtable.edit.changeRecord('Customers', id, { 'Opt out': 'true' });
    expect((await world.runOnce()).failure).toBeInstanceOf(RequiredColumnsMissingError);
    world.airtable.edit.renameField('Customers', 'Opt out', 'opt_out');
    await world.runWell();
    expect((await world.customer(id))?.optOutCell).toBe('yes');
  });

  test('removes no address, owner or name while their column has another name', async () => {
    for (const column of ['sms', 'owner', 'name']) {
      const world = await worldWith(1);
      const before = await world.customer(world.recordId(0));
      world.airtable.edit.renameField('Customers', column, 'other');
      world.edit(world.recordId(0), { notes: 'changed' });
      expect((await world.runOnce()).failure).toBeInstanceOf(RequiredColumnsMissingError);
      expect(await world.customer(world.recordId(0))).toEqual(before);
    }
  });

  test('deletes no record while a column is missing', async () => {
    const world = await worldWith(1);
    world.airtable.edit.renameField('Customers', 'opt_out', 'Opt out');
    world.airtable.edit.deleteRecord('Customers', world.recordId(0));
    expect((await world.runOnce()).failure).toBeInstanceOf(RequiredColumnsMissingError);
    expect(await world.names()).toHaveLength(1);
  });

  test('loses no change while the Customers table has another name', async () => {
    const world = await worldWith(1);
    world.airtable.edit.renameTable('Customers', 'Kunden');
    world.airtable.edit.changeRecord('Kunden', world.recordId(0), { name: 'Changed' });
    expect((await world.runOnce()).failure).toMatchObject({ name: 'Misconfigured' });
    world.airtable.edit.renameTable('Kunden', 'Customers');
    await world.runWell();
    expect(await world.names()).toEqual(['Changed']);
  });
});

describe('the webhook', () => {
  test.each([
    ['expired', (world: SyncWorld) => world.airtable.webhooks.expire(), 7 * DAY],
    [
      'reported an error',
      (world: SyncWorld) => world.airtable.webhooks.injectErrorPayload('INTERNAL_ERROR'),
      0,
    ],
  ])('that %s is replaced, and a pass finds what it missed', async (_, end, later) => {
    const world = await worldWith(2);
    end(world);
    world.edit(world.recordId(0), { name: 'Missed' });
    world.clock.advance(later);
    expect((await world.runWell()).kind).toBe('pass');
    expect(await world.names()).toEqual(['Customer 0001', 'Missed']);
    world.edit(world.recordId(1), { name: 'Told' });
    expect((await world.runWell()).kind).toBe('drain');
    expect(await world.names()).toEqual(['Missed', 'Told']);
    expect(world.airtable.webhooks.list()).toHaveLength(1);
  });

  test('that was deleted is created again', async () => {
    const world = await worldWith(2);
    const [webhook] = await world.parts.base.webhooks.list();
    await world.parts.base.webhooks.delete(webhook?.id ?? '');
    world.edit(world.recordId(0), { name: 'Missed' });
    expect(await world.runWell()).toMatchObject({ kind: 'pass', passReason: 'webhook-gone' });
    expect(await world.names()).toEqual(['Customer 0001', 'Missed']);
  });

  test('that stopped pinging does so again after a pass', async () => {
    const world = await worldWith(1);
    world.airtable.webhooks.disableNotifications();
    await world.runWell('pass');
    expect(world.airtable.webhooks.list()).toMatchObject([{ areNotificationsEnabled: true }]);
  });

  test('is created once, despite leftovers of earlier runs', async () => {
    const world = await SyncWorld.start({ customers: someCustomers(1) });
    const { store } = world.parts;
    const failed = await world.runOnce('schedule', {
      store: override(store, {
        writeWebhook: () => Promise.reject(new ServiceUnavailableError('killed', 5)),
      }),
    });
    expect(failed.failure).not.toBeNull();
    await world.runWell();
    expect(world.airtable.webhooks.list()).toHaveLength(1);
  });

  test('is replaced when the address of the service changes', async () => {
    const world = await worldWith(1);
    const settings = { ...world.parts.settings, webhookUrl: 'http://127.0.0.1:9/elsewhere' };
    const report = await world.runOnce('schedule', { settings });
    expect(report).toMatchObject({ kind: 'pass', passReason: 'webhook-moved' });
    expect((await store(world))?.notificationUrl).toBe('http://127.0.0.1:9/elsewhere');
  });

  test('without its scope, passes run hourly and give the reason', async () => {
    const world = await SyncWorld.start({
      customers: someCustomers(1),
      scopes: ['data.records:read', 'data.records:write', 'schema.bases:read'],
    });
    await world.runWell();
    expect((await world.state()).webhookProblem).toMatch(/INVALID_PERMISSIONS/);
    expect((await world.runWell()).kind).toBe('outbox');
    world.edit(world.recordId(0), { name: 'Changed' });
    world.clock.advance(60 * 60_000);
    expect(await world.runWell()).toMatchObject({ kind: 'pass', passReason: 'no-webhook', repairs: null });
    expect(await world.names()).toEqual(['Changed']);
  });

  test('where the base already has ten, passes run hourly', async () => {
    const world = await SyncWorld.start({ customers: someCustomers(1) });
    for (let count = 0; count < 10; count += 1) {
      await world.parts.base.webhooks.create(`http://127.0.0.1:9/other/${count}`);
    }
    await world.runWell();
    expect((await world.state()).webhookProblem).not.toBeNull();
    expect((await world.state()).lastPass).not.toBeNull();
  });

  test('without an address is polled', async () => {
    const world = await worldWith(1, { settings: { webhookUrl: null } });
    world.edit(world.recordId(0), { name: 'Changed' });
    expect((await world.runWell()).kind).toBe('drain');
    expect(await world.names()).toEqual(['Changed']);
  });
});

async function store(world: SyncWorld) {
  return world.parts.store.readWebhook();
}
