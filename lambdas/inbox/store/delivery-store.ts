import * as v from 'valibot';
import { Flag, NumberOrNull, numberAttribute, Text } from '../../replica/attributes';
import type { DynamoAccess } from '../../replica/dynamo-access';
import { DynamoTable, type Expression } from '../../replica/dynamo-table';
import { DELIVERY_ORDER, type Delivery } from '../api';
import { INBOX_KEYS } from './inbox-keys';

const KEPT_SECONDS = 120 * 24 * 60 * 60;

/** How far a message got, by events. */
export interface StoredDelivery {
  readonly messageSid: string;
  /** Null before the first event. */
  readonly state: Delivery['state'] | null;
  readonly code: number | null;
  /** Whether the index has seen the message itself. */
  readonly isKnown: boolean;
}

const Attributes = v.object({ message_sid: Text, rank: NumberOrNull, code: NumberOrNull, is_known: Flag });

/** Delivery states in the inbox table. An event may come before its message, and events in any order. */
export class DeliveryStore {
  readonly #table: DynamoTable;

  constructor(access: DynamoAccess) {
    this.#table = new DynamoTable(access);
  }

  async all(chatSid: string, messageSids: readonly string[]): Promise<ReadonlyMap<string, StoredDelivery>> {
    const items = await this.#table.getAll(messageSids.map((sid) => INBOX_KEYS.delivery(chatSid, sid)));
    const deliveries = items.flatMap((item) => {
      const parsed = v.safeParse(Attributes, item);
      return parsed.success ? [read(parsed.output)] : [];
    });
    return new Map(deliveries.map((delivery) => [delivery.messageSid, delivery]));
  }

  /** Keeps the furthest state, and of `failed` the code, which may come later. @returns what is known of the message now */
  async report(
    chatSid: string,
    messageSid: string,
    state: Delivery['state'],
    code: number | null,
    now: Date,
  ): Promise<StoredDelivery> {
    const rank = DELIVERY_ORDER.indexOf(state);
    const change: Expression = {
      text: 'SET #sid = :sid, #rank = :rank, #expires = :expires, #code = :code',
      names: { '#sid': 'message_sid', '#rank': 'rank', '#expires': 'expires_at', '#code': 'code' },
      values: {
        ':sid': { S: messageSid },
        ':rank': numberAttribute(rank),
        ':expires': expiry(now),
        ':code': code === null ? { NULL: true } : numberAttribute(code),
      },
    };
    const isFurther: Expression = {
      text: `attribute_not_exists(#rank) OR #rank < :rank${code === null ? '' : ' OR (#rank = :rank AND attribute_type(#code, :null))'}`,
      names: { '#rank': 'rank', ...(code !== null && { '#code': 'code' }) },
      values: { ':rank': numberAttribute(rank), ...(code !== null && { ':null': { S: 'NULL' } }) },
    };
    const key = INBOX_KEYS.delivery(chatSid, messageSid);
    const item = (await this.#table.update(key, change, isFurther)) ?? (await this.#table.get(key));
    const parsed = v.safeParse(Attributes, item);
    return parsed.success ? read(parsed.output) : { messageSid, state, code, isKnown: false };
  }

  /** Notes that the index has seen the message. */
  async setKnown(chatSid: string, messageSid: string, now: Date): Promise<StoredDelivery | null> {
    const change: Expression = {
      text: 'SET #sid = :sid, #known = :true, #expires = :expires',
      names: { '#sid': 'message_sid', '#known': 'is_known', '#expires': 'expires_at' },
      values: { ':sid': { S: messageSid }, ':true': { BOOL: true }, ':expires': expiry(now) },
    };
    const parsed = v.safeParse(
      Attributes,
      await this.#table.update(INBOX_KEYS.delivery(chatSid, messageSid), change),
    );
    return parsed.success ? read(parsed.output) : null;
  }
}

function read({ message_sid, rank, code, is_known }: v.InferOutput<typeof Attributes>): StoredDelivery {
  return {
    messageSid: message_sid,
    state: rank === null ? null : (DELIVERY_ORDER[rank] ?? null),
    code,
    isKnown: is_known,
  };
}

function expiry(now: Date) {
  return numberAttribute(Math.floor(now.getTime() / 1_000) + KEPT_SECONDS);
}
