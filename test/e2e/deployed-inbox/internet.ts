import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { CognitoIdentityProviderClient, RevokeTokenCommand } from '@aws-sdk/client-cognito-identity-provider';
import { listen } from '../../../emulators/core/http-server';
import { forward, forwardUpgrades, type Headers } from '../forward';
import { type MiniStack, REGION, ROOT } from '../ministack';
import type { Certificate } from './certificate';

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A request of a browser. */
interface SeenRequest {
  readonly method: string;
  readonly host: string;
  readonly target: string;
}

/**
 * The addresses of AWS as the world sees them, with TLS: CloudFront, API Gateway and Cognito's pages, all on one port of
 * this machine. MiniStack answers.
 */
export interface Internet {
  readonly port: number;
  /** Every request that came, upgrades included. */
  readonly seen: readonly SeenRequest[];
  /** Sends a request with exactly this target, which may be malformed. */
  ask(origin: string, target: string, asked?: Asked): Promise<Answered>;
  /** Asks for a WebSocket. @returns the status, and closes the socket */
  upgrade(address: string, headers?: Readonly<Record<string, string>>): Promise<number>;
  close(): Promise<void>;
}

const SITE = /^[a-z0-9]+\.cloudfront\.net$/;
const API = /^([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com$/;
const SIGN_IN = /^[a-z0-9-]+\.auth\.[a-z0-9-]+\.amazoncognito\.com$/;
const SIGN_IN_PATHS = /^\/(oauth2\/(authorize|token|revoke|userInfo)|login|logout)(\?|$)/;
const TLS = { 'x-forwarded-proto': 'https' };
const ANSWER_SECONDS = 30;

export async function startInternet(
  cloud: MiniStack,
  certificate: Certificate,
  signal: AbortSignal,
): Promise<Internet> {
  const seen: SeenRequest[] = [];
  const server = createServer({ ...certificate }, (incoming, outgoing) => {
    seen.push(seenRequest(incoming));
    answer(incoming, outgoing, cloud);
  });
  forwardUpgrades(server, cloud.ownPort, (incoming) => {
    seen.push(seenRequest(incoming));
    return hostFor(incoming) ?? {};
  });
  const listening = await listen(server, 0);
  const port = Number(new URL(listening.url).port);

  const send = (origin: string, path: string, { method = 'GET', headers = {}, body = '' }: Asked) => {
    const { host } = new URL(origin);
    return request({
      ...{ host: '127.0.0.1', port, method, path, rejectUnauthorized: false, agent: false },
      headers: { ...headers, host, ...(body !== '' && { 'content-length': Buffer.byteLength(body) }) },
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_SECONDS * 1_000)]),
    });
  };
  return {
    port,
    seen,
    ask: async (origin, target, asked = {}) => {
      const sent = send(origin, target, asked);
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        sent.on('response', resolve).on('error', reject).end(asked.body);
      });
      return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
    },
    upgrade: (address, headers = {}) => {
      const { origin, pathname, search } = new URL(address);
      const upgrading = {
        ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...headers,
      };
      const sent = send(origin, `${pathname}${search}`, { headers: upgrading });
      return new Promise((resolve, reject) => {
        sent.on('upgrade', (_response, socket) => {
          socket.destroy();
          resolve(101);
        });
        sent.on('response', (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        sent.on('error', reject).end();
      });
    },
    close: listening.close,
  };
}

function seenRequest({ method = '', url = '', headers: { host = '' } }: IncomingMessage): SeenRequest {
  return { method, host, target: url };
}

function answer(incoming: IncomingMessage, outgoing: ServerResponse, cloud: MiniStack): void {
  const headers = hostFor(incoming);
  if (headers === null) outgoing.writeHead(502).end('test:e2e knows no such host');
  else if (incoming.url?.startsWith('/oauth2/revoke') === true) void revoke(incoming, outgoing, cloud);
  else forward(incoming, outgoing, cloud.ownPort, headers);
}

/** The Host by which MiniStack finds what has this address; null for an address that is not AWS's. */
function hostFor({ headers: { host = '' }, url = '' }: IncomingMessage): Headers | null {
  const [, apiId] = API.exec(host) ?? [];
  if (apiId !== undefined) return { ...TLS, host: `${apiId}.execute-api.localhost` };
  if (SITE.test(host) || (SIGN_IN.test(host) && SIGN_IN_PATHS.test(url))) return TLS;
  return null;
}

/** MiniStack has no /oauth2/revoke, but the API's action that does the same. */
async function revoke(incoming: IncomingMessage, outgoing: ServerResponse, cloud: MiniStack): Promise<void> {
  const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
  if (incoming.method === 'OPTIONS') {
    outgoing.writeHead(200, cors).end();
    return;
  }
  const form = new URLSearchParams(await text(incoming));
  const client = new CognitoIdentityProviderClient({
    endpoint: cloud.url,
    region: REGION,
    credentials: ROOT,
  });
  try {
    const [Token, ClientId] = [form.get('token') ?? '', form.get('client_id') ?? ''];
    await client.send(new RevokeTokenCommand({ Token, ClientId }));
    outgoing.writeHead(200, cors).end();
  } catch {
    outgoing.writeHead(400, cors).end('{"error":"invalid_request"}');
  } finally {
    client.destroy();
  }
}
