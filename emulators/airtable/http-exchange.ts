import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bearerToken } from './access';
import { Refusal, unreadableBody, urlTooLong } from './airtable-errors';
import type { Fault, SeenRequest } from './airtable-faults';
import { type Answer, emptyAnswer, jsonResponse, refusalAnswer } from './answer';
import { type ApiRequest, type ApiSettings, answerRequest } from './api';
import { parseQuery } from './query-string';
import { findRoute, pathSegments } from './routes';

/** A request that waits for its response. */
export interface Arrived extends SeenRequest {
  status: number | null;
}

const REAL_ORIGIN = 'https://api.airtable.com';
const MAX_URL_LENGTH = 16_000;

export function readRequest(request: FastifyRequest): { readonly seen: Arrived; readonly asked: ApiRequest } {
  const { method, originalUrl, headers } = request;
  const [path = '', search = ''] = splitOnce(originalUrl, '?');
  const segments = pathSegments(path);
  const query = parseQuery(search);
  const body = readBody(request);
  return {
    seen: {
      method,
      path: segments ? `/${segments.join('/')}` : path,
      query,
      body: body instanceof Refusal ? request.body : body,
      token: bearerToken(headers.authorization),
      status: null,
    },
    asked: {
      route: segments && findRoute(method, segments),
      query,
      authorization: headers.authorization,
      readBody: () => {
        if (body instanceof Refusal) throw body;
        return body;
      },
    },
  };
}

function splitOnce(text: string, separator: string): readonly string[] {
  const place = text.indexOf(separator);
  return place < 0 ? [text] : [text.slice(0, place), text.slice(place + 1)];
}

/** Undefined without a body, or if its content type is not JSON. */
function readBody({ body, headers }: FastifyRequest): unknown {
  if (typeof body !== 'string' || body === '' || !headers['content-type']?.includes('application/json'))
    return;
  try {
    return JSON.parse(body);
  } catch {
    return unreadableBody();
  }
}

/** Handles the request. A bug in the emulator itself gives a 500 that says where it is. */
export async function answerTo(asked: ApiRequest, url: string, settings: ApiSettings): Promise<Answer> {
  try {
    if (REAL_ORIGIN.length + url.length > MAX_URL_LENGTH) throw urlTooLong();
    const body = await answerRequest(asked, settings);
    return body === undefined ? emptyAnswer() : jsonResponse(200, body);
  } catch (error) {
    if (error instanceof Refusal) return refusalAnswer(error);
    const message = error instanceof Error ? error.stack : String(error);
    return jsonResponse(500, { error: { type: 'FAULT_OF_THE_STAND_IN', message } });
  }
}

/**
 * Sends the response, or as much of it as the fault allows.
 * @param closing ends the wait of a slow response
 */
export async function deliver(
  answer: Answer,
  fault: Fault | undefined,
  seen: Arrived,
  reply: FastifyReply,
  closing: AbortSignal,
): Promise<void> {
  if (fault?.kind === 'answer-lost') return cutConnection(reply);
  if (fault?.kind === 'slow') await delay(fault.milliseconds, undefined, { signal: closing }).catch(() => {});
  seen.status = answer.status;
  if (fault?.kind === 'stalled-body') return sendHalf(answer, reply);
  reply.code(answer.status).headers(answer.headers).send(answer.body);
}

/** Makes the client see ECONNRESET. */
export function cutConnection(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.socket?.resetAndDestroy();
}

function sendHalf({ status, headers, body }: Answer, reply: FastifyReply): void {
  reply.hijack();
  const bytes = Buffer.from(body);
  reply.raw.writeHead(status, { ...headers, 'content-length': bytes.length });
  reply.raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)));
}
