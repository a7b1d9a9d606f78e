import * as v from 'valibot';
import type { AddressKey } from '../phone-number/address';
import { Flag, TextOrBlank } from './attributes';
import { storedCustomer } from './customer-item';
import type { Item } from './dynamo-access';
import { type DynamoTable, inPartition } from './dynamo-table';
import type { Lookup, ReplicaKeys } from './keys';

const LookupAttributes = v.object({ record_id: TextOrBlank });
const Tombstone = v.object({ deleted: Flag });

/** Reads customers' items by their lookups. */
export class CustomerReader {
  constructor(
    private readonly table: DynamoTable,
    private readonly keys: ReplicaKeys,
  ) {}

  /** The items of these records, including tombstones. */
  async items(recordIds: readonly string[]): Promise<Item[]> {
    return this.table.getAll(recordIds.map((recordId) => this.keys.customer(recordId)));
  }

  async customers(recordIds: readonly string[]): Promise<Item[]> {
    return (await this.items(recordIds)).filter((item) => !isTombstone(item));
  }

  /** Customers who have one of the address keys, or one of the digit tails of unreadable cells. */
  async customersAt(keys: readonly AddressKey[], tails: readonly string[]): Promise<Item[]> {
    const recordIds = await this.recordIds([
      ...keys.map((text) => ({ kind: 'address', text }) as const),
      ...tails.map((text) => ({ kind: 'tail', text }) as const),
    ]);
    return (await this.customers(recordIds)).filter((item) => {
      // A crash or a recent change may leave a lookup item that the customer no longer matches.
      const { addressKeys, digitTails } = storedCustomer(item);
      return addressKeys.some((key) => keys.includes(key)) || digitTails.some((tail) => tails.includes(tail));
    });
  }

  /** The record ids in these lookups' items, not yet verified against the customers. */
  async recordIds(lookups: readonly Lookup[]): Promise<string[]> {
    const partitions = [...new Set(lookups.map((lookup) => this.keys.lookup(lookup)))];
    const found = await Promise.all(partitions.map((partition) => this.#recordIdsIn(partition)));
    return [...new Set(found.flat())];
  }

  async #recordIdsIn(partition: string): Promise<string[]> {
    const recordIds: string[] = [];
    for await (const items of this.table.query({ key: inPartition(partition), attributes: ['record_id'] })) {
      recordIds.push(...items.map((item) => v.parse(LookupAttributes, item).record_id));
    }
    return recordIds;
  }
}

function isTombstone(item: Item): boolean {
  return v.parse(Tombstone, item).deleted;
}
