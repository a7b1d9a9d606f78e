import * as v from 'valibot';
import { listAttribute, numberAttribute, TRUE, textAttribute, textAttributes } from './attributes';
import { BatchWriter } from './batch-writer';
import { CustomerAttributes, customerItem, lookupsOf } from './customer-item';
import { type DynamoTable, type Expression, type Item, ItemRejectedError } from './dynamo-table';
import { fitCustomer } from './fit-customer';
import { type ItemKey, keyAsText, type Lookup, type ReplicaKeys } from './keys';
import { type CustomerHead, type CustomerWrite, type PutResult, RecordRejectedError } from './replica-store';

/** How long a tombstone holds off reads that were sent before the deletion, and serves as an anchor. */
const TOMBSTONE_MS = 24 * 60 * 60_000;

const READ_AT = { '#read_at': 'read_at' } as const;
const LEFTOVERS = { '#leftovers': 'leftovers' } as const;
const KeyText = v.pipe(v.string(), v.parseJson(), v.tuple([v.string(), v.string()]));

/**
 * Writes customers and their lookup items. A customer's lookup items are there before the customer is, and go after it
 * changed, so that a customer is always found by all that it has. A lookup item carries the `readAt` of its writer and
 * is removed only by a later one: a run that was overtaken takes nothing away from the next. At most two write one record
 * at a time: the holder of the lease, and a callback or a run that lost the lease.
 */
export class CustomerItems {
  readonly #batches: BatchWriter;

  constructor(
    private readonly table: DynamoTable,
    private readonly keys: ReplicaKeys,
  ) {
    this.#batches = new BatchWriter(table);
  }

  async put(write: CustomerWrite): Promise<PutResult> {
    const { stored, readAt, customer } = write;
    const isEqual = stored?.hash === write.hash && stored.mappingVersion === write.mappingVersion;
    if (stored !== null && stored.readAt > readAt) return { outcome: 'outdated' };
    if (stored !== null && isEqual && !write.refresh) {
      await this.#clear(customer.recordId, stored.readAt, leftoversOf(stored));
      return { outcome: 'unchanged' };
    }
    try {
      const written = (await this.#overwrite(write)) ?? (await this.#write(write));
      return isEqual && written.outcome === 'written' ? { outcome: 'unchanged' } : written;
    } catch (error) {
      if (!(error instanceof ItemRejectedError)) throw error;
      throw new RecordRejectedError(customer.recordId, { cause: error });
    }
  }

  /** The tombstone's `leftovers` are what a repeat has to remove where this is killed half way. */
  async delete(recordId: string, readAt: number, now: number): Promise<'deleted' | 'absent' | 'outdated'> {
    const found = await this.table.get(this.keys.customer(recordId));
    const stored = found && v.parse(CustomerAttributes, found);
    if (stored && stored.read_at >= readAt) {
      if (!stored.deleted) return 'outdated';
      await this.#clear(recordId, stored.read_at, stored.leftovers.map(readKey));
      return 'absent';
    }
    const lookups = stored && !stored.deleted ? this.#lookupKeys(stored) : [];
    const leftovers = [...lookups.map(({ key }) => key), ...(stored?.leftovers ?? []).map(readKey)];
    const expiry = { expires_at: numberAttribute(Math.ceil((now + TOMBSTONE_MS) / 1_000)) };
    const tombstone = {
      ...textAttributes({
        ...this.keys.customer(recordId),
        record_id: recordId,
        sort_key: stored?.sort_key,
        // Without the index's own attribute, the tombstone is in no list.
        last_owner_key: stored?.owner_key ?? stored?.last_owner_key,
      }),
      ...expiry,
      read_at: numberAttribute(readAt),
      deleted: TRUE,
      ...(leftovers.length > 0 && { leftovers: listAttribute(leftovers.map(keyAsText)) }),
    };
    const put = await this.table.put(tombstone, isOlder(readAt));
    if (put === null) return this.delete(recordId, readAt, now);
    // An id goes on to find the tombstone: an app may name it as the last customer that it shows.
    const ids = lookups.filter(({ kind }) => kind === 'id').map(({ key }) => key);
    const kept = ids.map((id) => ({ ...this.#lookupItem(id, recordId, readAt), ...expiry }));
    await Promise.all(kept.map((item) => this.table.put(item, isOlder(readAt))));
    await this.#clear(recordId, readAt, leftovers);
    return stored && !stored.deleted ? 'deleted' : 'absent';
  }

  /**
   * The short way for a customer that is found by the same as before: one write, as long as nothing else changed the
   * item since it was read. Null where that does not hold.
   */
  async #overwrite(write: CustomerWrite): Promise<PutResult | null> {
    const { stored, customer } = write;
    if (stored === null || stored.readAt === write.readAt || leftoversOf(stored).length > 0) return null;
    const before = lookupsOf({ ...stored, id: stored.idColumn ?? stored.recordId });
    if (textsOf(before) !== textsOf(lookupsOf(customer))) return null;
    const { item, trimmed } = fitCustomer(customer, (fitting) =>
      this.#item({ ...write, customer: fitting }, []),
    );
    const put = await this.table.put(item, {
      text: '#read_at = :stored AND #hash = :hash',
      names: { ...READ_AT, '#hash': 'hash' },
      values: { ':stored': numberAttribute(stored.readAt), ':hash': textAttribute(stored.hash) },
    });
    return put && { outcome: 'written', trimmed };
  }

  async #write(write: CustomerWrite): Promise<PutResult> {
    const { stored, customer, readAt } = write;
    const { recordId } = customer;
    const lookups = lookupsOf(customer).map((lookup) => this.keys.lookupItem(lookup, recordId));
    const current = new Set(lookups.map(keyAsText));
    const before = stored === null ? [] : this.#keysOf(stored);
    const leftovers = before.filter((key) => !current.has(keyAsText(key)));
    const { item, trimmed } = fitCustomer(customer, (fitting) =>
      this.#item({ ...write, customer: fitting }, leftovers),
    );

    await Promise.all(lookups.map((key) => this.#batches.put(this.#lookupItem(key, recordId, readAt))));
    const put = await this.table.put(item, isOlderOrSame(write));
    if (put === null) {
      await this.#noteSurplus(recordId, lookups);
      return { outcome: 'outdated' };
    }
    const replaced = put.replaced && v.parse(CustomerAttributes, put.replaced);
    const surplus = [...leftovers, ...(replaced ? this.#keysIn(replaced) : [])].filter(
      (key) => !current.has(keyAsText(key)),
    );
    await this.#clear(recordId, readAt, surplus, leftovers.length > 0);
    return { outcome: 'written', trimmed };
  }

  #item(write: CustomerWrite, leftovers: readonly ItemKey[]): Item {
    return customerItem(write, this.keys, leftovers);
  }

  #lookupItem(key: ItemKey, recordId: string, readAt: number): Item {
    return { ...textAttributes({ ...key, record_id: recordId }), read_at: numberAttribute(readAt) };
  }

  /** Removes lookup items that a customer no longer has, then forgets that they were left. */
  async #clear(
    recordId: string,
    readAt: number,
    surplus: readonly ItemKey[],
    isNoted = surplus.length > 0,
  ): Promise<void> {
    const unique = new Map(surplus.map((key) => [keyAsText(key), key]));
    await Promise.all([...unique.values()].map((key) => this.table.delete(key, isOlder(readAt))));
    if (!isNoted) return;
    await this.table.update(
      this.keys.customer(recordId),
      { text: 'REMOVE #leftovers', names: LEFTOVERS },
      { text: '#read_at = :mine', names: READ_AT, values: { ':mine': numberAttribute(readAt) } },
    );
  }

  /**
   * Notes the lookup items of a write that came too late, for the next writer to remove: removed at once, they might
   * be missing to one that is about to write the same.
   */
  async #noteSurplus(recordId: string, lookups: readonly ItemKey[]): Promise<void> {
    const key = this.keys.customer(recordId);
    const found = await this.table.get(key);
    if (found === undefined) return;
    const { read_at, deleted, ...stored } = v.parse(CustomerAttributes, found);
    const kept = new Set(deleted ? [] : this.#lookupKeys(stored).map((lookup) => keyAsText(lookup.key)));
    const surplus = new Set([
      ...lookups.map(keyAsText).filter((text) => !kept.has(text)),
      ...stored.leftovers,
    ]);
    if (surplus.size === 0) return;
    await this.table.update(
      key,
      {
        text: 'SET #leftovers = :surplus',
        names: LEFTOVERS,
        values: { ':surplus': listAttribute([...surplus]) },
      },
      { text: '#read_at = :read', names: READ_AT, values: { ':read': numberAttribute(read_at) } },
    );
  }

  #keysOf(head: CustomerHead): ItemKey[] {
    const lookups = lookupsOf({ ...head, id: head.idColumn ?? head.recordId });
    return [...lookups.map((lookup) => this.keys.lookupItem(lookup, head.recordId)), ...leftoversOf(head)];
  }

  #keysIn(item: CustomerAttributes): ItemKey[] {
    return [...this.#lookupKeys(item).map(({ key }) => key), ...item.leftovers.map(readKey)];
  }

  #lookupKeys(
    item: Pick<CustomerAttributes, 'record_id' | 'id' | 'address_keys' | 'digit_tails'>,
  ): readonly { readonly kind: Lookup['kind']; readonly key: ItemKey }[] {
    const { record_id, id, address_keys, digit_tails } = item;
    const lookups = lookupsOf({
      recordId: record_id,
      id: id ?? record_id,
      addressKeys: address_keys,
      digitTails: digit_tails,
    });
    return lookups.map((lookup) => ({ kind: lookup.kind, key: this.keys.lookupItem(lookup, record_id) }));
  }
}

/** Holds for an item that is not there or was read before. */
function isOlder(readAt: number): Expression {
  return {
    text: 'attribute_not_exists(#read_at) OR #read_at < :mine',
    names: READ_AT,
    values: { ':mine': numberAttribute(readAt) },
  };
}

/** Likewise, and for the very same write, which the client repeats when the reply to the first was lost. */
function isOlderOrSame({ readAt, hash }: CustomerWrite): Expression {
  const { text, names, values } = isOlder(readAt);
  return {
    text: `${text} OR (#read_at = :mine AND #hash = :hash)`,
    names: { ...names, '#hash': 'hash' },
    values: { ...values, ':hash': textAttribute(hash) },
  };
}

function leftoversOf({ leftovers = [] }: CustomerHead): ItemKey[] {
  return leftovers.map(readKey);
}

function readKey(text: string): ItemKey {
  const [pk, sk] = v.parse(KeyText, text);
  return { pk, sk };
}

function textsOf(lookups: readonly { readonly kind: string; readonly text: string }[]): string {
  return JSON.stringify(lookups.map(({ kind, text }) => `${kind}#${text}`).sort());
}
