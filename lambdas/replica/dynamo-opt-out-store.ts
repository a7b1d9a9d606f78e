import * as v from 'valibot';
import type { OptOutEvent, OptOutStore, PendingOptOut } from '../opt-out/opt-out-store';
import { Text, TextOrBlank, textAttributes } from './attributes';
import type { DynamoAccess, Item } from './dynamo-access';
import { DynamoTable, EXISTS, type Expression, IS_NEW, inPartition } from './dynamo-table';
import { type ItemKey, keyPart } from './keys';
import { PENDING } from './tables';

const OWN_TICK = 'own-tick';
/** The outbox is one partition of the index, which is enough for thousands of opt-outs a day. */
const OUTBOX = 'pending';
const RECORDED_AT_ONCE = 25;

const OptOutAttributes = v.object({
  /** The address or record id itself, because the key of a long one is a hash. */
  partition: TextOrBlank,
  // An event that cannot be read counts as an opt-out.
  kind: v.fallback(v.pipe(Text, v.picklist(['opt-out', 'opt-in'])), 'opt-out'),
  channel: v.fallback(v.pipe(Text, v.picklist(['sms', 'whatsapp'])), 'sms'),
  keyword: TextOrBlank,
  at: TextOrBlank,
  id: TextOrBlank,
});

/** The opt-out table in DynamoDB. Events are never removed, and changed only by leaving the outbox. */
export class DynamoOptOutStore implements OptOutStore {
  readonly #table: DynamoTable;

  constructor(access: DynamoAccess) {
    this.#table = new DynamoTable(access);
  }

  async record(address: string, event: OptOutEvent): Promise<'recorded' | 'known'> {
    const key = eventKey(address, event);
    const pending = textAttributes({ [PENDING.partitionKey]: OUTBOX, [PENDING.sortKey]: key.sk });
    const put = await this.#table.put({ ...eventItem(address, event), ...pending }, IS_NEW);
    return put === null ? 'known' : 'recorded';
  }

  async recordFor(recordIds: readonly string[], event: OptOutEvent): Promise<void> {
    for (let start = 0; start < recordIds.length; start += RECORDED_AT_ONCE) {
      const some = recordIds.slice(start, start + RECORDED_AT_ONCE);
      await Promise.all(some.map((recordId) => this.#table.put(eventItem(recordId, event), IS_NEW)));
    }
  }

  async eventsOf(partitions: readonly string[]): Promise<OptOutEvent[]> {
    const events = await Promise.all([...new Set(partitions)].map((partition) => this.#eventsIn(partition)));
    return events.flat();
  }

  async *scan(): AsyncGenerator<{ readonly partition: string; readonly event: OptOutEvent }> {
    const filter: Expression = {
      text: '#sk <> :tick',
      names: { '#sk': 'sk' },
      values: { ':tick': { S: OWN_TICK } },
    };
    for await (const items of this.#table.scan({ filter })) yield* items.map(readEvent);
  }

  async listPending(): Promise<PendingOptOut[]> {
    const pending: PendingOptOut[] = [];
    const key: Expression = {
      text: '#pending = :pending',
      names: { '#pending': PENDING.partitionKey },
      values: { ':pending': { S: OUTBOX } },
    };
    for await (const items of this.#table.query({ index: PENDING.name, key })) {
      pending.push(...items.map(readEvent).map(({ partition, event }) => ({ address: partition, event })));
    }
    return pending;
  }

  async settle({ address, event }: PendingOptOut): Promise<void> {
    const change: Expression = {
      text: 'REMOVE #pending, #pending_at',
      names: { '#pending': PENDING.partitionKey, '#pending_at': PENDING.sortKey },
    };
    await this.#table.update(eventKey(address, event), change, EXISTS);
  }

  async ownTicks(recordIds: readonly string[]): Promise<ReadonlySet<string>> {
    const items = await this.#table.getAll(recordIds.map(tickKey));
    return new Set(items.map((item) => v.parse(OptOutAttributes, item).partition));
  }

  async setOwnTick(recordId: string, ours: boolean): Promise<void> {
    const key = tickKey(recordId);
    if (ours) await this.#table.put(textAttributes({ ...key, partition: recordId }));
    else await this.#table.delete(key);
  }

  async #eventsIn(partition: string): Promise<OptOutEvent[]> {
    const events: OptOutEvent[] = [];
    for await (const items of this.#table.query({ key: inPartition(keyPart(partition)) })) {
      events.push(...items.filter(({ sk }) => sk?.S !== OWN_TICK).map((item) => readEvent(item).event));
    }
    return events;
  }
}

function eventKey(partition: string, { at, id }: OptOutEvent): ItemKey {
  return { pk: keyPart(partition), sk: keyPart(`${sortableTime(at)}#${id}`) };
}

function eventItem(partition: string, event: OptOutEvent): Item {
  const { kind, channel, keyword, at, id } = event;
  return textAttributes({ ...eventKey(partition, event), partition, kind, channel, keyword, at, id });
}

function readEvent(item: Item): { readonly partition: string; readonly event: OptOutEvent } {
  const { partition, ...event } = v.parse(OptOutAttributes, item);
  return { partition, event };
}

function tickKey(recordId: string): ItemKey {
  return { pk: keyPart(recordId), sk: OWN_TICK };
}

/** The time in a fixed format that sorts chronologically. */
function sortableTime(at: string): string {
  const time = Date.parse(at);
  return Number.isNaN(time) ? at : new Date(time).toISOString();
}
