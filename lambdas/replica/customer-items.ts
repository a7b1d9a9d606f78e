import * as v from 'valibot';
import { listAttribute, numberAttribute, TRUE, textAttribute, textAttributes } from './attributes';
import { CustomerAttributes, customerItem, lookupsOf } from './customer-item';
import { ItemRejectedError } from './dynamo-access';
import type { DynamoTable, Expression } from './dynamo-table';
import { fitCustomer } from './fit-customer';
import { type ItemKey, keyAsText, type ReplicaKeys } from './keys';
import { isOlder, LookupItems, leftoversOf, lookupsIn } from './lookup-items';
import { type CustomerWrite, type PutResult, RecordRejectedError } from './replica-store';

/** How long a tombstone blocks reads that were sent before the deletion, and serves as an anchor. */
const TOMBSTONE_MS = 24 * 60 * 60_000;

/**
 * Writes customers and their lookup items. Lookup items are added before the customer changes and removed afterwards,
 * so that a customer is always found by all of its lookups. At most two writers write one record at a time: the holder
 * of the lease, and a callback or a run that lost the lease.
 */
export class CustomerItems {
  readonly #lookups: LookupItems;

  constructor(
    private readonly table: DynamoTable,
    private readonly keys: ReplicaKeys,
  ) {
    this.#lookups = new LookupItems(table, keys);
  }

  async put(write: CustomerWrite): Promise<PutResult> {
    const { stored, readAt, customer } = write;
    const isEqual = stored?.hash === write.hash && stored.mappingVersion === write.mappingVersion;
    if (stored !== null && stored.readAt > readAt) return { outcome: 'outdated' };
    if (stored !== null && isEqual && !write.refresh) {
      await this.#lookups.remove(leftoversOf(stored), customer.recordId, stored.readAt);
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

  /** The tombstone's `leftovers` are the items that a repeat must remove if this run is killed half way. */
  async delete(recordId: string, readAt: number, now: number): Promise<'deleted' | 'absent' | 'outdated'> {
    const found = await this.table.get(this.keys.customer(recordId));
    const stored = found && v.parse(CustomerAttributes, found);
    if (stored && stored.read_at >= readAt) {
      if (!stored.deleted) return 'outdated';
      await this.#lookups.remove(this.#lookups.keysOfItem(stored), recordId, stored.read_at);
      return 'absent';
    }
    // A tombstone's only lookup items are the leftovers.
    const leftovers = stored ? this.#lookups.keysOfItem(stored) : [];
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
    // An id still finds the tombstone, because an app may send it as the last customer that it shows.
    const ids = stored && !stored.deleted ? lookupsIn(stored).filter(({ kind }) => kind === 'id') : [];
    for (const key of this.#lookups.keysOf(ids, recordId)) {
      await this.#lookups.expire(key, recordId, readAt, expiry);
    }
    await this.#lookups.remove(leftovers, recordId, readAt);
    return stored && !stored.deleted ? 'deleted' : 'absent';
  }

  /**
   * The fast path for a customer with unchanged lookups: one write, if nothing else changed the item since it was read.
   * Null otherwise.
   */
  async #overwrite(write: CustomerWrite): Promise<PutResult | null> {
    const { stored, customer } = write;
    if (stored === null || stored.readAt === write.readAt || leftoversOf(stored).length > 0) return null;
    const before = lookupsOf({ ...stored, id: stored.idColumn ?? stored.recordId });
    if (textsOf(before) !== textsOf(lookupsOf(customer))) return null;
    const { item, trimmed } = this.#fit(write, []);
    const put = await this.table.put(item, {
      text: '#read_at = :stored AND #hash = :hash',
      names: { '#read_at': 'read_at', '#hash': 'hash' },
      values: { ':stored': numberAttribute(stored.readAt), ':hash': textAttribute(stored.hash) },
    });
    return put && { outcome: 'written', trimmed };
  }

  async #write(write: CustomerWrite): Promise<PutResult> {
    const { stored, customer, readAt } = write;
    const { recordId } = customer;
    const keys = this.#lookups.keysOf(lookupsOf(customer), recordId);
    const current = new Set(keys.map(keyAsText));
    const isSurplus = (key: ItemKey) => !current.has(keyAsText(key));
    const leftovers = stored === null ? [] : this.#lookups.keysOfHead(stored).filter(isSurplus);
    const { item, trimmed } = this.#fit(write, leftovers);

    await this.#lookups.put(keys, recordId, readAt);
    const put = await this.table.put(item, isOlderOrSame(write));
    if (put === null) {
      await this.#lookups.noteSurplus(keys, recordId);
      return { outcome: 'outdated' };
    }
    // The stored item may differ from the one that the writer knew.
    const replaced = put.replaced ? this.#lookups.keysOfItem(v.parse(CustomerAttributes, put.replaced)) : [];
    const surplus = [...leftovers, ...replaced.filter(isSurplus)];
    await this.#lookups.remove(surplus, recordId, readAt, leftovers.length > 0);
    return { outcome: 'written', trimmed };
  }

  /** The item, reduced to DynamoDB's size limit. */
  #fit(write: CustomerWrite, leftovers: readonly ItemKey[]) {
    return fitCustomer(write.customer, (customer) =>
      customerItem({ ...write, customer }, this.keys, leftovers),
    );
  }
}

/**
 * True for an item that is missing, was read before, or is from this same write, which the client repeats when the
 * first response was lost.
 */
function isOlderOrSame({ readAt, hash }: CustomerWrite): Expression {
  const { text, names, values } = isOlder(readAt);
  return {
    text: `${text} OR (#read_at = :mine AND #hash = :hash)`,
    names: { ...names, '#hash': 'hash' },
    values: { ...values, ':hash': textAttribute(hash) },
  };
}

function textsOf(lookups: readonly { readonly kind: string; readonly text: string }[]): string {
  return JSON.stringify(lookups.map(({ kind, text }) => `${kind}#${text}`).sort());
}
