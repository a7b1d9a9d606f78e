import { DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Customer } from '../../lambdas/customers/customer';
import { foldName } from '../../lambdas/customers/fold-name';
import { addressOn } from '../../lambdas/phone-number/address';
import { textAttributes } from '../../lambdas/replica/attributes';
import { customerItem, lookupsOf } from '../../lambdas/replica/customer-item';
import type { Item } from '../../lambdas/replica/dynamo-access';
import { DynamoReplicaStore } from '../../lambdas/replica/dynamo-replica-store';
import { DynamoTable } from '../../lambdas/replica/dynamo-table';
import { ReplicaKeys } from '../../lambdas/replica/keys';
import { ReplicaCustomerRepository } from '../../lambdas/replica/replica-customer-repository';
import { ReplicaReadiness } from '../../lambdas/replica/replica-readiness';
import { BY_OWNER, REPLICA_TABLE } from '../../lambdas/replica/tables';
import { startDynamoDb } from '../../local/dynamodb/dynamodb-emulator';
import { median } from './median';

const TABLE = 'replica';
const PAGE = 30;
const WARM_UP = 50;
const MEASURED = 500;
const SEARCHES = 15;
const LOADED_AT_ONCE = 250;

/** The worker whose list is searched. */
const BUSY_WORKER = { identity: 'busy@example.com', customers: 10_000 };
const SMALL = { baseId: 'appSmall000000000', customers: 1_000, workers: 10 };
const LARGE = { baseId: 'appLarge000000000', customers: 100_000, workers: 1_000 };

/** The most that the repository may take, as a part of what the same bare calls take. */
const OF_BARE_CALLS = 1.3;
/** A large base is as fast as a small one; the rest is noise. */
const OF_SMALL_BASE = 1.15;
const SEARCH_MS = 300;

export interface ReplicaMeasurement {
  readonly what: string;
  readonly milliseconds: number;
  /** Beside the same calls by the bare client, in the same run. */
  readonly ofBareCalls: number | null;
  /** Beside the same request to a base of a thousand customers, in the same run. */
  readonly ofSmallBase: number | null;
  readonly reachesGoal: boolean;
}

type Work = () => Promise<unknown>;
interface Comparison {
  readonly repository: Work;
  readonly bare: Work;
}

/** Measures the reads of callbacks on a base of 100,000 customers and 1,000 workers, warm, one at a time. */
export async function measureReplica(): Promise<ReplicaMeasurement[]> {
  const emulator = await startDynamoDb({ tables: { [TABLE]: REPLICA_TABLE } });
  const client = new DynamoDBClient({
    endpoint: emulator.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  try {
    await load(client, SMALL);
    await load(client, LARGE);
    const small = comparisons(client, SMALL);
    const large = comparisons(client, LARGE);
    const measurements: ReplicaMeasurement[] = [];
    for (const what of ['page', 'details', 'look-up'] as const) {
      const [repository, bare, inSmall] = await timesOf([
        large[what].repository,
        large[what].bare,
        small[what].repository,
      ]);
      const ofBareCalls = repository / bare;
      const ofSmallBase = repository / inSmall;
      const reachesGoal = ofBareCalls <= OF_BARE_CALLS && ofSmallBase <= OF_SMALL_BASE;
      measurements.push({ what, milliseconds: repository, ofBareCalls, ofSmallBase, reachesGoal });
    }
    return [...measurements, await measureSearch(client)];
  } finally {
    client.destroy();
    await emulator.close();
  }
}

/** The measurements as a table. */
export function replicaTable(measurements: readonly ReplicaMeasurement[]): string {
  const rows = measurements.map(({ what, milliseconds, ofBareCalls, ofSmallBase }) =>
    [what, milliseconds.toFixed(2), ofBareCalls?.toFixed(2) ?? '', ofSmallBase?.toFixed(2) ?? ''].join(' | '),
  );
  return [
    `| replica, ${LARGE.customers} customers | warm, ms | of bare calls (≤ ${OF_BARE_CALLS}) | of ${SMALL.customers} customers (≤ ${OF_SMALL_BASE}) |`,
    '| --- | ---: | ---: | ---: |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

function comparisons(client: DynamoDBClient, { baseId, customers, workers }: typeof LARGE) {
  const keys = new ReplicaKeys(baseId);
  const open = openIn(client, baseId);
  const table = { TableName: TABLE };
  const asKey = ({ pk, sk }: { readonly pk: string; readonly sk: string }) => ({
    pk: { S: pk },
    sk: { S: sk },
  });
  const get = (recordId: string) =>
    client.send(new GetItemCommand({ ...table, Key: asKey(keys.customer(recordId)), ConsistentRead: true }));
  const lookUp = (partition: string) =>
    client.send(
      new QueryCommand({
        ...table,
        ConsistentRead: true,
        KeyConditionExpression: '#pk = :pk',
        ProjectionExpression: '#record_id',
        ExpressionAttributeNames: { '#pk': 'pk', '#record_id': 'record_id' },
        ExpressionAttributeValues: { ':pk': { S: partition } },
      }),
    );
  let turn = 0;
  const next = () => {
    turn = (turn + 7_919) % customers;
    return turn;
  };
  return {
    page: {
      repository: () =>
        open().listCustomers({ owner: worker(next() % workers), size: PAGE, query: null, start: 'top' }),
      bare: () =>
        client.send(
          new QueryCommand({
            ...table,
            IndexName: BY_OWNER.name,
            Limit: PAGE + 1,
            KeyConditionExpression: '#owner = :owner',
            ExpressionAttributeNames: { '#owner': BY_OWNER.partitionKey },
            ExpressionAttributeValues: { ':owner': { S: keys.ownedBy(worker(next() % workers)) } },
          }),
        ),
    },
    details: {
      repository: () => open().getCustomer(recordIdOf(next()), worker(0)),
      bare: () => {
        const recordId = recordIdOf(next());
        return Promise.all([get(recordId), lookUp(keys.lookup({ kind: 'id', text: recordId }))]);
      },
    },
    'look-up': {
      repository: () => open().findByAddress([address(next())]),
      bare: async () => {
        const found = await lookUp(keys.lookup({ kind: 'address', text: address(next()).key }));
        return get(found.Items?.[0]?.['record_id']?.S ?? '');
      },
    },
  } satisfies Record<string, Comparison>;
}

async function measureSearch(client: DynamoDBClient): Promise<ReplicaMeasurement> {
  const open = openIn(client, LARGE.baseId);
  const times: number[] = [];
  for (let turn = 0; turn < SEARCHES; turn += 1) {
    const began = performance.now();
    const { customers } = await open().listCustomers({
      owner: BUSY_WORKER.identity,
      size: PAGE,
      // One customer near the end of the list: everybody has to be looked at.
      query: `MER ${LARGE.customers + BUSY_WORKER.customers - 1 - turn}`,
      start: 'top',
    });
    times.push(performance.now() - began);
    if (customers.length !== 1) throw new Error(`The search found ${customers.length} customers`);
  }
  const milliseconds = median(times);
  return {
    what: `search for part of a name, ${BUSY_WORKER.customers} customers (≤ ${SEARCH_MS} ms)`,
    milliseconds,
    ofBareCalls: null,
    ofSmallBase: null,
    reachesGoal: milliseconds <= SEARCH_MS,
  };
}

/**
 * Times of several kinds of work, in turn, so that what slows the machine down slows each. The lower decile rather than
 * the median: it is hardly touched by whatever else runs on the machine.
 */
async function timesOf<const T extends readonly Work[]>(all: T): Promise<{ readonly [K in keyof T]: number }>;
async function timesOf(all: readonly Work[]): Promise<readonly number[]> {
  const times = all.map((): number[] => []);
  for (let round = 0; round < WARM_UP + MEASURED; round += 1) {
    for (let place = 0; place < all.length; place += 1) {
      const which = (place + round) % all.length;
      const began = performance.now();
      await all[which]?.();
      if (round >= WARM_UP) times[which]?.push(performance.now() - began);
    }
  }
  return times.map(lowerDecile);
}

function lowerDecile(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 10)] ?? Number.NaN;
}

function openIn(client: DynamoDBClient, baseId: string) {
  const readiness = new ReplicaReadiness();
  return () =>
    new ReplicaCustomerRepository({
      client,
      table: TABLE,
      baseId,
      readiness,
      sealingSecret: 'bench',
      defaultCountry: 'US',
    });
}

async function load(client: DynamoDBClient, { baseId, customers, workers }: typeof LARGE): Promise<void> {
  const table = new DynamoTable({ client, table: TABLE });
  const keys = new ReplicaKeys(baseId);
  const all = customers + (baseId === LARGE.baseId ? BUSY_WORKER.customers : 0);
  for (let start = 0; start < all; start += LOADED_AT_ONCE) {
    const some = Array.from({ length: Math.min(LOADED_AT_ONCE, all - start) }, (_, index) =>
      customer(start + index, start < customers ? worker((start + index) % workers) : BUSY_WORKER.identity),
    );
    await table.writeAll(some.flatMap((each) => itemsOf(each, keys)).map((put) => ({ put })));
  }
  const store = new DynamoReplicaStore({ client, table: TABLE, baseId });
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

function address(index: number) {
  return addressOn('whatsapp', `+1415${String(2_000_000 + index)}`);
}

function recordIdOf(index: number): string {
  return `rec${String(index).padStart(14, '0')}`;
}

function worker(index: number): string {
  return `worker${String(index).padStart(4, '0')}@example.com`;
}
