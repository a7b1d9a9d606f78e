import * as v from 'valibot';
import type { Owner } from '../customers/customer-repository';
import { NumberOrZero, numberAttribute, Text, textAttribute, textAttributes } from './attributes';
import { type DynamoTable, inPartition } from './dynamo-table';
import type { ReplicaKeys } from './keys';

const OwnerAttributes = v.object({ identity: Text, customers: NumberOrZero, added_at: NumberOrZero });

/** The workers who own customers, one item each. */
export class OwnerItems {
  /** Owners that this object has put: a pass puts each only once, not with each customer. */
  #known = new Set<string>();

  constructor(
    private readonly table: DynamoTable,
    private readonly keys: ReplicaKeys,
  ) {}

  async list(): Promise<Owner[]> {
    const owners: Owner[] = [];
    for await (const items of this.table.query({ key: inPartition(this.keys.owners) })) {
      for (const item of items) {
        const { success, output } = v.safeParse(OwnerAttributes, item);
        if (success) owners.push({ identity: output.identity, customers: output.customers });
      }
    }
    return owners.sort((a, b) => (a.identity < b.identity ? -1 : 1));
  }

  /** Adds a customer's owner. The count of an existing owner stays. */
  async add(identity: string, readAt: number): Promise<void> {
    if (this.#known.has(identity)) return;
    await this.table.update(this.keys.owner(identity), {
      text: 'SET #identity = :identity, #added_at = :now, #customers = if_not_exists(#customers, :one)',
      names: { '#identity': 'identity', '#added_at': 'added_at', '#customers': 'customers' },
      values: {
        ':identity': textAttribute(identity),
        ':now': numberAttribute(readAt),
        ':one': numberAttribute(1),
      },
    });
    this.#known.add(identity);
  }

  /** Sets exactly these owners, except for those added after `since`. */
  async replace(counts: ReadonlyMap<string, number>, since: number): Promise<void> {
    this.#known = new Set();
    const before = new Map((await this.list()).map(({ identity, customers }) => [identity, customers]));
    const changed = [...counts].filter(([identity, customers]) => before.get(identity) !== customers);
    await this.table.writeAll(
      changed.map(([identity, customers]) => ({
        put: {
          ...textAttributes({ ...this.keys.owner(identity), identity }),
          customers: numberAttribute(customers),
          added_at: numberAttribute(since),
        },
      })),
    );
    const gone = [...before.keys()].filter((identity) => !counts.has(identity));
    for (const identity of gone) {
      await this.table.delete(this.keys.owner(identity), {
        text: 'attribute_not_exists(#added_at) OR #added_at <= :since',
        names: { '#added_at': 'added_at' },
        values: { ':since': numberAttribute(since) },
      });
    }
  }
}
