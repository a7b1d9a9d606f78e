import { beforeEach, describe, expect, test } from '@jest/globals';
import { startDynamoDb } from '../../../emulators/dynamodb/dynamodb-emulator';
import type { OptOutEvent } from '../../../lambdas/opt-out/opt-out-store';
import { DynamoOptOutStore } from '../../../lambdas/replica/dynamo-opt-out-store';
import { useReplica } from './replica-fixture';

const replica = useReplica({ isComplete: false });
let store: DynamoOptOutStore;
beforeEach(async () => {
  store = await replica.dynamo.newOptOuts();
});

const SMS = '+14155550101';
const WHATSAPP = 'whatsapp:+14155550101';

function event(number: number, more: Partial<OptOutEvent> = {}): OptOutEvent {
  return {
    kind: 'opt-out',
    channel: 'sms',
    keyword: 'STOP',
    at: `2026-11-06T10:00:${String(number).padStart(2, '0')}.000Z`,
    id: `IM${String(number).padStart(32, '0')}`,
    ...more,
  };
}

async function scanned() {
  const all = [];
  for await (const each of store.scan()) all.push(each);
  return all;
}

describe('an event', () => {
  test('is kept under the address once, even if repeated', async () => {
    expect(await store.record(SMS, event(1))).toBe('recorded');
    expect(await store.record(SMS, event(1))).toBe('known');
    expect(await store.record(SMS, event(2, { kind: 'opt-in', keyword: 'START' }))).toBe('recorded');
    expect(await store.eventsOf([SMS])).toEqual([event(1), event(2, { kind: 'opt-in', keyword: 'START' })]);
    expect(await store.eventsOf([WHATSAPP])).toEqual([]);
  });

  test('is kept once when recorded concurrently', async () => {
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => store.record(SMS, event(1))));
    expect(outcomes.filter((outcome) => outcome === 'recorded')).toHaveLength(1);
    expect(await store.eventsOf([SMS])).toHaveLength(1);
  });

  test('at the same time as another is a separate event', async () => {
    await store.record(SMS, event(1));
    await store.record(SMS, event(1, { id: 'IM2', kind: 'opt-in' }));
    expect(await store.eventsOf([SMS])).toHaveLength(2);
  });

  test('is read from several partitions, each once', async () => {
    await store.record(SMS, event(1));
    await store.record(WHATSAPP, event(2, { channel: 'whatsapp' }));
    await store.recordFor(['rec1', 'rec2'], event(3));
    const events = await store.eventsOf([SMS, WHATSAPP, 'rec1', SMS, 'rec9']);
    expect(events.map(({ id }) => id).sort()).toEqual([event(1).id, event(2).id, event(3).id]);
  });

  test('is kept whole, with any texts', async () => {
    const odd = event(1, {
      at: 'yesterday',
      id: 'x'.repeat(3_000),
      keyword: 'lifted: “asked by phone” \ud83d\ude00',
    });
    const partition = `whatsapp:${'漢'.repeat(1_500)}`;
    await store.record(partition, odd);
    expect(await store.eventsOf([partition])).toEqual([odd]);
    expect(await store.listPending()).toEqual([{ address: partition, event: odd }]);
    await store.settle({ address: partition, event: odd });
    expect(await store.listPending()).toEqual([]);
  });

  test('is in the scan of a pass', async () => {
    await store.record(SMS, event(1));
    await store.recordFor(['rec1'], event(1));
    await store.setOwnTick('rec1', true);
    const all = await scanned();
    expect(all.sort((a, b) => (a.partition < b.partition ? -1 : 1))).toEqual([
      { partition: SMS, event: event(1) },
      { partition: 'rec1', event: event(1) },
    ]);
  });

  test('of hundreds of one address is read, and scanned', async () => {
    const ids = Array.from({ length: 230 }, (_, index) => `rec${index}`);
    await store.recordFor(ids, event(1));
    expect(await scanned()).toHaveLength(230);
  });
});

describe('the outbox', () => {
  test('holds the events that Airtable does not have yet, the oldest first', async () => {
    await store.record(SMS, event(3));
    await store.record(WHATSAPP, event(1));
    await store.record(SMS, event(2, { at: '2026-11-06T10:00:02Z' }));
    await store.recordFor(['rec1'], event(3));
    expect((await store.listPending()).map((pending) => [pending.address, pending.event.id])).toEqual([
      [WHATSAPP, event(1).id],
      [SMS, event(2).id],
      [SMS, event(3).id],
    ]);
  });

  test('loses only settled events', async () => {
    await store.record(SMS, event(1));
    await store.record(SMS, event(2));
    await store.settle({ address: SMS, event: event(1) });
    await store.settle({ address: SMS, event: event(1) });
    expect(await store.listPending()).toEqual([{ address: SMS, event: event(2) }]);
    expect(await store.eventsOf([SMS])).toHaveLength(2);
    // A late repeat does not bring it back.
    expect(await store.record(SMS, event(1))).toBe('known');
    expect(await store.listPending()).toHaveLength(1);
  });

  test('does not create an event that was never recorded', async () => {
    await store.settle({ address: SMS, event: event(1) });
    expect(await scanned()).toEqual([]);
  });
});

describe('sync’s own ticks', () => {
  test('are recorded until they are removed, and are not events', async () => {
    await store.setOwnTick('rec1', true);
    await store.setOwnTick('rec1', true);
    await store.setOwnTick('rec2', true);
    expect(await store.ownTicks(['rec1', 'rec2', 'rec3'])).toEqual(new Set(['rec1', 'rec2']));
    await store.setOwnTick('rec1', false);
    await store.setOwnTick('rec3', false);
    expect(await store.ownTicks(['rec1', 'rec2', 'rec3'])).toEqual(new Set(['rec2']));
    expect(await store.ownTicks([])).toEqual(new Set());
    expect(await store.eventsOf(['rec2'])).toEqual([]);
  });

  test('are read for any number of records', async () => {
    const ids = Array.from({ length: 250 }, (_, index) => `rec${index}`);
    await Promise.all(ids.filter((_, index) => index % 2 === 0).map((id) => store.setOwnTick(id, true)));
    expect((await store.ownTicks(ids)).size).toBe(125);
  });
});

test('opt-outs are unavailable when DynamoDB does not respond', async () => {
  const emulator = await startDynamoDb({ tables: {} });
  await emulator.close();
  const unreachable = new DynamoOptOutStore({
    client: replica.dynamo.connect(emulator.url),
    table: 'opt-outs',
  });
  await expect(unreachable.record(SMS, event(1))).rejects.toMatchObject({ name: 'Unavailable' });
  await expect(unreachable.eventsOf([SMS])).rejects.toMatchObject({ name: 'Unavailable' });
});
