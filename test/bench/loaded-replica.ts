import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Customer } from '../../lambdas/customers/customer';
import { foldName } from '../../lambdas/customers/fold-name';
import { addressOn } from '../../lambdas/phone-number/address';
import { textAttributes } from '../../lambdas/replica/attributes';
import { customerItem, lookupsOf } from '../../lambdas/replica/customer-item';
import type { Item } from '../../lambdas/replica/dynamo-access';
import { DynamoReplicaStore } from '../../lambdas/replica/dynamo-replica-store';
import { DynamoTable } from '../../lambdas/replica/dynamo-table';
import { ReplicaKeys } from '../../lambdas/replica/keys';

export interface Base {
  readonly baseId: string;
  readonly customers: number;
  readonly workers: number;
  /** A worker with additional customers. */
  readonly busyWorker: { readonly identity: string; readonly customers: number } | null;
}

const LOADED_AT_ONCE = 250;

/** Fills a table with a replica of demo customers, as a pass leaves it. */
export async function loadReplica(client: DynamoDBClient, tableName: string, base: Base): Promise<void> {
  const { baseId, customers, workers, busyWorker } = base;
  const table = new DynamoTable({ client, table: tableName });
  const keys = new ReplicaKeys(baseId);
  const all = customers + (busyWorker?.customers ?? 0);
  const ownerOf = (index: number) =>
    index < customers || busyWorker === null ? worker(index % workers) : busyWorker.identity;
  for (let start = 0; start < all; start += LOADED_AT_ONCE) {
    const some = Array.from({ length: Math.min(LOADED_AT_ONCE, all - start) }, (_, index) =>
      customer(start + index, ownerOf(start + index)),
    );
    await table.writeAll(some.flatMap((each) => itemsOf(each, keys)).map((put) => ({ put })));
  }
  const store = new DynamoReplicaStore({ client, table: tableName, baseId });
  const lease = await store.acquireLease(0);
  if (lease === null) throw new Error('Another run holds the lease');
  const lastPass = { startedAt: 0, finishedAt: 0, customers: all, mappingVersion: '1' };
  await store.updateState(lease, { lastPass });
  await lease.release();
}

function itemsOf(of: Customer, keys: ReplicaKeys): Item[] {
  const item = customerItem(
    {
      customer: of,
      readAt: 1,
      hash: of.recordId,
      avatarExpires: false,
      sortName: foldName(of.name ?? ''),
      searchName: foldName(of.name ?? ''),
      searchDigits: of.whatsapp?.slice(1) ?? '',
      stored: null,
      refresh: false,
      mappingVersion: '1',
    },
    keys,
    [],
  );
  const lookups = lookupsOf(of).map((lookup) =>
    textAttributes({ ...keys.lookupItem(lookup, of.recordId), record_id: of.recordId }),
  );
  return [item, ...lookups];
}

function customer(index: number, owner: string): Customer {
  const name = `Customer ${String(index).padStart(6, '0')}`;
  const { text, key } = address(index);
  const columns = { name, sms: text, owner, City: 'San Francisco', Company: `Company ${index % 100}` };
  return {
    id: recordIdOf(index),
    recordId: recordIdOf(index),
    name,
    avatar: `https://example.com/avatars/${index}.png`,
    createdTime: '2026-01-01T00:00:00.000Z',
    sms: null,
    whatsapp: text,
    email: `customer${index}@example.com`,
    linkedin: null,
    notes: 'Prefers to be written to in the morning.',
    owner,
    optOutCell: 'no',
    addressKeys: [key],
    digitTails: [],
    columns: new Map(Object.entries(columns)),
  };
}

export function address(index: number) {
  return addressOn('whatsapp', `+1415${String(2_000_000 + index)}`);
}

export function recordIdOf(index: number): string {
  return `rec${String(index).padStart(14, '0')}`;
}

export function worker(index: number): string {
  return `worker${String(index).padStart(4, '0')}@example.com`;
}
