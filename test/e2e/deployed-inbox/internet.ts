import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request } from 'node:https';
import type { Duplex } from 'node:stream';
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
  /** Opens a WebSocket and reads what comes. @returns resolves when the other side closes it */
  hold(address: string): Promise<{ readonly closed: Promise<void> }>;
  close(): Promise<void>;
}

const SITE = /^[a-z0-9]+\.cloudfront\.net$/;
const API = /^([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com$/;
const SIGN_IN = /^[a-z0-9-]+\.auth\.[a-z0-9-]+\.amazoncognito\.com$/;
const SIGN_IN_PATHS = /^\/(oauth2\/(authorize|token|revoke|userInfo)|login|logout)(\?|$)/;
const TLS = { 'x-forwarded-proto': 'https' };
const ANSWER_SECONDS = 30;
const UPGRADE = {
  ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};
/** The first byte of a frame that closes a socket (RFC 6455, 5.5.1). */
const CLOSE_FRAME = 0x88;

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
  const openSocket = (address: string, headers: Readonly<Record<string, string>>) => {
    const { origin, pathname, search } = new URL(address);
    const sent = send(origin, `${pathname}${search}`, { headers: { ...UPGRADE, ...headers } });
    return new Promise<{ readonly status: number; readonly socket: Duplex | null }>((resolve, reject) => {
      sent.on('upgrade', (_response, socket) => resolve({ status: 101, socket }));
      sent.on('response', (response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0, socket: null });
      });
      sent.on('error', reject).end();
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
    upgrade: async (address, headers = {}) => {
      const { status, socket } = await openSocket(address, headers);
      socket?.destroy();
      return status;
    },
    hold: async (address) => {
      const { status, socket } = await openSocket(address, {});
      if (socket === null) throw new Error(`The socket was refused with ${status}`);
      return { closed: untilClosed(socket) };
    },
    close: listening.close,
  };
}

/** A closing frame comes as a packet of its own, because the frames before it have arrived. */
function untilClosed(socket: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      socket.destroy();
      resolve();
    };
    socket.on('data', (packet: Buffer) => {
      if (packet[0] === CLOSE_FRAME) end();
    });
    socket.on('close', end).on('error', end);
  });
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
