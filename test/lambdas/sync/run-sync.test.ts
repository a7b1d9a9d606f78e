import { afterEach, describe, expect, test } from '@jest/globals';
import { ServiceUnavailableError } from '../../../lambdas/errors';
import { closeSyncWorlds, MINUTE, SyncWorld, someCustomers } from './sync-world';

afterEach(closeSyncWorlds);

describe('runs of sync', () => {
  test('that start during another make that one run again', async () => {
    const world = await SyncWorld.start({ customers: someCustomers(2) });
    await world.runWell();
    world.clock.advance(MINUTE);
    const { base } = world.parts;
    let isFirst = true;
    const reports = await world.run('changes', {
      base: {
        ...base,
        webhooks: {
          ...base.webhooks,
          listPayloads: async (id, cursor) => {
            const page = await base.webhooks.listPayloads(id, cursor);
            if (isFirst) {
              isFirst = false;
              world.edit(world.recordId(0), { name: 'Changed meanwhile' });
              expect((await world.runOnce('changes')).kind).toBe('busy');
            }
            return page;
          },
        },
      },
    });
    expect(reports.map(({ kind }) => kind)).toEqual(['drain', 'drain']);
    expect(await world.names()).toContain('Changed meanwhile');
  });

  test('for changes drain at once, then wait while pings continue', async () => {
    const world = await SyncWorld.start({ customers: someCustomers(1) });
    await world.runWell();
    world.clock.advance(MINUTE);
    await world.runWell('schedule');
    await world.runWell('changes');
    expect(world.clock.sleeps).toEqual([]);
    world.clock.advance(10_000);
    await world.runWell('changes');
    const slept = world.clock.sleeps.reduce((sum, each) => sum + each, 0);
    expect(slept).toBeGreaterThan(19_000);
    expect(slept).toBeLessThan(20_000);
  });

  test('include changes that come while they wait', async () => {
    const world = await SyncWorld.start({ customers: someCustomers(1) });
    await world.runWell();
    await world.runWell('changes');
    world.clock.onSleep = () => world.edit(world.recordId(0), { name: 'Typed meanwhile' });
    await world.runWell('changes');
    expect(await world.names()).toEqual(['Typed meanwhile']);
  });

  test('by schedule do not wait', async () => {
    const world = await SyncWorld.start({ customers: someCustomers(1) });
    await world.runWell();
    await world.runWell('schedule');
    expect(world.clock.sleeps).toEqual([]);
  });

  test('hand over to a new one after a long time', async () => {
    const world = await SyncWorld.start({ customers: someCustomers(1) });
    await world.runWell();
    await world.runWell('changes');
    world.clock.onSleep = async () => void (await world.runOnce('changes'));
    const reports = await world.run('changes');
    expect(reports.length).toBeGreaterThan(5);
    expect(reports.every(({ failure }) => failure === null)).toBe(true);
    expect(world.started).toEqual([{ run: 'changes' }]);
    world.clock.onSleep = () => {};
    expect((await world.runWell()).kind).toBe('drain');
  });

  test('take over after a killed one within two minutes', async () => {
    const world = await SyncWorld.start({ customers: someCustomers(1) });
    await world.parts.store.acquireLease(world.clock.now());
    expect((await world.runOnce()).kind).toBe('busy');
    world.clock.advance(2 * MINUTE);
    expect((await world.runWell()).kind).toBe('pass');
  });

  test('report how far the replica is behind, counted from when they were due', async () => {
    const world = await SyncWorld.start({ customers: someCustomers(1) });
    expect((await world.runWell()).age).toBe(0);
    world.airtable.faults.always({ kind: 'unavailable' });
    world.clock.advance(20 * MINUTE);
    const { age, failure } = await world.runOnce();
    expect(failure).toBeInstanceOf(ServiceUnavailableError);
    expect((age ?? 0) / MINUTE).toBeCloseTo(15, 0);
    expect((await world.state()).lastFailure?.message).toMatch(/Airtable/);
    world.airtable.faults.clear();
    expect((await world.runWell()).age).toBe(0);
  });

  test('that cannot write the waiting opt-outs run again for changes that came meanwhile', async () => {
    const world = await SyncWorld.start({ customers: someCustomers(1) });
    await world.runWell();
    const { optOuts } = world.parts;
    const listPending = optOuts.listPending.bind(optOuts);
    let isFirst = true;
    optOuts.listPending = async () => {
      if (isFirst) {
        isFirst = false;
        world.edit(world.recordId(0), { name: 'Changed meanwhile' });
        await world.runOnce('changes');
        throw new ServiceUnavailableError('The outbox cannot be read', 5);
      }
      return listPending();
    };
    const reports = await world.run('changes');
    expect(reports).toHaveLength(2);
    expect(reports.map(({ failure }) => failure !== null)).toEqual([true, false]);
  });

  test('that fail do not run again at once for others', async () => {
    const world = await SyncWorld.start({ customers: someCustomers(1) });
    await world.runWell();
    const { base } = world.parts;
    const reports = await world.run('schedule', {
      base: {
        ...base,
        webhooks: {
          ...base.webhooks,
          listPayloads: async () => {
            await world.runOnce('changes');
            throw new ServiceUnavailableError('Airtable is down', 5);
          },
        },
      },
    });
    expect(reports).toHaveLength(1);
    expect((await world.runWell()).kind).toBe('drain');
  });
});
