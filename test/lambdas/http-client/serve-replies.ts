import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach } from '@jest/globals';

interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface ReplyServer {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Connections that are open. */
  openConnections(): Promise<number>;
  close(): Promise<void>;
}

/** A response: status, JSON or text, and headers; or a function that handles it. */
type GivenReply =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | ((response: ServerResponse) => void);

const running: Server[] = [];

afterEach(() => {
  for (const server of running.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Serves the responses in order, and repeats the last one. */
export async function serveReplies(...replies: readonly [...GivenReply[], GivenReply]): Promise<ReplyServer> {
  const requests: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const reply = replies[Math.min(requests.length, replies.length - 1)];
    requests.push({
      method: request.method ?? '',
      target: request.url ?? '',
      headers: request.headers,
      body,
    });
    if (reply === undefined) return;
    if (typeof reply === 'function') return reply(response);
    response.writeHead(reply.status, reply.headers);
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
  });
  running.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () => new Promise((resolve) => server.close(() => resolve())),
    openConnections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
  };
}
