import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ConfigurationStore } from './account-configuration';
import { type Form, formIn } from './form';
import type { SidSource } from './sids';
import { notFound, TwilioError, twilioError } from './twilio-errors';
import type { Fault, FaultPlan } from './twilio-faults';

/** A received request and its outcome. */
export interface SeenRequest {
  readonly method: string;
  /** As sent, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: Form;
  readonly form: Form;
  /** Whether it has the header `X-Twilio-Webhook-Enabled: true`. */
  readonly requestsWebhooks: boolean;
  /** Null until the response is sent, and if none is ever sent. */
  readonly status: number | null;
}

/** A standard API key, which may do everything but read the account. */
export interface ApiKey {
  /** `SK` and 32 hexadecimal digits. */
  readonly sid: string;
  readonly secret: string;
}

export interface GuardedAccount {
  readonly accountSid: string;
  /** The account's current tokens: two during a rotation (twilio.md#token-rotation). */
  readonly authTokens: readonly string[];
  readonly apiKeys: readonly ApiKey[];
  readonly conversationServiceSid: string;
  readonly configuration: ConfigurationStore;
  readonly requests: SeenRequest[];
  readonly faults: FaultPlan;
  readonly sids: SidSource;
}

/**
 * Middleware for every REST request: records it, applies a fault, and requires
 * the account's credentials.
 */
export function guardRequests(app: FastifyInstance, account: GuardedAccount): void {
  const seen = new WeakMap<FastifyRequest, { status: number | null }>();
  const responsesToLose = new WeakSet<FastifyRequest>();
  const tokens = account.authTokens.map((token) => basic(account.accountSid, token));
  const keys = account.apiKeys.map(({ sid, secret }) => basic(sid, secret));

  app.addHook('preHandler', async (request, reply) => {
    const { method } = request;
    const arrived = {
      method,
      path: pathOf(request),
      query: formIn(request.query),
      form: Buffer.isBuffer(request.body) ? {} : formIn(request.body),
      requestsWebhooks: request.headers['x-twilio-webhook-enabled'] === 'true',
      status: null,
    };
    seen.set(request, arrived);
    account.requests.push(arrived);

    const fault = account.faults.take(arrived);
    if (fault?.kind === 'answer-lost') responsesToLose.add(request);
    else if (fault !== undefined) await applyFault(fault, request, reply);
    if (reply.sent) return reply;

    const accepted = KEEPS_API_KEYS_OUT.test(arrived.path) ? tokens : [...tokens, ...keys];
    if (!accepted.includes(request.headers.authorization ?? '')) throw twilioError('authenticate');
    checkService(arrived.path, account);
  });

  app.addHook('onSend', async (request, reply) => {
    if (responsesToLose.has(request)) {
      request.raw.socket.destroy();
      return;
    }
    // Recorded before the response is sent, so that a caller with a response finds the record.
    const recorded = seen.get(request);
    if (recorded !== undefined) recorded.status = reply.statusCode;
    reply.header('Twilio-Request-Id', account.sids.next('RQ')).header('Twilio-Concurrent-Requests', '1');
  });

  app.setErrorHandler((error, _request, reply) => {
    const problem = error instanceof TwilioError ? error : unexpected(error);
    return reply.code(problem.status).send(problem.body);
  });
}

const KEEPS_API_KEYS_OUT = /^\/2010-04-01\/Accounts\/[^/]+\.json$/;

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Every existing service can be configured; only Frontline's has conversations here. */
function checkService(path: string, { configuration, conversationServiceSid }: GuardedAccount): void {
  const [, service, part] = /^\/v1\/Services\/([^/]+)(?:\/([^/]+))?/.exec(path) ?? [];
  if (service === undefined || service === conversationServiceSid) return;
  if (configuration.service(service) === undefined) throw notFound(path);
  if (part === undefined || part === 'Configuration') return;
  throw twilioError('notEmulated', 'The Twilio emulator keeps conversations in one service only');
}

/** The path as the caller sent it, without the query. */
export function pathOf(request: FastifyRequest): string {
  return request.url.replace(/\?.*$/s, '');
}

async function applyFault(
  fault: Exclude<Fault, { kind: 'answer-lost' }>,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  switch (fault.kind) {
    case 'rate-limited':
      if (fault.retryAfterSeconds !== undefined) reply.header('Retry-After', fault.retryAfterSeconds);
      throw twilioError('tooManyRequests');
    case 'server-error':
      throw twilioError('serverError');
    case 'unavailable':
      throw twilioError('unavailable');
    case 'refused':
      throw new TwilioError(fault.status, fault.code, fault.message);
    case 'bad-gateway':
      return reply.code(502).type('text/html').send('<html><body><h1>502 Bad Gateway</h1></body></html>');
    case 'answered':
      return reply.code(fault.status).type('text/html').send(fault.body);
    case 'connection-reset':
      reply.hijack();
      request.raw.socket.destroy();
      return;
    case 'stalled':
      reply.hijack();
      return;
    case 'slow':
      return pause(fault.milliseconds, undefined, { ref: false });
  }
}

function unexpected(error: unknown): TwilioError {
  const message = error instanceof Error ? error.message : String(error);
  const isClientError = error instanceof Error && 'statusCode' in error && error.statusCode !== 500;
  return isClientError
    ? twilioError('invalidParameter', message)
    : twilioError('serverError', `The emulator failed: ${message}`);
}
