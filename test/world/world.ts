import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import {
  type AirtableEmulator,
  type CollaboratorData,
  startAirtable,
} from '../../emulators/airtable/airtable-emulator';
import {
  aBase,
  type Columns,
  customersTable,
  type Row,
  templatesTable,
} from '../../emulators/airtable/base-data';
import { lambdaContext } from '../../emulators/lambda/invocation';
import { type LambdaEmulator, startLambda } from '../../emulators/lambda/lambda-emulator';
import { type SecretsManager, startSecretsManager } from '../../emulators/secrets-manager/secrets-manager';
import { startTwilio, type TwilioEmulator, type TwilioOptions } from '../../emulators/twilio/twilio-emulator';
import { AirtableClient } from '../../lambdas/airtable/airtable-client';
import { patientTransport } from '../../lambdas/airtable/airtable-transport';
import { AirtableWebhooks } from '../../lambdas/airtable/airtable-webhooks';
import { readConfiguration } from '../../lambdas/config';
import { beginNewContainer } from '../../lambdas/container';
import type { Customer } from '../../lambdas/customers/customer';
import { RateLimiter, systemClock } from '../../lambdas/http-client/rate-limiter';
import { forgetChatsOf } from '../../lambdas/inbox/queue/tell-inbox';
import { type BatchedWrite, writeInBatches } from '../../lambdas/replica/dynamo-batches';
import { createDynamoClient } from '../../lambdas/replica/dynamo-client';
import { DynamoOptOutStore } from '../../lambdas/replica/dynamo-opt-out-store';
import { DynamoReplicaStore } from '../../lambdas/replica/dynamo-replica-store';
import { DynamoTable } from '../../lambdas/replica/dynamo-table';
import type { CallbackHandler } from '../../lambdas/request/request-context';
import { airtableSyncBase } from '../../lambdas/sync/airtable-sync-base';
import { airtableSyncWebhooks } from '../../lambdas/sync/airtable-sync-webhooks';
import { runSync } from '../../lambdas/sync/run-sync';
import type { SyncEvent } from '../../lambdas/sync/sync-event';
import { type CallbackEvent, callbackEvent, type Sending } from './callback-event';
import { type Database, startDatabase } from './database';
import { captureLogLines, type LogLine, type MetricLine } from './log-lines';
import { until } from './until';
// The functions load it when they first start a run, within a deadline that Jest's loader may exceed.
import '../../lambdas/invoke/lambda-client';

export const ACCOUNT_SID = 'AC0123456789abcdef0123456789abcdef';
export const AUTH_TOKEN = '0123456789abcdef0123456789abcdef';
export const AIRTABLE_API_KEY = 'patTest.0123456789';
export const SMS_NUMBER = '+15017122661';
export const WHATSAPP_NUMBER = '+15017122662';

export interface WorldOptions {
  readonly customers?: readonly Row[];
  /** Changes types of the customer columns, removes columns (null), adds others. */
  readonly columns?: Columns;
  readonly templates?: readonly Row[];
  readonly templateColumns?: Columns;
  /** Collaborators of the base besides those in its cells. */
  readonly collaborators?: readonly CollaboratorData[];
  /** The scopes of the Airtable token. @default all */
  readonly airtableScopes?: readonly string[];
  readonly users?: TwilioOptions['users'];
  /** Twilio's API keys. */
  readonly apiKeys?: TwilioOptions['apiKeys'];
  /** The account's content templates. */
  readonly contents?: TwilioOptions['contents'];
  /** Variables that extend or override the usual ones; a blank removes one. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The secret's value; null leaves it empty. */
  readonly secret?: string | null;
  readonly requestsPerSecond?: number;
  /** Whether the base was read into the replica before the test begins. @default true */
  readonly synced?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  /** The JSON lines that the request wrote. */
  readonly log: readonly LogLine[];
  /** The metrics that it published, one per line. */
  readonly metrics: readonly MetricLine[];
}

export interface TimedAnswer extends Answer {
  readonly milliseconds: number;
}

/** A handler's environment: the emulators over HTTP, and the variables of a deployed function. */
export class World {
  #seen = 0;
  readonly #startsBefore: number;

  private constructor(
    readonly airtable: AirtableEmulator,
    readonly twilio: TwilioEmulator,
    readonly secrets: SecretsManager,
    readonly secretName: string,
    readonly database: Database,
    private readonly lambda: LambdaEmulator,
  ) {
    this.#startsBefore = lambda.requests.length;
  }

  static async start(options: WorldOptions = {}): Promise<World> {
    const airtable = await startAirtable({
      base: aBase(
        [
          customersTable(options.customers ?? [], options.columns),
          templatesTable(options.templates ?? [], options.templateColumns),
        ],
        options.collaborators,
      ),
      tokens: [
        { token: AIRTABLE_API_KEY, ...(options.airtableScopes && { scopes: options.airtableScopes }) },
      ],
      limits: { requestsPerSecond: options.requestsPerSecond ?? 'unlimited' },
      shuffleUnsorted: true,
    });
    const twilio = await startTwilio({
      accountSid: ACCOUNT_SID,
      authToken: AUTH_TOKEN,
      ourNumbers: [SMS_NUMBER, `whatsapp:${WHATSAPP_NUMBER}`],
      ...(options.users && { users: options.users }),
      ...(options.apiKeys && { apiKeys: options.apiKeys }),
      ...(options.contents && { contents: options.contents }),
    });
    secretsManager ??= startSecretsManager();
    const secrets = await secretsManager;
    secretsPut += 1;
    const secretName = `credentials-${secretsPut}`;
    shared ??= startShared();
    const { database, lambda } = await shared;
    const tables = { replica: `Replica-${secretsPut}`, optOut: `OptOuts-${secretsPut}` };
    await database.createTables(tables.replica, tables.optOut);
    const world = new World(airtable, twilio, secrets, secretName, database, lambda);
    world.fillSecret(options.secret === undefined ? JSON.stringify(CREDENTIALS) : options.secret);
    setEnvironment({
      AIRTABLE_BASE_ID: airtable.base.id,
      TWILIO_SMS_NUMBER: SMS_NUMBER,
      TWILIO_WHATSAPP_NUMBER: WHATSAPP_NUMBER,
      DEFAULT_COUNTRY: 'US',
      DEFAULT_WORKER: '',
      PUBLIC_BASE_URL: '',
      AIRTABLE_TEMPLATES_VIEW: '',
      CREDENTIALS_SECRET_ARN: secrets.arn(secretName),
      AIRTABLE_ENDPOINT_URL: airtable.url,
      TWILIO_API_URL: twilio.url,
      CUSTOMER_VISIBILITY: '',
      OPT_OUT_WORDS: '',
      OPT_IN_WORDS: '',
      REPLICA_TABLE_NAME: tables.replica,
      OPT_OUT_TABLE_NAME: tables.optOut,
      SYNC_FUNCTION_NAME: SYNC_FUNCTION,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      AWS_ENDPOINT_URL_DYNAMODB: database.url,
      AWS_ENDPOINT_URL_LAMBDA: lambda.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    });
    // A test's invalid settings apply only after the replica exists.
    const { DEFAULT_COUNTRY = 'US', AIRTABLE_TEMPLATES_VIEW = '' } = options.settings ?? {};
    setEnvironment({ DEFAULT_COUNTRY, AIRTABLE_TEMPLATES_VIEW });
    if (options.synced !== false) await world.#fillReplica();
    setEnvironment({ ...options.settings });
    beginNewContainer();
    return world;
  }

  /** Reads the base into the replica, or copies what an earlier world of this test file read from the same base. */
  async #fillReplica(): Promise<void> {
    const { DEFAULT_COUNTRY, AIRTABLE_TEMPLATES_VIEW } = process.env;
    const base = JSON.stringify([this.airtable.base, DEFAULT_COUNTRY, AIRTABLE_TEMPLATES_VIEW]);
    const known = replicas.get(base);
    if (known !== undefined) return writeInBatches(tablesNow().replica, known);
    await this.sync();
    const everything = { text: 'attribute_exists(#pk)', names: { '#pk': 'pk' } } as const;
    const items: BatchedWrite[] = [];
    for await (const page of new DynamoTable(tablesNow().replica).scan({ filter: everything })) {
      items.push(...page.map((put) => ({ put })));
    }
    replicas.set(base, items);
  }

  /**
   * Updates the replica from the base, and writes pending opt-outs to the base, as `sync` does.
   * @throws {Error} if the run failed
   */
  async sync(run: SyncEvent['run'] = 'pass'): Promise<void> {
    const reports = await runSync({ run }, syncParts(this.airtable), async () => {});
    this.#seen = this.airtable.requests.length;
    const failure = reports.map((report) => report.failure).find((each) => each !== null);
    if (failure !== undefined) throw new Error('The run of sync failed', { cause: failure });
  }

  /** The requests to Airtable since the last run of `sync`: those that callbacks made. */
  get airtableRequests() {
    return this.airtable.requests.slice(this.#seen);
  }

  /** The events with which the callbacks started the function `sync`. */
  get syncStarts(): readonly unknown[] {
    return this.lambda.requests.slice(this.#startsBefore).map(({ event }) => event);
  }

  /** As `syncStarts`, once there is one: a callback may respond before Lambda has it. */
  async awaitSyncStarts(): Promise<readonly unknown[]> {
    await until(
      () => this.syncStarts.length > 0,
      () => 'a start of sync',
    );
    return this.syncStarts;
  }

  /** Makes Lambda reject the next `count` requests to start `sync`. */
  failSyncStarts(count: number): void {
    this.lambda.faults.next(count, { kind: 'service-failed' });
  }

  /** The opt-out table, as the handlers see it. */
  get optOuts(): DynamoOptOutStore {
    return new DynamoOptOutStore(tablesNow().optOuts);
  }

  fillSecret(value: string | null): void {
    this.secrets.put(this.secretName, value);
  }

  /** Sends a signed callback to a handler, as API Gateway would, and reads its response. */
  async ask(
    handler: CallbackHandler,
    parameters: Readonly<Record<string, string>>,
    sending: Sending,
  ): Promise<Answer> {
    return this.deliver(handler, callbackEvent(parameters, { authToken: AUTH_TOKEN, ...sending }));
  }

  async deliver(handler: CallbackHandler, event: CallbackEvent): Promise<Answer> {
    const lines = captureLogLines();
    try {
      const answer = await handler(event, lambdaContext('test', 10_000));
      return { ...readAnswer(answer), ...lines.taken };
    } finally {
      lines.stop();
    }
  }

  /** Delivers several events at the same time; every response has the log lines of all. */
  async deliverTogether(
    deliveries: readonly { readonly handler: CallbackHandler; readonly event: CallbackEvent }[],
  ): Promise<TimedAnswer[]> {
    const lines = captureLogLines();
    const startedAt = performance.now();
    try {
      const answers = deliveries.map(async ({ handler, event }) => {
        const answer = await handler(event, lambdaContext('test', 10_000));
        return { ...readAnswer(answer), milliseconds: performance.now() - startedAt, ...lines.taken };
      });
      return await Promise.all(answers);
    } finally {
      lines.stop();
    }
  }

  async close(): Promise<void> {
    this.database.fail(null);
    await Promise.all([this.airtable.close(), this.twilio.close()]);
  }
}

/** The default value of the secret. */
export const CREDENTIALS = { ACCOUNT_SID, AUTH_TOKEN, AIRTABLE_API_KEY };

// One per test file, because starting one takes longer than a test.
let secretsManager: Promise<SecretsManager> | undefined;
let secretsPut = 0;

/** The items of the replicas, by the bases that they were read from. */
const replicas = new Map<string, readonly BatchedWrite[]>();

let shared: Promise<{ readonly database: Database; readonly lambda: LambdaEmulator }> | undefined;

const SYNC_FUNCTION = 'sync';

async function startShared() {
  const functions = [{ name: SYNC_FUNCTION, timeoutMilliseconds: 1_000, handler: () => {} }];
  const [database, lambda] = await Promise.all([startDatabase(), startLambda({ functions })]);
  return { database, lambda };
}

/** Stops the servers that the worlds of a test file share. */
export async function closeWorlds(): Promise<void> {
  beginNewContainer();
  client?.destroy();
  await (await secretsManager)?.close();
  const started = await shared;
  await Promise.all([started?.database.close(), started?.lambda.close()]);
}

let client: DynamoDBClient | undefined;

function tablesNow() {
  client ??= createDynamoClient(process.env);
  const { REPLICA_TABLE_NAME = '', OPT_OUT_TABLE_NAME = '' } = process.env;
  return { replica: { client, table: REPLICA_TABLE_NAME }, optOuts: { client, table: OPT_OUT_TABLE_NAME } };
}

/** The dependencies of a deployed `sync`, without its rate limit, so that tests do not wait. */
function syncParts({ url, base }: AirtableEmulator) {
  const { defaultCountry, templatesView } = readConfiguration(process.env);
  const access = { url, baseId: base.id, apiKey: AIRTABLE_API_KEY };
  const client = new AirtableClient(access, patientTransport({ limiter: new RateLimiter(1_000) }));
  const clock = {
    now: systemClock.time,
    sleep: (milliseconds: number) => systemClock.pause(milliseconds),
  };
  const { replica, optOuts } = tablesNow();
  return {
    base: airtableSyncBase(client, airtableSyncWebhooks(new AirtableWebhooks(access, client), clock), {
      defaultCountry,
      templatesView,
      onWarning: () => {},
    }),
    store: new DynamoReplicaStore({ ...replica, baseId: base.id }),
    optOuts: new DynamoOptOutStore(optOuts),
    clock,
    settings: {
      webhookUrl: null,
      scheduleMilliseconds: 300_000,
      pingMilliseconds: 0,
      guardColumns: [],
    },
    beforeRemoval: (customers: readonly Customer[]) => forgetChatsOf(customers, process.env),
  };
}

export function setEnvironment(variables: Readonly<Record<string, string>>): void {
  Object.assign(process.env, variables);
}

const HttpResponse = v.object({
  statusCode: v.number(),
  headers: v.record(v.string(), v.unknown()),
  body: v.pipe(v.string(), v.parseJson()),
});

function readAnswer(answer: unknown): Pick<Answer, 'status' | 'headers' | 'body'> {
  const { statusCode, headers, body } = v.parse(HttpResponse, answer);
  return { status: statusCode, headers, body };
}
