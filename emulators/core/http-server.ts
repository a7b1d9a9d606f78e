import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { HttpResponse } from './http-response';
import { type Listening, listen } from './listen';
import { readBody } from './request-body';

/** How a response fails to arrive: the connection is reset, or nothing or only half of it is ever sent. */
export type Interruption = 'connection-reset' | 'stalled' | { readonly half: HttpResponse };

export interface HttpServerOptions {
  /** @default 0, a free port */
  readonly port?: number | undefined;
  /** In bytes. */
  readonly largestBody: number;
  readonly respond: (request: IncomingMessage, body: Buffer) => Promise<HttpResponse | Interruption>;
  /** The response after an error: BodyTooLargeError, or what `respond` throws. */
  readonly respondToError: (error: unknown) => HttpResponse;
}

/** Long URLs: Airtable accepts 16,000 characters, which is Node's default for all headers together. */
const MAX_HEADER_SIZE = 65_536;

/** Starts an HTTP server on 127.0.0.1. */
export function startHttpServer(options: HttpServerOptions): Promise<Listening> {
  const { port = 0, largestBody, respond, respondToError } = options;
  const server = createServer({ maxHeaderSize: MAX_HEADER_SIZE }, (request, response) => {
    void readBody(request, largestBody)
      .then((body) => respond(request, body))
      .catch(respondToError)
      .then((outcome) => deliver(response, outcome));
  });
  return listen(server, port);
}

function deliver(response: ServerResponse, outcome: HttpResponse | Interruption): void {
  if (outcome === 'stalled') return;
  if (outcome === 'connection-reset') response.socket?.resetAndDestroy();
  else if ('half' in outcome) {
    const body = writeHead(response, outcome.half);
    response.write(body.subarray(0, Math.floor(body.length / 2)));
  } else response.end(writeHead(response, outcome));
}

function writeHead(response: ServerResponse, { status, headers = {}, body = '' }: HttpResponse): Buffer {
  const bytes = Buffer.from(body);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (status !== 204) response.setHeader('content-length', bytes.length);
  response.writeHead(status);
  return bytes;
}
