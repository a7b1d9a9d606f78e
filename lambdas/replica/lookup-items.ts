import * as v from 'valibot';
import { listAttribute, numberAttribute, textAttributes } from './attributes';
import { BatchWriter } from './batch-writer';
import { CustomerAttributes, lookupsOf } from './customer-item';
import type { Item } from './dynamo-access';
import type { DynamoTable, Expression } from './dynamo-table';
import { type ItemKey, keyAsText, type Lookup, type ReplicaKeys } from './keys';
import type { CustomerHead } from './replica-store';

const READ_AT = { '#read_at': 'read_at' } as const;
const LEFTOVERS = { '#leftovers': 'leftovers' } as const;
const KeyText = v.pipe(v.string(), v.parseJson(), v.tuple([v.string(), v.string()]));

/**
 * The items by which customers are found. Each has the `readAt` of its writer and is removed only by a later write, so
 * that an overtaken run removes nothing that the next one wrote. A customer's possibly surplus items are recorded with
 * it as `leftovers` until they are removed.
 */
export class LookupItems {
  readonly #batches: BatchWriter;

  constructor(
    private readonly table: DynamoTable,
    private readonly keys: ReplicaKeys,
  ) {
    this.#batches = new BatchWriter(table);
  }

  keysOf(lookups: readonly Lookup[], recordId: string): ItemKey[] {
    return lookups.map((lookup) => this.keys.lookupItem(lookup, recordId));
  }

  /** The lookup items of a customer, from its head. */
  keysOfHead(head: CustomerHead): ItemKey[] {
    const lookups = lookupsOf({ ...head, id: head.idColumn ?? head.recordId });
    return [...this.keysOf(lookups, head.recordId), ...leftoversOf(head)];
  }

  /** The lookup items of a customer, from its item. */
  keysOfItem(item: CustomerAttributes): ItemKey[] {
    return [...this.keysOf(lookupsIn(item), item.record_id), ...item.leftovers.map(readKey)];
  }

  async put(keys: readonly ItemKey[], recordId: string, readAt: number): Promise<void> {
    await Promise.all(keys.map((key) => this.#batches.put(lookupItem(key, recordId, readAt))));
  }

  /** Makes an item expire at a time instead of deleting it now. */
  async expire(key: ItemKey, recordId: string, readAt: number, expiry: Item): Promise<void> {
    await this.table.put({ ...lookupItem(key, recordId, readAt), ...expiry }, isOlder(readAt));
  }

  /**
   * Removes items that a customer no longer has, then removes them from its `leftovers`.
   * @param readAt that of the customer's item
   */
  async remove(
    surplus: readonly ItemKey[],
    recordId: string,
    readAt: number,
    areNoted = surplus.length > 0,
  ): Promise<void> {
    const unique = new Map(surplus.map((key) => [keyAsText(key), key]));
    await Promise.all([...unique.values()].map((key) => this.table.delete(key, isOlder(readAt))));
    if (!areNoted) return;
    const change: Expression = { text: 'REMOVE #leftovers', names: LEFTOVERS };
    await this.table.update(this.keys.customer(recordId), change, isOf(readAt));
  }

  /**
   * Records the items of an overtaken write, for the next writer to remove. Removing them at once could delete items
   * that another writer is about to need.
   */
  async noteSurplus(keys: readonly ItemKey[], recordId: string): Promise<void> {
    const key = this.keys.customer(recordId);
    const found = await this.table.get(key);
    if (found === undefined) return;
    const stored = v.parse(CustomerAttributes, found);
    const kept = new Set(stored.deleted ? [] : this.keysOf(lookupsIn(stored), recordId).map(keyAsText));
    const surplus = new Set([...keys.map(keyAsText).filter((text) => !kept.has(text)), ...stored.leftovers]);
    if (surplus.size === 0) return;
    const change: Expression = {
      text: 'SET #leftovers = :surplus',
      names: LEFTOVERS,
      values: { ':surplus': listAttribute([...surplus]) },
    };
    await this.table.update(key, change, isOf(stored.read_at));
  }
}

/** The lookups of the customer in an item. */
export function lookupsIn({ record_id, id, address_keys, digit_tails }: CustomerAttributes): Lookup[] {
  return lookupsOf({
    recordId: record_id,
    id: id ?? record_id,
    addressKeys: address_keys,
    digitTails: digit_tails,
  });
}

/** True for an item that does not exist or was read before. */
export function isOlder(readAt: number): Expression {
  return {
    text: 'attribute_not_exists(#read_at) OR #read_at < :mine',
    names: READ_AT,
    values: { ':mine': numberAttribute(readAt) },
  };
}

export function leftoversOf({ leftovers = [] }: CustomerHead): ItemKey[] {
  return leftovers.map(readKey);
}

/** True for an item that was read at this time. */
function isOf(readAt: number): Expression {
  return { text: '#read_at = :mine', names: READ_AT, values: { ':mine': numberAttribute(readAt) } };
}

function lookupItem(key: ItemKey, recordId: string, readAt: number): Item {
  return { ...textAttributes({ ...key, record_id: recordId }), read_at: numberAttribute(readAt) };
}

function readKey(text: string): ItemKey {
  const [pk, sk] = v.parse(KeyText, text);
  return { pk, sk };
}
