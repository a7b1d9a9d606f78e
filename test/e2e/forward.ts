import { type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** The headers of a forwarded request. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Belong to one connection, not to what is forwarded. */
const OF_THE_CONNECTION = ['connection', 'keep-alive', 'proxy-connection'];

/**
 * Passes a request on to a port of this machine, and the response back.
 * @param changed headers that replace the client's
 */
export function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  port: number,
  changed: Headers,
): void {
  const { method, url, headers } = incoming;
  const forwarded = request({
    host: '127.0.0.1',
    port,
    method,
    path: url,
    // Of its own: a connection that is kept could be closed by the other side at that moment.
    agent: false,
    headers: withoutConnection({ ...headers, ...changed }),
  });
  forwarded.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, withoutConnection(answer.headers));
    answer.pipe(outgoing);
  });
  forwarded.on('error', (error) => {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502).end(String(error));
  });
  outgoing.on('close', () => forwarded.destroy());
  incoming.pipe(forwarded);
}

/** Passes the upgrades of a server on to a port of this machine, as `forward` does with requests. */
export function forwardUpgrades(
  server: Server,
  port: number,
  changedFor: (incoming: IncomingMessage) => Headers,
): void {
  const open = new Set<Duplex>();
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const target = connect(port, '127.0.0.1');
    for (const end of [socket, target]) {
      open.add(end);
      end
        .on('error', () => {})
        .on('close', () => {
          open.delete(end);
          socket.destroy();
          target.destroy();
        });
    }
    const lines = Object.entries({ ...incoming.headers, ...changedFor(incoming) }).flatMap(([name, value]) =>
      [value ?? []].flat().map((each) => `${name}: ${each}\r\n`),
    );
    target.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join('')}\r\n`);
    target.write(head);
    socket.pipe(target).pipe(socket);
  });
  server.on('close', () => {
    for (const end of open) end.destroy();
  });
}

function withoutConnection(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.includes(name)));
}
