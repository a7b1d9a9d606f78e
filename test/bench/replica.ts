import { DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { TABLE_NAMES } from '../../cli/start/local-tables';
import { ReplicaKeys } from '../../lambdas/replica/keys';
import { ReplicaCustomerRepository } from '../../lambdas/replica/replica-customer-repository';
import { ReplicaReadiness } from '../../lambdas/replica/replica-readiness';
import { BY_OWNER } from '../../lambdas/replica/tables';
import { startDynamoDbProcess } from './dynamodb';
import { address, type Base, loadReplica, recordIdOf, worker } from './loaded-replica';
import { median } from './median';
import { atMost, milliseconds, type Result, ratio, told } from './result';

const TABLE = TABLE_NAMES.replica;
const PAGE = 30;
const WARM_UP = 50;
const MEASURED = 500;
const SEARCHES = 15;

/** The worker whose list is searched. */
const BUSY_WORKER = { identity: 'busy@example.com', customers: 10_000 };
const SMALL: Base = { baseId: 'appSmall000000000', customers: 1_000, workers: 10, busyWorker: null };
const LARGE: Base = {
  baseId: 'appLarge000000000',
  customers: 100_000,
  workers: 1_000,
  busyWorker: BUSY_WORKER,
};

const GOAL = {
  ofBareCalls: ratio(1.3),
  /** A large base is as fast as a small one; the rest is noise. */
  ofSmallBase: ratio(1.15),
  search: milliseconds(300),
};

type Work = () => Promise<unknown>;
interface Comparison {
  readonly repository: Work;
  readonly bare: Work;
}

/** The reads of callbacks on a base of 100,000 customers and 1,000 workers, warm, one at a time. */
export async function measure(): Promise<Result[]> {
  const { url, close } = await startDynamoDbProcess();
  const client = new DynamoDBClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  try {
    await loadReplica(client, TABLE, SMALL);
    await loadReplica(client, TABLE, LARGE);
    const small = comparisons(client, SMALL);
    const large = comparisons(client, LARGE);
    const results: Result[] = [];
    for (const what of ['page', 'details', 'look-up'] as const) {
      const [repository, bare, inSmall] = await timesOf([
        large[what].repository,
        large[what].bare,
        small[what].repository,
      ]);
      results.push(
        told(what, milliseconds(repository)),
        atMost(`${what}, of the same bare calls`, ratio(repository / bare), GOAL.ofBareCalls),
        atMost(`${what}, of ${SMALL.customers} customers`, ratio(repository / inSmall), GOAL.ofSmallBase),
      );
    }
    return [...results, await measureSearch(client)];
  } finally {
    client.destroy();
    await close();
  }
}

function comparisons(client: DynamoDBClient, { baseId, customers, workers }: Base) {
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

async function measureSearch(client: DynamoDBClient): Promise<Result> {
  const open = openIn(client, LARGE.baseId);
  const times: number[] = [];
  for (let turn = 0; turn < SEARCHES; turn += 1) {
    const began = performance.now();
    const { customers } = await open().listCustomers({
      owner: BUSY_WORKER.identity,
      size: PAGE,
      // One customer near the end of the list: every customer has to be looked at.
      query: `MER ${LARGE.customers + BUSY_WORKER.customers - 1 - turn}`,
      start: 'top',
    });
    times.push(performance.now() - began);
    if (customers.length !== 1) throw new Error(`The search found ${customers.length} customers`);
  }
  const what = `search for part of a name by a worker with ${BUSY_WORKER.customers} customers`;
  return atMost(what, milliseconds(median(times)), GOAL.search);
}

/**
 * Times of several kinds of work, in turn, so that what slows the machine down slows each. The lower decile rather than
 * the median: it is hardly touched by other work on the machine.
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
