import { describe, expect, test } from '@jest/globals';
import { type RunLift, runLift } from '../../../cli/opt-outs/lift-opt-out';
import type { Approval } from '../../../cli/plan/apply';
import { optedOutChannels, partitionsOf } from '../../../lambdas/opt-out/opt-out-store';
import { UsageError } from '../../../lib/user-error';
import { customer } from '../../lambdas/replica/replica-fixture';
import { aScreen, scriptedPrompts } from '../terminal/scripted-screen';
import { anEvent, useService } from './service';

const ANN = { recordId: 'recAnn00000000000', name: 'Ann Lee', sms: '+14155550101', whatsapp: '+14155550101' };
const NOW = Date.parse('2026-11-25T12:00:00.000Z');

const service = useService();

async function lift(address: string, changes: Partial<RunLift> = {}) {
  const { screen, text } = aScreen();
  const status = await runLift({
    address,
    reason: 'asked by phone',
    stores: service,
    startSync: service.startSync,
    country: 'US',
    screen,
    approval: { kind: 'given' },
    now: () => NOW,
    newId: () => 'lift-1',
    ...changes,
  });
  return { status, text: text() };
}

/** The customer's opted-out channels, by the events. */
async function optedOut(some = ANN): Promise<string[]> {
  const events = await service.optOuts.eventsOf(partitionsOf(customer(some)));
  return [...optedOutChannels(events)];
}

const asked = (answer: boolean) => {
  const prompts = scriptedPrompts([answer]);
  return { prompts, approval: { kind: 'asked', prompts } satisfies Approval };
};

describe('lifting an opt-out', () => {
  test('records an event with the reason, which Airtable gets', async () => {
    await service.put(ANN);
    await service.optOuts.record(ANN.sms, anEvent());

    const { status, text } = await lift(ANN.sms);

    expect([status, await optedOut()]).toEqual([0, []]);
    expect(text).toContain('→ Lift the opt-out on SMS: STOP, since 2026-11-01T10:00:00.000Z');
    expect(text).toContain('for Ann Lee');
    expect(await service.optOuts.eventsOf([ANN.sms])).toContainEqual({
      kind: 'opt-in',
      channel: 'sms',
      keyword: 'lifted: asked by phone',
      at: '2026-11-25T12:00:00.000Z',
      id: 'lift-1-sms',
    });
    const pending = (await service.optOuts.listPending()).map(({ event }) => event.kind);
    expect(pending).toContain('opt-in');
    expect(service.started).toEqual([{ run: 'changes' }]);
  });

  test('covers every channel, every spelling, and every customer who has the address', async () => {
    const bob = { ...ANN, recordId: 'recBob00000000000', name: 'Bob' };
    await service.put(ANN, bob);
    await service.optOuts.record(ANN.sms, anEvent());
    await service.optOuts.record(`whatsapp:${ANN.sms}`, anEvent({ channel: 'whatsapp' }));
    await service.optOuts.recordFor([ANN.recordId, bob.recordId], anEvent({ channel: 'whatsapp' }));

    await lift(ANN.sms);

    for (const partition of [ANN.sms, `whatsapp:${ANN.sms}`, ANN.recordId, bob.recordId]) {
      const events = await service.optOuts.eventsOf([partition]);
      expect([partition, [...optedOutChannels(events)]]).toEqual([partition, []]);
    }
  });

  test.each([
    ['+52 1 55 1234 5678', 'whatsapp:+5215512345678'],
    ['whatsapp:+525512345678', 'whatsapp:+5215512345678'],
    ['(415) 555-0101', '+14155550101'],
  ])('accepts the address as a person writes it: %s', async (typed, recorded) => {
    await service.optOuts.record(recorded, anEvent());

    expect((await lift(typed)).status).toBe(0);
    expect([...optedOutChannels(await service.optOuts.eventsOf([recorded]))]).toEqual([]);
  });

  test('is later than the opt-out, even if the clock of that was ahead', async () => {
    await service.put(ANN);
    await service.optOuts.record(ANN.sms, anEvent({ at: '2026-11-26T00:00:00.000Z' }));

    await lift(ANN.sms);

    expect(await optedOut()).toEqual([]);
  });

  test('does not block a later STOP', async () => {
    await service.put(ANN);
    await service.optOuts.record(ANN.sms, anEvent());
    await lift(ANN.sms);

    await service.optOuts.record(ANN.sms, anEvent({ at: '2026-11-25T12:00:01.000Z' }));

    expect(await optedOut()).toEqual(['sms']);
  });

  test('that was interrupted is completed by the next', async () => {
    await service.put(ANN);
    await service.optOuts.record(ANN.sms, anEvent());
    await service.optOuts.recordFor([ANN.recordId], anEvent());
    const lost = new Error('killed');
    const { optOuts } = service;
    const stores = {
      replica: service.replica,
      optOuts: {
        eventsOf: optOuts.eventsOf.bind(optOuts),
        ownTicks: optOuts.ownTicks.bind(optOuts),
        recordFor: optOuts.recordFor.bind(optOuts),
        record: async () => {
          throw lost;
        },
      },
    };
    await expect(lift(ANN.sms, { stores })).rejects.toBe(lost);

    expect((await lift(ANN.sms, { newId: () => 'lift-2' })).status).toBe(0);
    expect([...optedOutChannels(await service.optOuts.eventsOf([ANN.sms]))]).toEqual([]);
  });

  test('includes the copy of a customer with an unreadable number of the same ending, but not their other STOP', async () => {
    const stop = anEvent();
    const copied = { recordId: 'recCopy0000000000', digitTails: ['5550101'] };
    const other = { recordId: 'recOther000000000', digitTails: ['5550101'] };
    await service.put(copied, other);
    await service.optOuts.record(ANN.sms, stop);
    await service.optOuts.recordFor([copied.recordId, other.recordId], stop);
    await service.optOuts.recordFor([other.recordId], anEvent());

    await lift(ANN.sms);

    const stateOf = async (id: string) => [...optedOutChannels(await service.optOuts.eventsOf([id]))];
    expect([await stateOf(copied.recordId), await stateOf(other.recordId)]).toEqual([[], ['sms']]);
  });

  test('prompts first, and does nothing if declined', async () => {
    await service.put(ANN);
    await service.optOuts.record(ANN.sms, anEvent());
    const { prompts, approval } = asked(false);

    const { status } = await lift(ANN.sms, { approval });

    expect([status, prompts.asked.length, await optedOut()]).toEqual([1, 1, ['sms']]);
    expect(service.started).toEqual([]);
  });

  test('is stored if sync cannot be started', async () => {
    await service.put(ANN);
    await service.optOuts.record(ANN.sms, anEvent());
    const startSync = async () => {
      throw new Error('not allowed');
    };

    const { status, text } = await lift(ANN.sms, { startSync });

    expect([status, await optedOut()]).toEqual([0, []]);
    expect(text).toContain('the next scheduled run');
  });

  test.each([
    ['by a person', 'yes', false, 'still blocks messages to Ann Lee'],
    ['by the service', 'yes', true, 'is cleared within a minute'],
    ['to a text', 'unclear', true, 'still blocks messages to Ann Lee'],
  ] as const)('explains the checkbox set %s', async (_, optOutCell, isOurs, message) => {
    await service.put({ ...ANN, optOutCell });
    await service.optOuts.record(ANN.sms, anEvent());
    await service.optOuts.setOwnTick(ANN.recordId, isOurs);

    expect((await lift(ANN.sms)).text).toContain(message);
  });
});

describe('rejects', () => {
  test('a text that is not an address', async () => {
    await expect(lift('Ann Lee')).rejects.toThrow(UsageError);
  });

  test('an address without an opt-out, with the fix', async () => {
    const { status, text } = await lift('+14155550108');

    expect(status).toBe(1);
    expect(text).toContain('✗ +14155550108 has no opt-out');
    expect(text).toContain('npx frontline opt-outs list');
  });

  test('an address whose opt-out is lifted already, and records nothing', async () => {
    await service.optOuts.record(ANN.sms, anEvent());
    await lift(ANN.sms);
    const before = await service.optOuts.eventsOf([ANN.sms]);

    const { status, text } = await lift(ANN.sms);

    expect([status, await service.optOuts.eventsOf([ANN.sms])]).toEqual([1, before]);
    expect(text).toContain('is not opted out');
  });

  test('an address that only the base opts out, and names the cell to clear', async () => {
    await service.put({ ...ANN, optOutCell: 'yes' });

    const { status, text } = await lift(ANN.sms);

    expect(status).toBe(1);
    expect(text).toContain('Clear opt_out in Airtable for Ann Lee');
  });
});
