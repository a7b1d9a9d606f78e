import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { type HttpResponse, json } from '../../../../emulators/core/http-response';
import { type Interruption, type Listening, startHttpServer } from '../../../../emulators/core/http-server';

export interface ApiFront extends Listening {
  /** Every request with a token: its method and path, the token and the status. */
  readonly seen: readonly SeenApiRequest[];
}

interface SeenApiRequest {
  readonly target: string;
  readonly token: string;
  readonly status: number;
}

interface FrontOptions {
  /** The demo's address, whose API answers. */
  readonly demoUrl: string;
  /** The origin of the site, which alone may ask. */
  readonly siteOrigin: string;
  /** The worker of an access token, by identity; null for a token that is not valid. */
  readonly identityOf: (accessToken: string) => string | null;
}

const MAX_BODY_BYTES = 1024 * 1024;
const BEARER = /^Bearer (\S+)$/;

/** The deployed HTTP API before the demo's functions: its CORS answers, and its authorizer of access tokens. */
export async function startApiFront({ demoUrl, siteOrigin, identityOf }: FrontOptions): Promise<ApiFront> {
  const seen: SeenApiRequest[] = [];
  const localTokens = new Map<string, string>();

  async function localToken(identity: string): Promise<string> {
    const known = localTokens.get(identity);
    if (known !== undefined) return known;
    const response = await fetch(`${demoUrl}/local/sign-in`, {
      method: 'POST',
      body: JSON.stringify({ identity }),
    });
    const { token } = v.parse(v.object({ token: v.string() }), await response.json());
    localTokens.set(identity, token);
    return token;
  }

  async function answer(request: IncomingMessage, body: Buffer): Promise<HttpResponse> {
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const identity = identityOf(token);
    const { method = 'GET', url: target = '/' } = request;
    if (identity === null) return json({ message: 'Unauthorized' }, 401);
    const response = await fetch(demoUrl + target, {
      method,
      headers: {
        authorization: `Bearer ${await localToken(identity)}`,
        'content-type': request.headers['content-type'] ?? 'application/json',
      },
      ...(method === 'GET' ? {} : { body }),
    });
    return {
      status: response.status,
      headers: { 'content-type': response.headers.get('content-type') ?? '' },
      body: Buffer.from(await response.arrayBuffer()),
    };
  }

  async function respond(request: IncomingMessage, body: Buffer): Promise<HttpResponse | Interruption> {
    const cors =
      request.headers.origin === siteOrigin
        ? {
            'access-control-allow-origin': siteOrigin,
            'access-control-allow-methods': 'GET,POST,PUT',
            'access-control-allow-headers': 'authorization,content-type',
            'access-control-max-age': '7200',
          }
        : {};
    if (request.method === 'OPTIONS') return { status: 204, headers: cors };
    const response = await answer(request, body);
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1] ?? '';
    seen.push({ target: `${request.method} ${request.url}`, token, status: response.status });
    return { ...response, headers: { ...response.headers, ...cors } };
  }

  const server = await startHttpServer({
    maxBodyBytes: MAX_BODY_BYTES,
    respond,
    respondToError: (error) => json({ message: String(error) }, 500),
  });
  return { ...server, seen };
}
