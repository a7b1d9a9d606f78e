import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bearerToken } from './access';
import { AirtableError, unreadableBody, urlTooLong } from './airtable-errors';
import type { Fault, SeenRequest } from './airtable-faults';
import { type ApiRequest, type ApiSettings, handleRequest } from './api';
import { emptyResponse, errorResponse, type HttpResponse, jsonResponse } from './http-response';
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
      body: body instanceof AirtableError ? request.body : body,
      token: bearerToken(headers.authorization),
      status: null,
    },
    asked: {
      route: segments && findRoute(method, segments),
      query,
      authorization: headers.authorization,
      readBody: () => {
        if (body instanceof AirtableError) throw body;
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
export async function respond(asked: ApiRequest, url: string, settings: ApiSettings): Promise<HttpResponse> {
  try {
    if (REAL_ORIGIN.length + url.length > MAX_URL_LENGTH) throw urlTooLong();
    const body = await handleRequest(asked, settings);
    return body === undefined ? emptyResponse() : jsonResponse(200, body);
  } catch (error) {
    if (error instanceof AirtableError) return errorResponse(error);
    const message = error instanceof Error ? error.stack : String(error);
    return jsonResponse(500, { error: { type: 'EMULATOR_FAILED', message } });
  }
}

/**
 * Sends the response, or as much of it as the fault allows.
 * @param closing ends the wait of a slow response
 */
export async function deliver(
  response: HttpResponse,
  fault: Fault | undefined,
  seen: Arrived,
  reply: FastifyReply,
  closing: AbortSignal,
): Promise<void> {
  if (fault?.kind === 'answer-lost') return cutConnection(reply);
  if (fault?.kind === 'slow') await delay(fault.milliseconds, undefined, { signal: closing }).catch(() => {});
  seen.status = response.status;
  if (fault?.kind === 'stalled-body') return sendHalf(response, reply);
  reply.code(response.status).headers(response.headers).send(response.body);
}

/** Makes the client see ECONNRESET. */
export function cutConnection(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.socket?.resetAndDestroy();
}

function sendHalf({ status, headers, body }: HttpResponse, reply: FastifyReply): void {
  reply.hijack();
  const bytes = Buffer.from(body);
  reply.raw.writeHead(status, { ...headers, 'content-length': bytes.length });
  reply.raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)));
}
