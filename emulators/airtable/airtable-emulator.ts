import { PENALTY_SECONDS } from '../../lambdas/airtable/airtable-errors';
import { type EmulatorServer, startEmulator } from '../core/emulator-server';
import { type HttpResponse, json } from '../core/http-response';
import { BodyTooLargeError } from '../core/http-server';
import { pathSegments, Router } from '../core/router';
import {
  AirtableError,
  notFound,
  rateLimited,
  requestTooLarge,
  unreadableBody,
  urlTooLong,
  wrongMethod,
} from './airtable-errors';
import { type AirtableFault, errorResponse, respondToFault, type SeenRequest } from './airtable-faults';
import { authenticate, bearerToken, type TokenGrant } from './airtable-request';
import { type BaseData, newId } from './base-model';
import { Actions } from './change-log';
import { Edits } from './edits';
import { metadataRoutes } from './metadata-routes';
import { Iterators } from './record-lists';
import { recordRoutes } from './record-routes';
import { webhookRoutes } from './webhooks/webhook-routes';
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
  /** The wait before the first retry of a ping. @default 10000 */
  readonly firstPingRetryMs?: number;
  /** Whether a listing without a view comes in random order. @default false */
  readonly shuffleUnsorted?: boolean;
  /** Called after each write through the API, one call at a time; the response waits for it. */
  readonly onChange?: (base: BaseData) => void | Promise<void>;
}

export interface AirtableEmulator extends EmulatorServer<SeenRequest, AirtableFault> {
  /** The base's current state. */
  readonly base: BaseData;
  /** Changes the base as a person would in Airtable's own pages. */
  readonly edit: Edits;
  readonly webhooks: WebhookControls;
  /** Expires all list iterators, as after a restart of Airtable's servers. */
  expireIterators(): void;
}

const REAL_ORIGIN = 'https://api.airtable.com';
const MAX_URL_LENGTH = 16_000;

/**
 * Starts a server on 127.0.0.1 that responds as Airtable's Web API does (docs/protocols/airtable.md). Its `url` is the
 * value for AIRTABLE_ENDPOINT_URL, without `/v0`. Left out are what neither the service nor its commands use (501, by
 * name), roles, links kept on both sides, and computed columns other than autoNumber and createdTime.
 */
export async function startAirtable(options: AirtableOptions): Promise<AirtableEmulator> {
  const { now = () => new Date(), tokens, firstPingRetryMs = 10_000, shuffleUnsorted = false } = options;
  const base = withGridViews(options.base);
  const onChange = oneAtATime(options.onChange ?? (() => {}));
  const iterators = new Iterators(now);
  const webhooks = new Webhooks(base.id, now, firstPingRetryMs);
  const actions = new Actions(now, (action) => webhooks.publish(action));
  const countRequest = rateLimit(options.limits ?? {}, now);
  const router = new Router({
    ...metadataRoutes(base, onChange),
    ...webhookRoutes(base, webhooks),
    ...recordRoutes({ base, actions, iterators, shuffleUnsorted, onChange }),
  });

  const server = await startEmulator<SeenRequest, AirtableFault>({
    port: options.port,
    about: `This is an emulator of Airtable's API, with the base ${base.id}.`,
    faultsMatch: ({ path }) => !path.startsWith('/v0/meta/'),
    describe: ({ method, path, search, headers, body }) => ({
      method,
      path: `/${(pathSegments(path) ?? [path]).join('/')}`,
      query: search,
      body: parsed(body) ?? body,
      token: bearerToken(headers.authorization),
    }),
    // The checks run in this order: token, rate, base, table, body (airtable.md#errors).
    respond: async (request) => {
      const { method, path, search, headers } = request;
      if (`${REAL_ORIGIN}${path}?${search}`.length > MAX_URL_LENGTH) throw urlTooLong();
      const grant = authenticate(headers.authorization, tokens);
      if (path.includes(base.id)) countRequest();
      const match = router.find(method, path);
      if (match.kind === 'unknown-path') throw notFound();
      if (match.kind === 'wrong-method') throw wrongMethod(match.allowed);
      const readBody = () => bodyOf(request.body, headers['content-type']);
      const body = await match.handler({ ...request, grant, param: match.param, readBody });
      // Whether Airtable returns 200 or 204 with an empty body is not confirmed.
      return body === undefined ? { status: 200 } : json(body);
    },
    respondToFault: (fault) => {
      if (fault.kind !== 'iterator-loss') return respondToFault(fault);
      iterators.expireAll();
      return undefined;
    },
    respondToError,
  });

  return {
    ...server,
    base,
    edit: new Edits(base, actions),
    webhooks,
    expireIterators: () => iterators.expireAll(),
    close: async () => {
      await webhooks.close();
      await server.close();
    },
  };
}

function respondToError(error: unknown): HttpResponse {
  if (error instanceof AirtableError) return errorResponse(error);
  if (error instanceof BodyTooLargeError) return errorResponse(requestTooLarge());
  const message = error instanceof Error ? error.stack : String(error);
  return json({ error: { type: 'EMULATOR_FAILED', message } }, 500);
}

/** Undefined without a body, or if its content type is not JSON. */
function bodyOf(body: string, contentType: string | undefined): unknown {
  if (body === '' || !contentType?.includes('application/json')) return undefined;
  const value = parsed(body);
  if (value === undefined) throw unreadableBody();
  return value;
}

/** Undefined for text that is not JSON. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
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

interface Limits {
  /** All tokens together. @default 5 */
  readonly requestsPerSecond?: number | 'unlimited';
  /** How long every request is rejected after the first 429. @default 30 */
  readonly penaltySeconds?: number;
}

const WINDOW_MS = 1000;

/**
 * The limit of a base (airtable.md#rate-limits-and-quotas), on the given clock: counts over the last second. Requests
 * during the penalty do not prolong it; Airtable may differ.
 * @returns counts a request. @throws AirtableError 429
 */
function rateLimit(limits: Limits, now: () => Date): () => void {
  const { requestsPerSecond = 5, penaltySeconds = PENALTY_SECONDS } = limits;
  if (requestsPerSecond === 'unlimited') return () => {};
  let recent: number[] = [];
  let penaltyEnd = 0;
  return () => {
    const time = now().getTime();
    recent = recent.filter((each) => each > time - WINDOW_MS);
    if (time < penaltyEnd) throw rateLimited();
    if (recent.length >= requestsPerSecond) {
      penaltyEnd = time + penaltySeconds * 1000;
      throw rateLimited();
    }
    recent.push(time);
  };
}
