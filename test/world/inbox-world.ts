import { ScanCommand } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import type { Listening } from '../../emulators/core/http-server';
import { createTables } from '../../emulators/dynamodb/dynamodb-emulator';
import { startGateway } from '../../emulators/gateway/gateway';
import { type SqsEmulator, startSqs } from '../../emulators/sqs/sqs-emulator';
import type { TwilioEmulator } from '../../emulators/twilio/twilio-emulator';
import { startWebSocketApi, type WebSocketApi } from '../../emulators/websocket-api/websocket-api';
import {
  ErrorBody,
  ROUTES,
  type RouteInput,
  type RouteName,
  type RouteOutput,
  requestTarget,
} from '../../lambdas/inbox/api';
import { ChatStore } from '../../lambdas/inbox/store/chat-store';
import { INBOX_TABLE } from '../../lambdas/inbox/store/inbox-table';
import { WorkerStore } from '../../lambdas/inbox/store/worker-store';
import { handler as api } from '../../lambdas/inbox-api';
import { handler as events } from '../../lambdas/inbox-events';
import { handler as live } from '../../lambdas/inbox-live';
import { createDynamoClient } from '../../lambdas/replica/dynamo-client';
import { handler as routing } from '../../lambdas/routing';
import { INBOX_EVENTS, POST_EVENTS, PRE_EVENTS } from '../../lambdas/twilio/callbacks';
import { handler as twilioConversations } from '../../lambdas/twilio-conversations';
import { FUNCTION_TIMEOUTS_MS } from '../../lib/function-timeouts';
import { workersIn } from './conversations';
import { LiveClient } from './live-client';
import { captureLogLines } from './log-lines';
import { AIRTABLE_API_KEY, setEnvironment, World, type WorldOptions } from './world';
// The functions load these with the first event, within a deadline that Jest's loader may exceed.
import '../../lambdas/inbox/live/management-client';
import '../../lambdas/inbox/queue/sqs-client';

export const ANA = 'ana@example.com';
export const BOB = 'bob@example.com';
export const CARA = 'cara@example.com';

const TEAM = [
  { identity: ANA, name: 'Ana', isActive: true, isAvailable: true },
  { identity: BOB, name: 'Bob', isActive: true, isAvailable: true },
  { identity: CARA, name: 'Cara', isActive: false, isAvailable: true },
];

export interface Reply<TName extends RouteName> {
  readonly status: number;
  /** The body of a success. @throws {Error} for an error */
  readonly ok: RouteOutput<TName>;
  /** The body of an error. @throws {Error} for a success */
  readonly error: ErrorBody;
}

/** What a request of a route needs; the parts that the route does not have are left out. */
type Request<TName extends RouteName> = Partial<RouteInput<TName>>;

/** Called with each call of one of the inbox's functions. */
type Around = <TResult>(name: string, call: () => TResult) => TResult;

let inboxes = 0;

/** The inbox as deployed: handlers behind a gateway, a queue and a live socket, on the emulators over HTTP. */
export class InboxWorld {
  readonly #clients: LiveClient[] = [];

  private constructor(
    readonly world: World,
    readonly queue: SqsEmulator,
    readonly sockets: WebSocketApi,
    readonly gateway: Listening,
    readonly store: ChatStore,
    readonly workers: WorkerStore,
    readonly table: string,
    private readonly client: ReturnType<typeof createDynamoClient>,
    private readonly lines: ReturnType<typeof captureLogLines>,
  ) {}

  static async start({
    settings,
    around = (_name, call) => call(),
    ...options
  }: WorldOptions & { readonly around?: Around } = {}): Promise<InboxWorld> {
    const watched =
      <TArguments extends unknown[], TResult>(name: string, handler: (...args: TArguments) => TResult) =>
      (...args: TArguments): TResult =>
        around(name, () => handler(...args));
    const lines = captureLogLines();
    const queue = await startSqs({
      consumer: {
        name: 'inbox-events',
        timeoutMilliseconds: FUNCTION_TIMEOUTS_MS['inbox-events'],
        handler: watched('inbox-events', events),
      },
      visibilityMs: 50,
    });
    const sockets = await startWebSocketApi({
      handler: { name: 'inbox-live', timeoutMilliseconds: 5_000, handler: watched('inbox-live', live) },
    });
    const gateway = await startGateway({
      routes: {
        'POST /callbacks/twilio-conversations': {
          name: 'twilio-conversations',
          timeoutMilliseconds: 5_000,
          handler: twilioConversations,
        },
        'POST /callbacks/routing': { name: 'routing', timeoutMilliseconds: 10_000, handler: routing },
      },
      proxies: [
        {
          prefix: '/api/',
          called: { name: 'inbox-api', timeoutMilliseconds: 20_000, handler: watched('inbox-api', api) },
          authorize: (token) => (token === '' ? null : { sub: token, token_use: 'access' }),
        },
      ],
    });
    inboxes += 1;
    const table = `Inbox-${inboxes}`;
    const world = await World.start({
      ...options,
      settings: {
        PUBLIC_BASE_URL: gateway.url,
        INBOX_TABLE_NAME: table,
        INBOX_QUEUE_URL: queue.queueUrl,
        INBOX_CONNECTIONS_URL: sockets.url,
        INBOX_LIVE_URL: sockets.liveUrl,
        ROUTING: 'service',
        TWILIO_MESSAGING_SERVICE_SID: `MG${'1'.repeat(32)}`,
        ...settings,
      },
    });
    setEnvironment({ TWILIO_MEDIA_URL: world.twilio.url });
    await createTables(world.database.url, { [table]: INBOX_TABLE });
    const client = createDynamoClient(process.env);
    const access = { client, table };
    const workers = new WorkerStore(access);
    for (const worker of TEAM) await workers.save({ ...worker, subject: `sub-${worker.identity}` });
    world.twilio.configureWebhooks({
      preUrl: `${gateway.url}/callbacks/twilio-conversations`,
      postUrl: `${gateway.url}/callbacks/twilio-conversations`,
      ...(settings?.['ROUTING'] === 'frontline' && { routingUrl: `${gateway.url}/callbacks/routing` }),
      filters: [...PRE_EVENTS, ...POST_EVENTS, ...INBOX_EVENTS],
    });
    return new InboxWorld(
      world,
      queue,
      sockets,
      gateway,
      new ChatStore(access),
      workers,
      table,
      client,
      lines,
    );
  }

  get twilio(): TwilioEmulator {
    return this.world.twilio;
  }

  /** Every line that the functions wrote. */
  get log(): string {
    return JSON.stringify(this.lines.taken);
  }

  /** Calls a route as a worker; null without a token. */
  async call<TName extends RouteName>(
    identity: string | null,
    name: TName,
    request: Request<TName> = {},
  ): Promise<Reply<TName>> {
    const route = ROUTES[name];
    const { params = {}, query = {}, body } = request;
    const response = await fetch(this.gateway.url + requestTarget(route.path, params, query), {
      method: route.method,
      headers: {
        ...(identity !== null && { authorization: `Bearer sub-${identity}` }),
        ...(route.method !== 'GET' && { 'content-type': 'application/json' }),
      },
      ...(route.method !== 'GET' && { body: JSON.stringify(body ?? {}) }),
    });
    const received: unknown = await response.json();
    const schema: v.GenericSchema<unknown, RouteOutput<TName>> = route.response;
    return {
      status: response.status,
      get ok() {
        if (!response.ok) throw new Error(`${name}: ${response.status} ${JSON.stringify(received)}`);
        return v.parse(schema, received);
      },
      get error() {
        if (response.ok) throw new Error(`${name} succeeded: ${JSON.stringify(received)}`);
        return v.parse(ErrorBody, received);
      },
    };
  }

  /** The identities of the workers in a conversation that Twilio has. */
  workersOf(sid: string | null): string[] {
    const conversation = this.twilio.conversation(String(sid));
    if (conversation === undefined) throw new Error('The conversation is gone');
    return workersIn(this.world, conversation);
  }

  /** Runs the sweep, as the schedule does every few minutes. */
  async sweep(): Promise<void> {
    this.queue.put('{"kind":"sweep"}');
    await this.queue.settled();
  }

  /** A customer writes; resolves when the inbox has taken it in. */
  async receive(from: string, body: string, media: readonly { contentType: string; bytes: Buffer }[] = []) {
    const to = from.startsWith('whatsapp:') ? 'whatsapp:+15017122662' : '+15017122661';
    const received = await this.twilio.receiveMessage({ from, to, body, ...(media.length > 0 && { media }) });
    await this.queue.settled();
    return received;
  }

  /** Deletes a record in Airtable, and lets the replica and the inbox learn of it. */
  async deleteRecord(recordId: string): Promise<void> {
    const { url, base } = this.world.airtable;
    const { ok } = await fetch(`${url}/v0/${base.id}/Customers/${recordId}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${AIRTABLE_API_KEY}` },
    });
    if (!ok) throw new Error('Airtable does not delete the record');
    await this.world.sync();
    await this.queue.settled();
  }

  /** Every item of the inbox table. */
  async items(): Promise<unknown[]> {
    const { Items = [] } = await this.client.send(new ScanCommand({ TableName: this.table }));
    return Items;
  }

  /** Opens a worker's live socket. */
  async connect(identity: string): Promise<LiveClient> {
    const { ok } = await this.call(identity, 'liveTicket');
    const client = await LiveClient.connect(ok.url);
    this.#clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.queue.settled();
    await this.sockets.close();
    await this.gateway.close();
    await this.queue.close();
    await this.world.close();
    this.client.destroy();
    this.lines.stop();
  }
}
