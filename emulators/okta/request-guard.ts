import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IdSource } from './ids';
import { OktaError, oktaError } from './okta-errors';
import type { Fault, Faults } from './okta-faults';

/** A received request and its outcome. */
export interface SeenRequest {
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly query: string;
  /** The parsed JSON; null without a body. */
  readonly body: unknown;
  /** Null until the response is sent, and if none is ever sent. */
  readonly status: number | null;
}

interface Edge {
  readonly token: string;
  readonly requests: SeenRequest[];
  readonly faults: Faults;
  readonly ids: IdSource;
}

const REQUESTS_A_MINUTE = 600;

/** Middleware for every request: records it, applies a fault, and requires the API token. */
export function guardEdge(app: FastifyInstance, { token, requests, faults, ids }: Edge): void {
  const seen = new WeakMap<FastifyRequest, { status: number | null }>();
  const responsesToLose = new WeakSet<FastifyRequest>();

  app.addHook('preHandler', async (request, reply) => {
    const [path = '', query = ''] = request.url.split('?');
    const arrived = { method: request.method, path, query, body: request.body ?? null, status: null };
    seen.set(request, arrived);
    requests.push(arrived);

    const fault = faults.take(arrived);
    if (fault?.kind === 'answer-lost') responsesToLose.add(request);
    else if (fault !== undefined) await meet(fault, request, reply);
    if (reply.sent) return reply;
    if (request.headers.authorization !== `SSWS ${token}`) throw oktaError('token');
  });

  app.addHook('onSend', async (request, reply) => {
    if (responsesToLose.has(request)) {
      request.raw.socket.destroy();
      return;
    }
    const noted = seen.get(request);
    if (noted !== undefined) noted.status = reply.statusCode;
    reply.header('X-Rate-Limit-Limit', REQUESTS_A_MINUTE);
    if (reply.hasHeader('X-Rate-Limit-Reset')) return;
    reply.header('X-Rate-Limit-Remaining', REQUESTS_A_MINUTE - 1).header('X-Rate-Limit-Reset', epoch(60));
  });

  app.setErrorHandler((error, _request, reply) => {
    const refused = error instanceof OktaError ? error : unexpected(error);
    return reply.code(refused.status).send(refused.body(ids.next('oae')));
  });
}

async function meet(
  fault: Exclude<Fault, { kind: 'answer-lost' }>,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  switch (fault.kind) {
    case 'rate-limited':
      reply
        .header('X-Rate-Limit-Remaining', 0)
        .header('X-Rate-Limit-Reset', epoch(fault.secondsToReset))
        .header('Date', new Date().toUTCString());
      throw oktaError('tooManyRequests');
    case 'server-error':
      throw oktaError('serverError');
    case 'unavailable':
      throw oktaError('unavailable');
    case 'refused':
      throw new OktaError(fault.status, fault.code, fault.summary);
    case 'bad-gateway':
      return reply.code(502).type('text/html').send('<html><body><h1>502 Bad Gateway</h1></body></html>');
    case 'redirected':
      return reply.redirect(fault.to, 302);
    case 'connection-reset':
      reply.hijack();
      request.raw.socket.destroy();
      return;
    case 'stalled':
      reply.hijack();
      return;
  }
}

/** Unix time in seconds, this many seconds from now. */
function epoch(seconds: number): number {
  return Math.floor(Date.now() / 1_000) + seconds;
}

function unexpected(error: unknown): OktaError {
  const message = error instanceof Error ? error.message : String(error);
  const ofTheCaller = error instanceof Error && 'statusCode' in error && error.statusCode !== 500;
  return ofTheCaller ? oktaError('notReadable') : oktaError('serverError', `The emulator failed: ${message}`);
}
