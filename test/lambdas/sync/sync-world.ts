import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type AirtableEmulator, startAirtable } from '../../../emulators/airtable/airtable-emulator';
import {
  aBase,
  type Columns,
  customersTable,
  type Row,
  templatesTable,
} from '../../../emulators/airtable/base-data';
import { type DynamoDbEmulator, startDynamoDb } from '../../../emulators/dynamodb/dynamodb-emulator';
import { AirtableClient } from '../../../lambdas/airtable/airtable-client';
import { patientTransport } from '../../../lambdas/airtable/airtable-transport';
import { AirtableWebhooks } from '../../../lambdas/airtable/airtable-webhooks';
import type { Customer } from '../../../lambdas/customers/customer';
import { type Clock, RateLimiter } from '../../../lambdas/http-client/rate-limiter';
import type { OptOutEvent } from '../../../lambdas/opt-out/opt-out-store';
import { DynamoOptOutStore } from '../../../lambdas/replica/dynamo-opt-out-store';
import { DynamoReplicaStore } from '../../../lambdas/replica/dynamo-replica-store';
import type { StoredCustomer, SyncState } from '../../../lambdas/replica/replica-store';
import { OPT_OUT_TABLE, REPLICA_TABLE } from '../../../lambdas/replica/tables';
import { airtableSyncBase } from '../../../lambdas/sync/airtable-sync-base';
import { airtableSyncWebhooks } from '../../../lambdas/sync/airtable-sync-webhooks';
import { runSync } from '../../../lambdas/sync/run-sync';
import type { SyncEvent } from '../../../lambdas/sync/sync-event';
import type { SyncReport } from '../../../lambdas/sync/sync-report';
import type { SyncParts, SyncSettings } from '../../../lambdas/sync/sync-run';

const TOKEN = 'patTest.0123';
const WEBHOOK_URL = 'http://127.0.0.1:9/airtable/webhook';
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export interface SyncWorldOptions {
  readonly customers?: readonly Row[];
  readonly columns?: Columns;
  readonly templates?: readonly Row[];
  readonly scopes?: readonly string[];
  readonly settings?: Partial<SyncSettings>;
}

/** A clock that moves only when the test moves it, except for a millisecond each time that it is read. */
export class TestClock {
  #now = Date.parse('2026-03-02T12:00:00.000Z');
  /** Called at each sleep before the clock has moved. */
  onSleep: (milliseconds: number) => void | Promise<void> = () => {};
  readonly sleeps: number[] = [];

  now = (): number => {
    this.#now += 1;
    return this.#now;
  };

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  sleep = async (milliseconds: number): Promise<void> => {
    this.sleeps.push(milliseconds);
    await this.onSleep(milliseconds);
    this.advance(milliseconds);
  };

  /** The same time for the HTTP client, whose waits take no time. */
  get http(): Clock {
    return { time: this.now, elapsed: this.now, pause: async (milliseconds) => this.advance(milliseconds) };
  }
}

const running: SyncWorld[] = [];

/** Closes everything that the tests of a file started. */
export async function closeSyncWorlds(): Promise<void> {
  await Promise.all(running.splice(0).map((world) => world.close()));
}

/** Sync with the Airtable emulator and an in-process DynamoDB, under the test's own clock. */
export class SyncWorld {
  readonly clock = new TestClock();
  /** Runs that sync started itself. */
  readonly started: SyncEvent[] = [];
  parts: SyncParts;

  private constructor(
    readonly airtable: AirtableEmulator,
    readonly dynamo: DynamoDbEmulator,
    readonly client: DynamoDBClient,
    clock: TestClock,
    options: SyncWorldOptions,
  ) {
    this.clock = clock;
    const settings: SyncSettings = {
      webhookUrl: WEBHOOK_URL,
      scheduleMilliseconds: 5 * MINUTE,
      pingMilliseconds: 30_000,
      guardColumns: ['optOut', 'sms', 'whatsapp'],
      ...options.settings,
    };
    this.parts = {
      base: this.openBase(),
      store: new DynamoReplicaStore({ client, table: 'replica', baseId: airtable.base.id }),
      optOuts: new DynamoOptOutStore({ client, table: 'opt-outs' }),
      clock,
      settings,
    };
  }

  static async start(options: SyncWorldOptions = {}): Promise<SyncWorld> {
    const clock = new TestClock();
    const base = aBase([
      customersTable(options.customers ?? [], options.columns),
      templatesTable(options.templates ?? []),
    ]);
    const airtable = await startAirtable({
      base: { ...base, id: `app${randomUUID().replaceAll('-', '').slice(0, 14)}` },
      tokens: [{ token: TOKEN, ...(options.scopes && { scopes: options.scopes }) }],
      limits: { requestsPerSecond: 'unlimited' },
      now: () => new Date(clock.now()),
      // Pings have their own tests; no server listens here.
    });
    airtable.webhooks.dropPings(Number.POSITIVE_INFINITY);
    const dynamo = await startDynamoDb({ tables: { replica: REPLICA_TABLE, 'opt-outs': OPT_OUT_TABLE } });
    const client = new DynamoDBClient({
      endpoint: dynamo.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
    const world = new SyncWorld(airtable, dynamo, client, clock, options);
    running.push(world);
    return world;
  }

  openBase(country: 'US' | 'FR' = 'US') {
    const access = { url: this.airtable.url, baseId: this.airtable.base.id, apiKey: TOKEN };
    const limiter = new RateLimiter(1_000_000, this.clock.http);
    const client = new AirtableClient(access, patientTransport({ limiter, clock: this.clock.http }));
    const webhooks = airtableSyncWebhooks(new AirtableWebhooks(access, client), this.clock);
    return airtableSyncBase(client, webhooks, {
      defaultCountry: country,
      templatesView: 'Grid view',
      onWarning: () => {},
    });
  }

  /** Runs sync and returns the reports. */
  async run(run: SyncEvent['run'] = 'schedule', parts: Partial<SyncParts> = {}): Promise<SyncReport[]> {
    return runSync({ run }, { ...this.parts, ...parts }, async (event) => void this.started.push(event));
  }

  /** Runs sync by schedule; it must succeed. */
  async runWell(run: SyncEvent['run'] = 'schedule'): Promise<SyncReport> {
    const report = await this.runOnce(run);
    if (report.failure !== null) throw report.failure;
    return report;
  }

  async runOnce(run: SyncEvent['run'] = 'schedule', parts: Partial<SyncParts> = {}): Promise<SyncReport> {
    const report = (await this.run(run, parts)).at(-1);
    if (report === undefined) throw new Error('Sync gave no report');
    return report;
  }

  /** The run's requests to Airtable. */
  async requestsOf(work: () => Promise<unknown>): Promise<string[]> {
    const before = this.airtable.requests.length;
    await work();
    return this.airtable.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
  }

  state(): Promise<SyncState> {
    return this.parts.store.readState();
  }

  recordId(index: number): string {
    const id = this.airtable.base.tables[0]?.records[index]?.id;
    if (id === undefined) throw new Error(`There is no record ${index}`);
    return id;
  }

  async stored(recordId: string): Promise<StoredCustomer | null> {
    return (await this.parts.store.customersByRecordId([recordId])).get(recordId) ?? null;
  }

  async customer(recordId: string): Promise<Customer | null> {
    return (await this.stored(recordId))?.customer ?? null;
  }

  /** Names of all customers in the replica, sorted. */
  async names(): Promise<string[]> {
    const ids: string[] = [];
    for await (const { recordId } of this.parts.store.scanHeads()) ids.push(recordId);
    const stored = await this.parts.store.customersByRecordId(ids);
    return [...stored.values()].map(({ customer }) => customer.name ?? '').sort();
  }

  edit(recordId: string, cells: Row): void {
    this.airtable.edit.changeRecord('Customers', recordId, { ...cells });
  }

  /** The cell as the base has it. */
  cell(recordId: string, column: string): unknown {
    const record = this.airtable.base.tables[0]?.records.find(({ id }) => id === recordId);
    return record?.fields[column] ?? null;
  }

  /** Records a customer's opt-out or opt-in at this moment. */
  async say(kind: OptOutEvent['kind'], address: string): Promise<OptOutEvent> {
    const event: OptOutEvent = {
      kind,
      channel: address.startsWith('whatsapp:') ? 'whatsapp' : 'sms',
      keyword: kind === 'opt-out' ? 'STOP' : 'START',
      at: new Date(this.clock.now()).toISOString(),
      id: `IM${randomUUID().replaceAll('-', '')}`,
    };
    await this.parts.optOuts.record(address, event);
    return event;
  }

  async close(): Promise<void> {
    this.client.destroy();
    await Promise.all([this.airtable.close(), this.dynamo.close()]);
  }
}

/** This many customers of two workers. */
export function someCustomers(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `Customer ${String(index).padStart(4, '0')}`,
    sms: `+1415555${String(index).padStart(4, '0')}`,
    owner: index % 3 === 0 ? 'ana@example.com' : 'bo@example.com',
  }));
}
