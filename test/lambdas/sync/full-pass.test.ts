import { afterEach, describe, expect, test } from '@jest/globals';
import { RequiredColumnsMissingError } from '../../../lambdas/sync/required-columns';
import { override } from './override';
import { closeSyncWorlds, DAY, SyncWorld, someCustomers } from './sync-world';

afterEach(closeSyncWorlds);

describe('a full pass', () => {
  test('reads every customer, template and owner, and completes the replica', async () => {
    const world = await SyncWorld.start({
      customers: someCustomers(110),
      templates: [{ text: 'Second', title: '2' }, { text: 'First' }],
    });
    const report = await world.runWell();
    expect(report).toMatchObject({
      kind: 'pass',
      passReason: 'first',
      recordsRead: 110,
      customersWritten: 110,
    });
    expect(await world.names()).toEqual(someCustomers(110).map(({ name }) => name));
    expect(await world.state()).toMatchObject({
      lastPass: { customers: 110 },
      passProgress: null,
      cursor: 1,
      webhookProblem: null,
      ownerColumn: 'text',
      lastFailure: null,
    });
    expect(world.airtable.webhooks.list()).toHaveLength(1);
  });

  test('writes nothing again where nothing has changed, and needs one request per page', async () => {
    const world = await SyncWorld.start({ customers: someCustomers(110) });
    await world.runWell();
    const before = await world.stored(world.recordId(0));
    let report = await world.runOnce('pass');
    const requests = await world.requestsOf(async () => {
      report = await world.runOnce('pass');
    });
    expect(report).toMatchObject({ kind: 'pass', customersWritten: 0, repairs: 0, failure: null });
    expect(await world.stored(world.recordId(0))).toEqual(before);
    expect(requests.filter((request) => request.endsWith('Customers/listRecords'))).toHaveLength(2 + 2);
  });

  test('deletes customers that are gone from the base', async () => {
    const world = await SyncWorld.start({ customers: someCustomers(3) });
    await world.runWell();
    const gone = world.recordId(1);
    world.airtable.webhooks.expire();
    world.airtable.edit.deleteRecord('Customers', gone);
    const report = await world.runWell('pass');
    expect(report.customersDeleted).toBe(1);
    expect(await world.customer(gone)).toBeNull();
    expect(await world.names()).toHaveLength(2);
  });

  test('whose list iterator expires deletes nothing; the next one starts over', async () => {
    const world = await SyncWorld.start({ customers: someCustomers(102) });
    await world.runWell();
    world.airtable.webhooks.expire();
    world.airtable.edit.deleteRecord('Customers', world.recordId(101));
    world.airtable.faults.next(1, { kind: 'iterator-loss' }, ({ body }) =>
      JSON.stringify(body ?? '').includes('"offset"'),
    );
    const failed = await world.runOnce('pass');
    expect(failed.failure).toBeInstanceOf(Error);
    expect(failed.customersDeleted).toBe(0);
    expect(await world.names()).toHaveLength(102);
    expect((await world.state()).lastFailure).not.toBeNull();
    await world.runWell('pass');
    expect(await world.names()).toHaveLength(101);
    expect((await world.state()).lastFailure).toBeNull();
  });

  test('includes changes during its reads', async () => {
    const world = await SyncWorld.start({ customers: someCustomers(102) });
    const { base } = world.parts;
    await world.runOnce('schedule', {
      base: {
        ...base,
        listCustomers: async (offset) => {
          const page = await base.listCustomers(offset);
          if (offset === null) {
            world.edit(world.recordId(0), { name: 'Changed' });
            world.airtable.edit.deleteRecord('Customers', world.recordId(1));
            world.airtable.edit.addRecord('Customers', { name: 'New' });
          }
          return page;
        },
      },
    });
    const names = await world.names();
    expect(names).toContain('Changed');
    expect(names).toContain('New');
    expect(names).not.toContain('Customer 0001');
    expect(names).toHaveLength(102);
  });

  test('counts changes that the webhook should have reported, but not those it reported', async () => {
    const world = await SyncWorld.start({ customers: someCustomers(5) });
    await world.runWell();
    world.edit(world.recordId(0), { name: 'Told' });
    expect((await world.runWell('pass')).repairs).toBe(0);
    const { store } = world.parts;
    const stored = await world.stored(world.recordId(1));
    await store.deleteCustomer(world.recordId(1), (stored?.readAt ?? 0) + 1, world.clock.now());
    expect((await world.runWell('pass')).repairs).toBe(1);
    expect(await world.names()).toHaveLength(5);
  });

  test('removes nothing when a column has been renamed, and reports it', async () => {
    const world = await SyncWorld.start({
      customers: [{ name: 'Ann', sms: '+14155550101', opt_out: 'true' }],
    });
    await world.runWell();
    world.airtable.edit.renameField('Customers', 'opt_out', 'Opt out');
    const { failure } = await world.runOnce('pass');
    expect(failure).toBeInstanceOf(RequiredColumnsMissingError);
    expect((await world.customer(world.recordId(0)))?.optOutCell).toBe('yes');
    world.airtable.edit.renameField('Customers', 'Opt out', 'opt_out');
    await world.runWell('pass');
  });

  test('that finds a column renamed between two pages removes nothing', async () => {
    const customers = someCustomers(102).map((row) => ({ ...row, opt_out: 'true' }));
    const world = await SyncWorld.start({ customers });
    await world.runWell();
    const { base } = world.parts;
    const { failure } = await world.runOnce('pass', {
      base: {
        ...base,
        listCustomers: async (offset) => {
          if (offset !== null) world.airtable.edit.renameField('Customers', 'opt_out', 'Opt out');
          return base.listCustomers(offset);
        },
      },
    });
    expect(failure).toBeInstanceOf(RequiredColumnsMissingError);
    for (const index of [0, 101]) {
      expect((await world.customer(world.recordId(index)))?.optOutCell).toBe('yes');
    }
  });

  test('is due again when DEFAULT_COUNTRY changes how records are mapped', async () => {
    const world = await SyncWorld.start({ customers: [{ name: 'Zoé', sms: '06 12 34 56 78' }] });
    await world.runWell();
    const report = await world.runOnce('schedule', { base: world.openBase('FR') });
    expect(report).toMatchObject({
      kind: 'pass',
      passReason: 'mapping-changed',
      repairs: null,
      failure: null,
    });
    expect((await world.customer(world.recordId(0)))?.sms).toBe('+33612345678');
  });

  test('leaves a record that the database rejects unchanged, and continues', async () => {
    const world = await SyncWorld.start({ customers: someCustomers(3) });
    await world.runWell();
    for (const index of [0, 1, 2]) world.edit(world.recordId(index), { name: `New ${index}` });
    const poison = world.recordId(1);
    const { store } = world.parts;
    const report = await world.runOnce('pass', {
      store: override(store, {
        putCustomer: async (write) => {
          if (write.customer.recordId === poison) throw new Error('no item');
          return store.putCustomer(write);
        },
      }),
    });
    expect(report.failure).toBeNull();
    expect([...report.recordFaults.keys()]).toEqual([poison]);
    expect(await world.names()).toEqual(['Customer 0001', 'New 0', 'New 2']);
  });

  test('reads a record that is larger than the response limit, and the others', async () => {
    const columns = Object.fromEntries(
      Array.from({ length: 120 }, (_, index) => [`Long ${index}`, 'multilineText' as const]),
    );
    const cells = Object.fromEntries(Object.keys(columns).map((name) => [name, 'x'.repeat(99_000)]));
    const world = await SyncWorld.start({
      columns,
      customers: [{ name: 'Ann' }, { name: 'Big', sms: '+14155550101', ...cells }, { name: 'Cleo' }],
    });
    const report = await world.runWell();
    expect(report.warnings).toEqual([expect.stringContaining('is too large')]);
    expect(await world.names()).toEqual(['Ann', 'Big', 'Cleo']);
    world.edit(world.recordId(1), { name: 'Bigger' });
    await world.runWell();
    expect(await world.names()).toEqual(['Ann', 'Bigger', 'Cleo']);
  });

  test('runs each night', async () => {
    const world = await SyncWorld.start({ customers: someCustomers(1) });
    await world.runWell();
    expect((await world.runWell()).kind).toBe('drain');
    world.clock.advance(DAY);
    expect(await world.runWell()).toMatchObject({ kind: 'pass', passReason: 'nightly', repairs: 0 });
    expect((await world.runWell()).kind).toBe('drain');
  });
});
