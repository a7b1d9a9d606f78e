import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { HttpResponse } from './http-response';

/** How a response fails to arrive: the connection is reset, or nothing or only half of it is ever sent. */
export type Interruption = 'connection-reset' | 'stalled' | { readonly half: HttpResponse };

export interface HttpServerOptions {
  /** @default 0, a free port */
  readonly port?: number | undefined;
  /** In bytes. */
  readonly maxBodyBytes: number;
  readonly respond: (request: IncomingMessage, body: Buffer) => Promise<HttpResponse | Interruption>;
  /** The response after an error: BodyTooLargeError, or what `respond` throws. */
  readonly respondToError: (error: unknown) => HttpResponse;
}

/** Long URLs: Airtable accepts 16,000 characters, which is Node's default for all headers together. */
const MAX_HEADER_SIZE = 65_536;

/** Starts an HTTP server on 127.0.0.1. */
export function startHttpServer(options: HttpServerOptions): Promise<Listening> {
  const { port = 0, maxBodyBytes, respond, respondToError } = options;
  const server = createServer({ maxHeaderSize: MAX_HEADER_SIZE }, (request, response) => {
    void readBody(request, maxBodyBytes)
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

/** A server that listens on this machine only. */
export interface Listening {
  readonly url: string;
  /** Stops it at once and closes open connections. */
  close(): Promise<void>;
}

/** Longer than a client keeps an idle connection, so that a request never meets one that is just being closed. */
const KEEP_ALIVE_MS = 65_000;

/**
 * Makes the server listen on 127.0.0.1.
 * @param port 0 picks a free port
 * @throws the system's error, with `code` EADDRINUSE when the port is in use
 */
export async function listen(server: Server, port: number): Promise<Listening> {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

/**
 * The whole body of a request. The excess of a large body is read and discarded, because a client that is still sending
 * would otherwise see a reset instead of the response.
 * @throws {BodyTooLargeError} when it has more bytes than the limit.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= limit) chunks.push(bytes);
  }
  if (size > limit) throw new BodyTooLargeError(`The body has ${size} bytes, ${limit} are allowed`);
  return Buffer.concat(chunks);
}
