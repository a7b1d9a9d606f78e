import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import * as v from 'valibot';
import { hasAwsSignature } from '../core/emulator-server';
import { type Listening, listen, readBody } from '../core/http-server';
import { splitTarget } from '../gateway/gateway';
import { type InvokableFunction, invokeFunction } from '../lambda/invocation';
import { encodeFrame, type Frame, FrameReader, OPCODES } from './frames';

export interface WebSocketApi extends Listening {
  /** The address for browsers. */
  readonly liveUrl: string;
  /** The number of open connections. */
  readonly connections: number;
  /** Ends every connection without a word, as a lost network does. */
  dropConnections(): void;
}

export interface WebSocketApiOptions {
  /** Serves the routes $connect, $disconnect and $default. */
  readonly handler: InvokableFunction<unknown>;
  /** @default 0, a free port */
  readonly port?: number;
  /** Called with the lines that Lambda itself writes to the function's log. */
  readonly log?: (line: string) => void;
}

/** RFC 6455, 4.2.2. */
const ACCEPT_KEY = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const LOCAL_HOST = /^(localhost|127\.0\.0\.1)(:\d+)?$/;
const CONNECTION_PATH = /^\/(?:\$default\/)?@connections\/([^/?]+)$/;
const MAX_MESSAGE_BYTES = 128 * 1_024;
/** RFC 6455, 7.4.1: 1000, a normal closure. */
const CLOSED_BY_SERVICE = Buffer.from([1_000 >> 8, 1_000 & 0xff]);

const Returned = v.object({ statusCode: v.number() });

/**
 * Starts an API Gateway WebSocket API on this machine: a connection, its messages and its end call the function. Of the
 * management API, `POST /@connections/{id}` sends to a connection and `DELETE` closes it. A signature is required, but
 * not verified. Browsers reach it at localhost and 127.0.0.1 only.
 */
export async function startWebSocketApi({
  handler,
  port = 0,
  log = (line) => console.error(line),
}: WebSocketApiOptions): Promise<WebSocketApi> {
  const connections = new Map<string, Duplex>();
  const calls = new Set<Promise<number>>();

  function call(routeKey: string, connectionId: string, more: object = {}): Promise<number> {
    const called = invoke(routeKey, connectionId, more).finally(() => calls.delete(called));
    calls.add(called);
    return called;
  }

  async function invoke(routeKey: string, connectionId: string, more: object): Promise<number> {
    const event = { requestContext: { routeKey, connectionId, eventType: EVENT_TYPES[routeKey] }, ...more };
    const result = await invokeFunction(handler, event, log);
    const returned = result.kind === 'returned' ? v.safeParse(Returned, result.value) : null;
    return returned?.success ? returned.output.statusCode : 500;
  }

  async function connect(request: IncomingMessage, socket: Duplex): Promise<void> {
    socket.on('error', () => socket.destroy());
    // Otherwise it stays half open after the client has gone.
    socket.on('end', () => socket.destroy());
    const key = request.headers['sec-websocket-key'];
    if (!LOCAL_HOST.test(request.headers.host ?? '') || typeof key !== 'string') {
      return reject(socket, 403);
    }
    const id = randomUUID();
    const parameters = new URLSearchParams(splitTarget(request).query);
    const status = await call('$connect', id, { queryStringParameters: Object.fromEntries(parameters) });
    if (status >= 300 || socket.destroyed) return reject(socket, status);
    connections.set(id, socket);
    socket.once('close', () => {
      connections.delete(id);
      void call('$disconnect', id);
    });
    const accept = createHash('sha1')
      .update(key + ACCEPT_KEY)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    receive(socket, (body) => void call('$default', id, { body }));
  }

  async function manage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, MAX_MESSAGE_BYTES);
    const id = CONNECTION_PATH.exec(request.url ?? '')?.[1];
    const socket = connections.get(decodeURIComponent(id ?? ''));
    if (!hasAwsSignature(request.headers))
      return respond(response, 403, 'MissingAuthenticationTokenException');
    const isKnown = request.method === 'POST' || request.method === 'DELETE';
    if (id === undefined || !isKnown) return respond(response, 404, 'NotFoundException');
    if (socket === undefined) return respond(response, 410, 'GoneException');
    if (request.method === 'DELETE') {
      socket.end(encodeFrame(OPCODES.close, CLOSED_BY_SERVICE));
      return respond(response, 204);
    }
    socket.write(encodeFrame(OPCODES.text, body));
    return respond(response, 200);
  }

  const server = createServer((request, response) => {
    void manage(request, response).catch(() => respond(response, 413, 'PayloadTooLargeException'));
  });
  server.on('upgrade', (request, socket) => {
    void connect(request, socket).catch(() => socket.destroy());
  });
  const { url, close } = await listen(server, port);
  const dropConnections = () => {
    for (const socket of connections.values()) socket.destroy();
  };
  return {
    url,
    liveUrl: url.replace(/^http:\/\/127\.0\.0\.1/, 'ws://localhost'),
    get connections() {
      return connections.size;
    },
    dropConnections,
    close: async () => {
      const ended = [...connections.values()].map((socket) => once(socket, 'close'));
      dropConnections();
      await Promise.all(ended);
      await close();
      while (calls.size > 0) await Promise.all(calls);
    },
  };
}

const EVENT_TYPES: Readonly<Record<string, string>> = {
  $connect: 'CONNECT',
  $disconnect: 'DISCONNECT',
  $default: 'MESSAGE',
};

/** Reads a connection's messages, answers its pings, and ends it when it asks for that. */
function receive(socket: Duplex, onMessage: (text: string) => void): void {
  const reader = new FrameReader();
  let parts: Buffer[] = [];
  const handle = ({ opcode, isFinal, payload }: Frame) => {
    switch (opcode) {
      case OPCODES.ping:
        return void socket.write(encodeFrame(OPCODES.pong, payload));
      case OPCODES.close:
        return void socket.end(encodeFrame(OPCODES.close, payload));
      case OPCODES.text:
      case OPCODES.continuation:
        parts.push(payload);
        if (!isFinal) return;
        onMessage(Buffer.concat(parts).toString());
        parts = [];
    }
  };
  socket.on('data', (bytes: Buffer) => {
    try {
      for (const frame of reader.push(bytes)) handle(frame);
    } catch {
      socket.destroy();
    }
  });
}

function reject(socket: Duplex, status: number): void {
  if (socket.destroyed) return;
  const statusLine = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`;
  socket.end(`${statusLine}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function respond(response: ServerResponse, status: number, error?: string): void {
  const body = error === undefined ? '' : JSON.stringify({ message: error });
  response
    .writeHead(status, { 'content-type': 'application/json', ...(error && { 'x-amzn-errortype': error }) })
    .end(body);
}
