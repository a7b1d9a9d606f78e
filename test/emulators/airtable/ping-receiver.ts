import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach } from '@jest/globals';

interface ReceivedPing {
  readonly body: string;
  readonly mac: string;
  readonly contentType: string;
}

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A server that receives pings and returns the status that `respond` gives; 'nothing' leaves the ping without one. */
export async function receivePings(respond: (count: number) => number | 'nothing' = () => 204) {
  const pings: ReceivedPing[] = [];
  const server = createServer(async (request, response) => {
    const { headers } = request;
    pings.push({
      body: await text(request),
      mac: String(headers['x-airtable-content-mac']),
      contentType: String(headers['content-type']),
    });
    const status = respond(pings.length);
    if (status !== 'nothing') response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The receiver has no port');
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${address.port}/ping`, pings };
}
