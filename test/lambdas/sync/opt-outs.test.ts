import { afterEach, describe, expect, test } from '@jest/globals';
import { ServiceUnavailableError } from '../../../lambdas/errors';
import { isOptedOut } from '../../../lambdas/opt-out/guard';
import { override } from './override';
import { closeSyncWorlds, DAY, HOUR, MINUTE, SyncWorld } from './sync-world';

afterEach(closeSyncWorlds);

const NUMBER = '+14155550101';

async function aWorld(customers: Parameters<typeof SyncWorld.start>[0] = {}) {
  const world = await SyncWorld.start({
    customers: [
      { name: 'Ann', sms: NUMBER },
      { name: 'Bo', sms: '+14155550102' },
    ],
    ...customers,
  });
  await world.runWell();
  return world;
}

/** Whether the guard rejects messages to the customer. */
async function isRefused(world: SyncWorld, recordId: string): Promise<boolean> {
  const customer = await world.customer(recordId);
  return customer !== null && isOptedOut([customer], world.parts.optOuts);
}

describe('an opt-out', () => {
  test('is ticked in the base, and in the replica at once', async () => {
    const world = await aWorld();
    const event = await world.say('opt-out', NUMBER);
    const report = await world.runWell();
    expect(world.cell(world.recordId(0), 'opt_out')).toBe('true');
    expect(world.cell(world.recordId(1), 'opt_out')).toBeNull();
    expect((await world.customer(world.recordId(0)))?.optOutCell).toBe('yes');
    expect(await world.parts.optOuts.listPending()).toEqual([]);
    expect(await world.parts.optOuts.eventsOf([world.recordId(0)])).toEqual([event]);
    expect(report).toMatchObject({ ticks: 1, optOutsWaiting: 0 });
  });

  test('of a customer with a checkbox is also ticked', async () => {
    const world = await aWorld({ columns: { opt_out: 'checkbox' } });
    await world.say('opt-out', NUMBER);
    await world.runWell();
    expect(world.cell(world.recordId(0), 'opt_out')).toBe(true);
    await world.say('opt-in', NUMBER);
    await world.runWell();
    expect(world.cell(world.recordId(0), 'opt_out')).toBeNull();
  });

  test('is undone by a START on its channel, where the tick is sync’s own', async () => {
    const world = await aWorld();
    await world.say('opt-out', NUMBER);
    await world.runWell();
    await world.say('opt-in', NUMBER);
    await world.runWell();
    expect(world.cell(world.recordId(0), 'opt_out')).toBe('false');
    expect(await isRefused(world, world.recordId(0))).toBe(false);
  });

  test('is not undone by a START on the other channel', async () => {
    const world = await aWorld({ customers: [{ name: 'Ann', sms: NUMBER, whatsapp: NUMBER }] });
    await world.say('opt-out', NUMBER);
    await world.say('opt-in', `whatsapp:${NUMBER}`);
    await world.runWell();
    expect(world.cell(world.recordId(0), 'opt_out')).toBe('true');
    expect(await isRefused(world, world.recordId(0))).toBe(true);
  });

  test('set by hand is not undone by a START', async () => {
    const world = await aWorld();
    world.edit(world.recordId(0), { opt_out: 'yes' });
    await world.say('opt-out', NUMBER);
    await world.say('opt-in', NUMBER);
    await world.runWell();
    expect(world.cell(world.recordId(0), 'opt_out')).toBe('yes');
    expect(await isRefused(world, world.recordId(0))).toBe(true);
  });

  test('set by hand just before a STOP is applied does not count as sync’s own', async () => {
    const world = await aWorld();
    await world.say('opt-out', NUMBER);
    // The replica does not have the tick yet.
    world.edit(world.recordId(0), { opt_out: 'true' });
    await world.runWell();
    await world.say('opt-in', NUMBER);
    await world.runWell();
    expect(world.cell(world.recordId(0), 'opt_out')).toBe('true');
  });

  test('is ticked again when a person unticks it', async () => {
    const world = await aWorld();
    await world.say('opt-out', NUMBER);
    await world.runWell();
    world.edit(world.recordId(0), { opt_out: null });
    expect(await world.runWell()).toMatchObject({ kind: 'drain', ticksRestored: 1 });
    expect(world.cell(world.recordId(0), 'opt_out')).toBe('true');
    world.airtable.webhooks.expire();
    world.edit(world.recordId(0), { opt_out: null });
    expect(await world.runWell('pass')).toMatchObject({ ticksRestored: 1 });
    expect(world.cell(world.recordId(0), 'opt_out')).toBe('true');
  });

  test('of a number without a customer is kept, and ticked once a customer has it', async () => {
    const world = await aWorld();
    await world.say('opt-out', '+14155550199');
    expect(await world.runWell()).toMatchObject({ optOutsWaiting: 0 });
    const { id } = world.airtable.edit.addRecord('Customers', { name: 'New', sms: '(415) 555-0199' });
    await world.runWell();
    expect(world.cell(id, 'opt_out')).toBe('true');
  });

  test('stays with the customer when the number changes, and with the number', async () => {
    const world = await aWorld();
    await world.say('opt-out', NUMBER);
    await world.runWell();
    world.edit(world.recordId(0), { sms: '+14155550177', opt_out: null });
    world.edit(world.recordId(1), { sms: NUMBER });
    await world.runWell();
    expect(await isRefused(world, world.recordId(0))).toBe(true);
    expect(await isRefused(world, world.recordId(1))).toBe(true);
  });

  test('stays with a customer whose number the replica did not have yet', async () => {
    const world = await SyncWorld.start({
      customers: [
        { name: 'Ann', sms: NUMBER },
        { name: 'Bo', sms: '+14155550102' },
      ],
    });
    // Before the first pass, and before the drain that brings a new number.
    await world.say('opt-out', NUMBER);
    await world.runWell();
    world.edit(world.recordId(1), { sms: '+14155550188' });
    await world.say('opt-out', '+14155550188');
    await world.runWell();
    world.edit(world.recordId(0), { sms: '+14155550177' });
    world.edit(world.recordId(1), { sms: '+14155550199' });
    await world.runWell();
    for (const index of [0, 1]) {
      expect(await isRefused(world, world.recordId(index))).toBe(true);
      expect(world.cell(world.recordId(index), 'opt_out')).toBe('true');
    }
  });

  test('does not stay with a customer who had the number only later', async () => {
    const world = await aWorld();
    await world.say('opt-out', '+14155550199');
    world.clock.advance(MINUTE);
    await world.runWell();
    world.edit(world.recordId(0), { sms: '+14155550199' });
    await world.runWell();
    expect(await isRefused(world, world.recordId(0))).toBe(true);
    world.edit(world.recordId(0), { sms: NUMBER });
    await world.runWell();
    expect(await isRefused(world, world.recordId(0))).toBe(false);
  });

  test('counts for a customer whose number is unreadable but has the same last digits; a START does not', async () => {
    const world = await aWorld({ customers: [{ name: 'Ann', sms: 'call 5550101 first' }] });
    await world.say('opt-out', NUMBER);
    await world.runWell();
    expect(world.cell(world.recordId(0), 'opt_out')).toBe('true');
    await world.say('opt-in', NUMBER);
    await world.runWell();
    expect(world.cell(world.recordId(0), 'opt_out')).toBe('true');
  });

  test('that Airtable rejects for one record does not block others, and waits', async () => {
    const world = await aWorld();
    const { base } = world.parts;
    const locked = world.recordId(0);
    await world.say('opt-out', NUMBER);
    await world.say('opt-out', '+14155550102');
    const report = await world.runOnce('schedule', {
      base: {
        ...base,
        writeOptOut: async (ids, value) =>
          new Map([
            ...(await base.writeOptOut(
              ids.filter((id) => id !== locked),
              value,
            )),
            [locked, { outcome: 'rejected', reason: 'locked' } as const],
          ]),
      },
    });
    expect(report).toMatchObject({ failure: null, optOutsWaiting: 1 });
    expect(world.cell(world.recordId(1), 'opt_out')).toBe('true');
    world.clock.advance(HOUR);
    expect(await world.runWell()).toMatchObject({ optOutsWaiting: 0 });
    expect(world.cell(locked, 'opt_out')).toBe('true');
  });

  test('received while Airtable is down is ticked once it is back', async () => {
    const world = await aWorld();
    world.airtable.faults.always({ kind: 'unavailable' });
    await world.say('opt-out', NUMBER);
    world.clock.advance(90 * MINUTE);
    const report = await world.runOnce();
    expect(report.optOutsWaiting).toBe(1);
    expect(report.oldestOptOutWaits).toBeGreaterThan(90 * MINUTE);
    expect(await isRefused(world, world.recordId(0))).toBe(true);
    world.airtable.faults.clear();
    await world.runWell();
    expect(world.cell(world.recordId(0), 'opt_out')).toBe('true');
  });

  test('whose tick got no response is sync’s own where the cell shows that it was written', async () => {
    const world = await aWorld({ columns: { opt_out: 'checkbox' } });
    await world.say('opt-out', NUMBER);
    const isPatch = ({ method }: { method: string }) => method === 'PATCH';
    world.airtable.faults.next(4, { kind: 'response-lost' }, isPatch);
    await world.runWell();
    expect(world.cell(world.recordId(0), 'opt_out')).toBe(true);
    await world.say('opt-in', NUMBER);
    await world.runWell();
    expect(world.cell(world.recordId(0), 'opt_out')).toBeNull();
  });

  test('undone while Airtable throttles is not forgotten', async () => {
    const world = await aWorld();
    await world.say('opt-out', NUMBER);
    await world.runWell();
    await world.say('opt-in', NUMBER);
    const { base } = world.parts;
    const throttled = await world.runOnce('schedule', {
      base: {
        ...base,
        writeOptOut: async (ids) =>
          new Map(ids.map((id) => [id, { outcome: 'rejected', reason: 'throttled' }] as const)),
      },
    });
    expect(throttled.optOutsWaiting).toBe(1);
    await world.runWell();
    expect(world.cell(world.recordId(0), 'opt_out')).toBe('false');
  });

  test('that cannot be applied does not stop changes from being read', async () => {
    const world = await aWorld();
    world.edit(world.recordId(0), { name: 'Anna' });
    const { optOuts } = world.parts;
    let isFirst = true;
    const report = await world.runOnce('schedule', {
      optOuts: override(optOuts, {
        listPending: async () => {
          if (!isFirst) return optOuts.listPending();
          isFirst = false;
          throw new ServiceUnavailableError('the table is down', 5);
        },
      }),
    });
    expect(report.failure).toBeInstanceOf(ServiceUnavailableError);
    expect(await world.names()).toEqual(['Anna', 'Bo']);
  });
});

describe('a customer ticked by hand', () => {
  test.each(['payload', 'pass'])('whose deletion a %s shows keeps the number opted out', async (how) => {
    const world = await aWorld({
      customers: [{ name: 'Ann', sms: NUMBER, whatsapp: '+52 55 1234 5678', opt_out: 'ask first' }],
    });
    if (how === 'pass') world.airtable.webhooks.expire();
    world.airtable.edit.deleteRecord('Customers', world.recordId(0));
    await world.runWell(how === 'pass' ? 'pass' : 'schedule');
    expect(await world.names()).toEqual([]);
    for (const [address, channel] of [
      [NUMBER, 'sms'],
      ['whatsapp:+525512345678', 'whatsapp'],
    ] as const) {
      const events = await world.parts.optOuts.eventsOf([address]);
      expect(events).toMatchObject([{ kind: 'opt-out', keyword: 'hand', channel }]);
    }
    const { id } = world.airtable.edit.addRecord('Customers', { name: 'Again', sms: NUMBER });
    await world.runWell();
    expect(await isRefused(world, id)).toBe(true);
    expect(world.cell(id, 'opt_out')).toBe('true');
  });

  test('makes one event, even when the deletion is repeated', async () => {
    const world = await aWorld({ customers: [{ name: 'Ann', sms: NUMBER, opt_out: 'true' }] });
    world.airtable.edit.deleteRecord('Customers', world.recordId(0));
    const { store } = world.parts;
    const killed = await world.runOnce('schedule', {
      store: override(store, {
        deleteCustomer: () => Promise.reject(new ServiceUnavailableError('killed', 5)),
      }),
    });
    expect(killed.failure).not.toBeNull();
    await world.runWell();
    expect(await world.parts.optOuts.eventsOf([NUMBER])).toHaveLength(1);
  });

  test('by sync leaves no event, because the STOP itself is kept', async () => {
    const world = await aWorld();
    await world.say('opt-out', NUMBER);
    await world.runWell();
    const id = world.recordId(0);
    world.airtable.edit.deleteRecord('Customers', id);
    world.clock.advance(DAY);
    await world.runWell();
    expect(await world.parts.optOuts.eventsOf([NUMBER])).toMatchObject([{ keyword: 'STOP' }]);
  });
});
