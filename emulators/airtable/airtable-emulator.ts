import fastify from 'fastify';
import type { TokenGrant } from './access';
import { Actions } from './actions';
import { requestTooLarge } from './airtable-errors';
import { FaultQueue, type Faults, responseToFault, type SeenRequest } from './airtable-faults';
import type { ApiSettings } from './api';
import type { BaseData } from './base-model';
import { Edits } from './edits';
import { type Arrived, cutConnection, deliver, readRequest, respond } from './http-adapter';
import { errorResponse } from './http-response';
import { newId } from './ids';
import { Iterators } from './iterators';
import { type Limits, rateLimits } from './rate-limit';
import { type Scheduler, systemScheduler } from './webhooks/scheduler';
import { type WebhookControls, Webhooks } from './webhooks/webhooks';

export type * from './base-model';

export interface AirtableOptions {
  /** Copied at the start: the emulator serves `AirtableEmulator.base`. */
  readonly base: BaseData;
  readonly tokens: readonly TokenGrant[];
  /** @default a free port */
  readonly port?: number;
  readonly limits?: Limits;
  /** For the rate window, the life of iterators and webhooks, and the times of records. @default the machine's clock */
  readonly now?: () => Date;
  /** Runs the retries of pings. @default the machine's timers */
  readonly scheduler?: Scheduler;
  /** How long a list iterator lives. @default 300 */
  readonly iteratorIdleSeconds?: number;
  /** Whether a listing with neither sort nor view comes in random order. @default false */
  readonly shuffleUnsorted?: boolean;
  /** Whether a phoneNumber of ten digits is stored as `(AAA) BBB-CCCC` (airtable.md#phone-numbers). @default true */
  readonly formatBarePhoneNumbers?: boolean;
  /** Whether a single GET finds records of the base's other tables (airtable.md#getting-one-record). @default false */
  readonly findAcrossTables?: boolean;
  /** Called after each write through the API, one call at a time; the response waits for it. */
  readonly onChange?: (base: BaseData) => void | Promise<void>;
}

export interface AirtableEmulator {
  /** The value for AIRTABLE_ENDPOINT_URL, without `/v0`. */
  readonly url: string;
  /** The base's current state. */
  readonly base: BaseData;
  /** Changes the base as a person would in Airtable's own pages. */
  readonly edit: Edits;
  /** Every received request, in order. */
  readonly requests: readonly SeenRequest[];
  readonly faults: Faults;
  readonly webhooks: WebhookControls;
  /** Expires all list iterators, as after a restart of Airtable's servers. */
  expireIterators(): void;
  close(): Promise<void>;
}

/** Starts a server on 127.0.0.1 that responds as Airtable's Web API does (docs/protocols/airtable.md). */
export async function startAirtable(options: AirtableOptions): Promise<AirtableEmulator> {
  const {
    port = 0,
    now = () => new Date(),
    iteratorIdleSeconds = 300,
    scheduler = systemScheduler,
  } = options;
  const base = withGridViews(options.base);
  const iterators = new Iterators(iteratorIdleSeconds, now);
  const webhooks = new Webhooks(base, now, scheduler);
  const actions = new Actions(now, (action) => webhooks.publish(action));
  const settings = { ...apiSettings(options, base, iterators, now), actions, webhooks };
  const faults = new FaultQueue();
  const requests: Arrived[] = [];
  const closing = new AbortController();

  const app = fastify({
    forceCloseConnections: true,
    // The emulator parses paths itself: a router would fail on encoded slashes, doubled ones and bad escapes.
    rewriteUrl: () => '/',
    // Airtable accepts URLs of 16,000 characters, which is near what Node allows for all headers together.
    http: { maxHeaderSize: 65_536 },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, _request, reply) => {
    if (!isTooLarge(error)) throw error;
    const { status, headers, body } = errorResponse(requestTooLarge());
    return reply.code(status).headers(headers).send(body);
  });
  app.all('/', async (request, reply) => {
    const { seen, asked } = readRequest(request);
    requests.push(seen);
    const fault = faults.take(seen);
    if (fault?.kind === 'connection-reset') {
      cutConnection(reply);
      return reply;
    }
    if (fault?.kind === 'silent') {
      reply.hijack();
      return reply;
    }
    if (fault?.kind === 'iterator-loss') iterators.expireAll();
    const response =
      (fault && responseToFault(fault)) ?? (await respond(asked, request.originalUrl, settings));
    await deliver(response, fault, seen, reply, closing.signal);
    return reply;
  });
  const address = await app.listen({ host: '127.0.0.1', port });

  return {
    url: address,
    base,
    edit: new Edits(base, actions, now),
    requests,
    faults,
    webhooks,
    expireIterators: () => iterators.expireAll(),
    close: async () => {
      closing.abort();
      await webhooks.close();
      await app.close();
    },
  };
}

function apiSettings(
  options: AirtableOptions,
  base: BaseData,
  iterators: Iterators,
  now: () => Date,
): Omit<ApiSettings, 'actions' | 'webhooks'> {
  const { tokens, limits = {}, formatBarePhoneNumbers = true, findAcrossTables = false } = options;
  const { shuffleUnsorted = false, onChange = () => {} } = options;
  return {
    base,
    tokens,
    rateLimits: rateLimits(limits, now),
    iterators,
    now,
    batchSize: limits.batchSize ?? 10,
    formatBarePhoneNumbers,
    findAcrossTables,
    shuffleUnsorted,
    onChange: oneAtATime(onChange),
  };
}

/** Runs writes one at a time, because two simultaneous writes would corrupt the file. */
function oneAtATime(task: (base: BaseData) => void | Promise<void>): (base: BaseData) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (base) => {
    last = last.catch(() => {}).then(() => task(base));
    return last;
  };
}

/** A copy in which every table has the view that each new table starts with (airtable.md#metadata). */
function withGridViews(given: BaseData): BaseData {
  const base = structuredClone(given);
  for (const { views } of base.tables) {
    const hasGridView = views.some(({ name }) => name === 'Grid view');
    if (!hasGridView) views.push({ id: newId('viw'), name: 'Grid view', type: 'grid' });
  }
  return base;
}

function isTooLarge(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'FST_ERR_CTP_BODY_TOO_LARGE'
  );
}
