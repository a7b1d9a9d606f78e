import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Customer } from '../../../lambdas/customers/customer';
import { foldName } from '../../../lambdas/customers/fold-name';
import type { AddressKey, E164Number } from '../../../lambdas/phone-number/address';
import { addressOn, parseAddress } from '../../../lambdas/phone-number/address';
import { DynamoReplicaStore } from '../../../lambdas/replica/dynamo-replica-store';
import type { Item } from '../../../lambdas/replica/dynamo-table';
import {
  type ReplicaAccess,
  ReplicaCustomerRepository,
} from '../../../lambdas/replica/replica-customer-repository';
import { ReplicaReadiness } from '../../../lambdas/replica/replica-readiness';
import type { CustomerHead, CustomerWrite, ReplicaStore } from '../../../lambdas/replica/replica-store';
import { OPT_OUT_TABLE, REPLICA_TABLE } from '../../../lambdas/replica/tables';
import { startDynamoDb } from '../../../local/dynamodb/dynamodb-emulator';

export const REPLICA = 'replica';
export const OPT_OUTS = 'opt-outs';

/** DynamoDB in this process for the tests of a file. Each test takes a base of its own in it. */
export async function startReplica() {
  const emulator = await startDynamoDb({ tables: { [REPLICA]: REPLICA_TABLE, [OPT_OUTS]: OPT_OUT_TABLE } });
  const clients: DynamoDBClient[] = [];
  const connect = () => {
    const client = new DynamoDBClient({
      endpoint: emulator.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
    clients.push(client);
    return client;
  };
  return {
    url: emulator.url,
    /** Another client, whose requests a test may disturb. */
    connect,
    newBase: (client = connect()) => new ReplicaOfBase(client, `app${randomUUID().slice(0, 8)}`),
    async close() {
      for (const client of clients) client.destroy();
      await emulator.close();
    },
  };
}

/** The replica of one base, as a run of sync and a callback open it. */
export class ReplicaOfBase {
  constructor(
    readonly client: DynamoDBClient,
    readonly baseId: string,
  ) {}

  get access() {
    return { client: this.client, table: REPLICA, baseId: this.baseId, sleep: async () => {} };
  }

  /** A store as another run opens it. */
  store(client = this.client): DynamoReplicaStore {
    return new DynamoReplicaStore({ ...this.access, client });
  }

  repository(options: Partial<ReplicaAccess> = {}): ReplicaCustomerRepository {
    return new ReplicaCustomerRepository({
      ...this.access,
      readiness: new ReplicaReadiness(),
      sealingSecret: 'secret',
      defaultCountry: 'US',
      now: () => 0,
      ...options,
    });
  }

  /** Makes the replica one that callbacks may read. */
  async completePass(): Promise<void> {
    const store = this.store();
    const lease = await store.acquireLease(0);
    if (lease === null) throw new Error('Another run holds the lease');
    const lastPass = { startedAt: 0, finishedAt: 1, customers: 0, mappingVersion: '1' };
    await store.updateState(lease, { lastPass });
    await lease.release();
  }
}

export interface SomeCustomer {
  readonly recordId?: string;
  readonly id?: string;
  readonly name?: string | null;
  readonly owner?: string | null;
  readonly sms?: string;
  readonly whatsapp?: string;
  readonly addressKeys?: readonly AddressKey[];
  readonly digitTails?: readonly string[];
  readonly createdTime?: string;
  readonly avatar?: string;
  readonly notes?: string;
  readonly columns?: Readonly<Record<string, string>>;
  readonly optOutCell?: Customer['optOutCell'];
}

export function customer(some: SomeCustomer = {}): Customer {
  const { recordId = 'rec00000000000001', sms, whatsapp } = some;
  const keys = [
    ...(sms === undefined ? [] : [addressOn('sms', sms).key]),
    ...(whatsapp === undefined ? [] : [addressOn('whatsapp', whatsapp).key]),
  ];
  return {
    id: some.id ?? recordId,
    recordId,
    name: some.name ?? null,
    owner: some.owner === undefined ? 'ana@example.com' : some.owner,
    createdTime: some.createdTime ?? '2026-01-01T00:00:00.000Z',
    sms: sms === undefined ? null : number(sms),
    whatsapp: whatsapp ?? null,
    email: null,
    linkedin: null,
    notes: some.notes ?? null,
    avatar: some.avatar ?? null,
    optOutCell: some.optOutCell ?? 'no',
    addressKeys: some.addressKeys ?? [...new Set(keys)],
    digitTails: some.digitTails ?? [],
    columns: new Map(Object.entries(some.columns ?? {})),
  };
}

/** A write of the customer over nothing, with a hash of its whole content. */
export function write(
  some: SomeCustomer = {},
  more: Partial<Omit<CustomerWrite, 'customer'>> = {},
): CustomerWrite {
  const it = customer(some);
  return {
    customer: it,
    readAt: 1_000,
    hash: JSON.stringify(some),
    avatarExpires: false,
    sortName: foldName(it.name ?? ''),
    searchName: foldName(it.name ?? ''),
    searchDigits: it.addressKeys.map((key) => key.replace(/\D/g, '')).join(' '),
    stored: null,
    refresh: false,
    mappingVersion: '1',
    ...more,
  };
}

export async function headsOf(store: ReplicaStore): Promise<CustomerHead[]> {
  const heads: CustomerHead[] = [];
  for await (const head of store.scanHeads()) heads.push(head);
  return heads;
}

export function textOf(item: Item, attribute: string): string {
  return item[attribute]?.S ?? '';
}

function number(text: string): E164Number {
  const address = parseAddress(text);
  if (address?.channel !== 'sms' || !isNumber(address.text)) throw new Error(`${text} is not a number`);
  return address.text;
}

function isNumber(text: string): text is E164Number {
  return text.startsWith('+');
}
