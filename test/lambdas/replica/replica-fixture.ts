import { createHash, randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { createTable, startDynamoDb } from '../../../emulators/dynamodb/dynamodb-emulator';
import type { Customer } from '../../../lambdas/customers/customer';
import { foldName } from '../../../lambdas/customers/fold-name';
import {
  type AddressKey,
  addressOn,
  type E164Number,
  parseAddress,
} from '../../../lambdas/phone-number/address';
import type { Item } from '../../../lambdas/replica/dynamo-access';
import { createDynamoClient } from '../../../lambdas/replica/dynamo-client';
import { DynamoOptOutStore } from '../../../lambdas/replica/dynamo-opt-out-store';
import { DynamoReplicaStore } from '../../../lambdas/replica/dynamo-replica-store';
import { DynamoTable } from '../../../lambdas/replica/dynamo-table';
import {
  type ReplicaAccess,
  ReplicaCustomerRepository,
} from '../../../lambdas/replica/replica-customer-repository';
import { ReplicaReadiness } from '../../../lambdas/replica/replica-readiness';
import type { CustomerHead, CustomerWrite, ReplicaStore } from '../../../lambdas/replica/replica-store';
import { OPT_OUT_TABLE, REPLICA_TABLE } from '../../../lambdas/replica/tables';

export const REPLICA = 'replica';
export const OPT_OUTS = 'opt-outs';

/** In-process DynamoDB for the tests of a file. Each test uses its own base in it. */
export async function startReplica() {
  const emulator = await startDynamoDb({ tables: { [REPLICA]: REPLICA_TABLE, [OPT_OUTS]: OPT_OUT_TABLE } });
  const clients: DynamoDBClient[] = [];
  const connect = (url = emulator.url) => {
    const client = createDynamoClient(
      {
        AWS_ENDPOINT_URL_DYNAMODB: url,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
      },
      { attempts: 1, attemptMs: 30_000, connectMs: 30_000 },
    );
    clients.push(client);
    return client;
  };
  const usual = connect();
  return {
    url: emulator.url,
    /** Another client, which a test may disturb. */
    connect,
    /** A separate opt-out table. */
    async newOptOuts() {
      const table = `opt-outs-${randomUUID()}`;
      await createTable(usual, table, OPT_OUT_TABLE);
      return new DynamoOptOutStore({ client: usual, table });
    },
    newBase: (client = usual) => new ReplicaOfBase(client, `app${randomUUID().slice(0, 8)}`),
    async close() {
      for (const client of clients) client.destroy();
      await emulator.close();
    },
  };
}

/** DynamoDB for the tests of a file, with a new base for each test, which callbacks may read by default. */
export function useReplica({ isComplete = true } = {}) {
  let dynamo: Awaited<ReturnType<typeof startReplica>>;
  let base: ReplicaOfBase;
  let store: DynamoReplicaStore;
  const begin = async () => {
    base = dynamo.newBase();
    store = base.store();
    if (isComplete) await base.completePass();
  };
  beforeAll(async () => {
    dynamo = await startReplica();
  });
  beforeEach(begin);
  afterAll(() => dynamo.close());
  return {
    get dynamo() {
      return dynamo;
    },
    get base() {
      return base;
    },
    /** One run's store. */
    get store() {
      return store;
    },
    /** Continues with another base, as the next test does. */
    begin,
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

  /** Marks the replica as complete, so that callbacks may read it. */
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

export function hashOf(some: SomeCustomer): string {
  return createHash('sha256').update(JSON.stringify(some)).digest('base64url');
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
    hash: hashOf(some),
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

/** Every item of the base except the state of sync, by partition key. */
export async function itemsOf({ client, baseId }: ReplicaOfBase): Promise<Item[]> {
  const table = new DynamoTable({ client, table: REPLICA });
  const filter = {
    text: 'begins_with(#pk, :base) AND #sk <> :sync',
    names: { '#pk': 'pk', '#sk': 'sk' },
    values: { ':base': { S: `${baseId}#` }, ':sync': { S: 'sync' } },
  } as const;
  const items: Item[] = [];
  for await (const page of table.scan({ filter })) items.push(...page);
  return items.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** The keys of the items by which customers are found. */
export async function lookupItemsOf(base: ReplicaOfBase): Promise<string[]> {
  return (await itemsOf(base)).map(keyOf).filter((key) => /#(address|tail|id)#/.test(key));
}

function keyOf(item: Item): string {
  return `${item['pk']?.S} ${item['sk']?.S}`;
}

/** Calls this before each command that the client sends, by its name without `Command`; the command fails if it throws. */
export function beforeCommand(
  client: DynamoDBClient,
  call: (name: string, input: object) => void,
): DynamoDBClient {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      call(String(context['commandName']).replace('Command', ''), args.input);
      return next(args);
    },
    { step: 'initialize' },
  );
  return client;
}

/** A killed run sends no further requests. */
class KilledError extends Error {
  override readonly name = 'KilledError';
}

/**
 * Makes the client fail at its n-th write, either before it is sent or when it is done and the response is awaited;
 * later writes are not sent either.
 * @returns whether the n-th write was reached
 */
export function killAtWrite(client: DynamoDBClient, number: number, when: 'before' | 'after'): () => boolean {
  let writes = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const isWrite = /^(Put|Update|Delete|BatchWrite)Item/.test(String(context['commandName']));
      if (isWrite) writes += 1;
      if (writes > number || (writes === number && when === 'before')) throw new KilledError('Killed');
      const result = await next(args);
      if (writes >= number) throw new KilledError('Killed');
      return result;
    },
    { step: 'initialize' },
  );
  return () => writes >= number;
}

function number(text: string): E164Number {
  const address = parseAddress(text);
  if (address?.channel !== 'sms' || !isNumber(address.text)) throw new Error(`${text} is not a number`);
  return address.text;
}

function isNumber(text: string): text is E164Number {
  return text.startsWith('+');
}
