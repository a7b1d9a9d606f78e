import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type ConnectionFault, FaultPlan } from './faults';
import { type HttpResponse, html, plainText } from './http-response';
import { type Interruption, type Listening, startHttpServer } from './http-server';

/** A request as received. */
export interface EmulatorRequest {
  readonly method: string;
  /** Percent-encoded, without the query. */
  readonly path: string;
  /** The query, without its question mark. */
  readonly search: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly bytes: Buffer;
  /** Scheme and host as the client addressed them. */
  readonly origin: string;
}

/** A recorded request. */
type Recorded<Seen> = Seen & {
  /** Null until the response is sent, and if none is ever sent. */
  readonly status: number | null;
};

/** One service: how it records requests, responds, and fails. */
export interface Service<Seen extends object, Fault extends { readonly kind: string }> {
  readonly port?: number | undefined;
  /** One sentence for a person who opens the emulator's address in a browser. */
  readonly about?: string;
  /** In bytes. @default 1 MiB */
  readonly maxBodyBytes?: number;
  /** The requests that meet a fault without a filter of its own. @default all */
  readonly faultsMatch?: (request: Seen) => boolean;
  /** What `requests` shows of a request, and filters of faults see. */
  readonly describe: (request: EmulatorRequest) => Seen;
  readonly respond: (request: EmulatorRequest, seen: Seen) => Promise<HttpResponse>;
  /** The response instead of the true one. Undefined for a fault that acts by itself and keeps the true response. */
  readonly respondToFault: (fault: Fault) => HttpResponse | undefined;
  /** The response after an error that `respond` throws, or after a BodyTooLargeError. */
  readonly respondToError: (error: unknown) => HttpResponse;
  /** Headers of every response that does not set them itself. */
  readonly headers?: () => HttpResponse['headers'];
}

export interface EmulatorServer<Seen, Fault> extends Listening {
  /** Every received request, oldest first. */
  readonly requests: readonly Recorded<Seen>[];
  readonly faults: FaultPlan<Fault | ConnectionFault, Seen>;
  /** Forgets requests and faults. */
  reset(): void;
}

const MEBIBYTE = 1024 * 1024;

/**
 * Starts a service on 127.0.0.1. For each request: record it, meet a planned fault, otherwise respond. The status is
 * recorded before the response is sent, so that a client that has the response finds it.
 */
export async function startEmulator<Seen extends object, Fault extends { readonly kind: string }>(
  service: Service<Seen, Fault>,
): Promise<EmulatorServer<Seen, Fault>> {
  const requests: Pending<Seen>[] = [];
  const faults = new FaultPlan<Fault | ConnectionFault, Seen>(service.faultsMatch);
  const closing = new AbortController();

  async function respond(message: IncomingMessage, body: Buffer): Promise<HttpResponse | Interruption> {
    const request = toRequest(message, body);
    if (service.about !== undefined && request.method === 'GET' && request.path === '/') {
      return plainText(service.about);
    }
    const seen: Pending<Seen> = { ...service.describe(request), status: null };
    requests.push(seen);
    const trueResponse = () => service.respond(request, seen).catch(service.respondToError);
    const fault = faults.take(seen);
    if (fault === undefined) return sent(await trueResponse());
    if (!isConnectionFault(fault)) return sent(service.respondToFault(fault) ?? (await trueResponse()));
    switch (fault.kind) {
      case 'stalled':
      case 'connection-reset':
        return fault.kind;
      case 'bad-gateway':
        return sent(html(502, '502 Bad Gateway'));
      case 'response-lost':
        await trueResponse();
        return 'connection-reset';
      case 'stalled-body':
        return { half: sent(await trueResponse()) };
      case 'held':
        await fault.until;
        return sent(await trueResponse());
      case 'slow': {
        const response = await trueResponse();
        await delay(fault.milliseconds, undefined, { signal: closing.signal, ref: false }).catch(
          () => undefined,
        );
        return sent(response);
      }
    }

    function sent(response: HttpResponse): HttpResponse {
      seen.status = response.status;
      return { ...response, headers: { ...service.headers?.(), ...response.headers } };
    }
  }

  const { port, maxBodyBytes = MEBIBYTE, respondToError } = service;
  const { url, close } = await startHttpServer({ port, maxBodyBytes, respond, respondToError });
  return {
    url,
    requests,
    faults,
    reset: () => {
      requests.length = 0;
      faults.clear();
    },
    close: () => {
      closing.abort();
      return close();
    },
  };
}

type Pending<Seen> = Seen & { status: number | null };

function toRequest({ method = '', url = '', headers }: IncomingMessage, body: Buffer): EmulatorRequest {
  const [, path = '', search = ''] = /^([^?]*)\??(.*)$/s.exec(url) ?? [];
  return {
    method,
    path,
    search,
    headers,
    body: body.toString(),
    bytes: body,
    origin: `http://${headers.host ?? ''}`,
  };
}

const CONNECTION_FAULTS: Readonly<Record<ConnectionFault['kind'], true>> = {
  'bad-gateway': true,
  stalled: true,
  'connection-reset': true,
  'response-lost': true,
  'stalled-body': true,
  slow: true,
  held: true,
};

function isConnectionFault(fault: { readonly kind: string }): fault is ConnectionFault {
  return Object.hasOwn(CONNECTION_FAULTS, fault.kind);
}

/** Whether a request has AWS's signature, which the emulators require but do not verify. */
export function hasAwsSignature({ authorization }: IncomingHttpHeaders): boolean {
  return authorization?.startsWith('AWS4-HMAC-SHA256 ') === true;
}
