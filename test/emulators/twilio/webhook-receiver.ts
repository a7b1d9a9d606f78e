import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import { AUTH_TOKEN, closedAfterTest } from './account';

export interface ReceivedWebhook {
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** The result of Twilio's own helper that validates the signature. */
  readonly signed: boolean;
}

export interface WebhookResponse {
  readonly status: number;
  readonly body?: string;
}

/** A service as Twilio sees it; `respond` gives the response, and undefined leaves Twilio waiting. */
export async function aReceiver(
  respond: (
    webhook: ReceivedWebhook,
  ) => WebhookResponse | undefined | Promise<WebhookResponse | undefined> = () => ({
    status: 200,
  }),
) {
  const received: ReceivedWebhook[] = [];
  const server = createServer(async (request, reply) => {
    const { url: path = '', headers } = request;
    const params = Object.fromEntries(new URLSearchParams(await text(request)));
    const signature = String(headers['x-twilio-signature']);
    const signed = validateRequest(AUTH_TOKEN, signature, `${url}${path}`, params);
    const webhook = { path, params, headers, signed };
    received.push(webhook);
    const response = await respond(webhook);
    if (response !== undefined) reply.writeHead(response.status).end(response.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The receiver has no port');
  const url = `http://127.0.0.1:${address.port}`;
  closedAfterTest({
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  return { url, received };
}

/** The names of the events in the order received; the routing callback has none. */
export function eventsIn(received: readonly ReceivedWebhook[]): string[] {
  return received.map(({ params, path }) => params['EventType'] ?? path);
}
