import type { IncomingMessage } from 'node:http';
import { type HttpResponse, html, json } from '../core/http-response';
import { BodyTooLargeError, type Interruption, type Listening, startHttpServer } from '../core/http-server';
import { splitTarget } from '../gateway/gateway';
import { type EmulatedUser, EmulatedUserPool } from './user-pool';

export interface CognitoOptions {
  readonly clientId: string;
  readonly callbackUrls: readonly string[];
  readonly logoutUrls: readonly string[];
  /** @default 0, a free port */
  readonly port?: number;
  /** @default the system's clock */
  readonly now?: () => number;
}

/** A request to the token endpoint or one of the pages. */
interface SeenSignInRequest {
  /** Such as `POST /oauth2/token`. */
  readonly route: string;
  readonly parameters: URLSearchParams;
}

export interface CognitoEmulator extends Listening {
  readonly pool: EmulatedUserPool;
  readonly seen: readonly SeenSignInRequest[];
  /** Whether it answers at all. */
  isReachable: boolean;
  /** What the authorization endpoint answers instead of a code, once, such as `access_denied`. */
  nextError: string | null;
}

const MAX_BODY_BYTES = 64 * 1_024;
const COOKIE = 'cognito';
const SCOPES = new Set(['openid', 'email']);

/**
 * Starts the hosted pages and OAuth endpoints of an Amazon Cognito user pool on this machine: one public client, code
 * flow with PKCE only, as "Authorize endpoint", "Token endpoint", "Revoke endpoint" and "Logout endpoint" of the Amazon
 * Cognito Developer Guide describe them. Access tokens are opaque: only this emulator reads them.
 */
export async function startCognito(options: CognitoOptions): Promise<CognitoEmulator> {
  const pool = new EmulatedUserPool(options.now ?? Date.now);
  const endpoints = new Endpoints(pool, options);
  const seen: SeenSignInRequest[] = [];
  const state = { isReachable: true };

  async function respond(request: IncomingMessage, body: Buffer): Promise<HttpResponse | Interruption> {
    if (!state.isReachable) return 'connection-reset';
    const { path, query } = splitTarget(request);
    const route = `${request.method} ${path}`;
    const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
    const form = new URLSearchParams(isForm ? body.toString() : '');
    const address = new URLSearchParams(query);
    seen.push({ route, parameters: request.method === 'POST' && form.size > 0 ? form : address });
    const cookie = new RegExp(`(?:^|; )${COOKIE}=([^;]+)`).exec(request.headers.cookie ?? '')?.[1] ?? '';
    return endpoints.respond(route, { address, form, cookie });
  }

  const server = await startHttpServer({
    ...(options.port === undefined ? {} : { port: options.port }),
    maxBodyBytes: MAX_BODY_BYTES,
    respond,
    respondToError: (error) =>
      error instanceof BodyTooLargeError ? html(413, 'Too large') : html(500, 'Internal error'),
  });
  return {
    ...server,
    pool,
    seen,
    get isReachable() {
      return state.isReachable;
    },
    set isReachable(value: boolean) {
      state.isReachable = value;
    },
    get nextError() {
      return endpoints.nextError;
    },
    set nextError(value: string | null) {
      endpoints.nextError = value;
    },
  };
}

interface Call {
  /** The parameters of the address. */
  readonly address: URLSearchParams;
  readonly form: URLSearchParams;
  readonly cookie: string;
}

class Endpoints {
  nextError: string | null = null;

  constructor(
    private readonly pool: EmulatedUserPool,
    private readonly options: CognitoOptions,
  ) {}

  respond(route: string, call: Call): HttpResponse {
    switch (route) {
      case 'GET /oauth2/authorize':
        return this.#authorize(call);
      case 'GET /login':
        return this.#isClient(call.address) ? loginPage(200) : html(400, 'Login pages unavailable');
      case 'POST /login':
        return this.#logIn(call);
      case 'POST /oauth2/token':
        return withCors(this.#token(call.form));
      case 'POST /oauth2/revoke':
        return withCors(this.#revoke(call.form));
      case 'GET /logout':
        return this.#logOut(call);
      default:
        return html(404, 'Not found');
    }
  }

  /** Never redirects to an address that is not the client's own. */
  #isClient(parameters: URLSearchParams): boolean {
    return (
      parameters.get('client_id') === this.options.clientId &&
      this.options.callbackUrls.includes(parameters.get('redirect_uri') ?? '')
    );
  }

  #authorize({ address, cookie }: Call): HttpResponse {
    if (!this.#isClient(address)) return html(400, 'An error was encountered with the requested page');
    const error = this.nextError ?? problemOf(address);
    this.nextError = null;
    if (error !== null) return redirectBack(address, { error });
    const user = this.pool.sessionUser(cookie);
    if (user !== null && address.get('prompt') !== 'login') return this.#redirectWithCode(address, user);
    return redirect(`/login?${address}`);
  }

  #logIn({ address, form }: Call): HttpResponse {
    if (!this.#isClient(address) || problemOf(address) !== null) return html(400, 'Login pages unavailable');
    const user = this.pool.verify(form.get('username') ?? '', form.get('password') ?? '');
    if (user === null) return loginPage(400, 'Incorrect username or password.');
    const session = this.pool.openSession(user);
    const cookie = `${COOKIE}=${session}; Path=/; HttpOnly; SameSite=Lax`;
    const answer = this.#redirectWithCode(address, user);
    return { ...answer, headers: { ...answer.headers, 'set-cookie': cookie } };
  }

  #redirectWithCode(address: URLSearchParams, user: EmulatedUser): HttpResponse {
    const redirectUri = address.get('redirect_uri') ?? '';
    const challenge = address.get('code_challenge') ?? '';
    return redirectBack(address, { code: this.pool.issueCode({ user, redirectUri, challenge }) });
  }

  #token(form: URLSearchParams): HttpResponse {
    if (form.get('client_id') !== this.options.clientId) return json({ error: 'invalid_client' }, 400);
    const text = (name: string) => form.get(name) ?? '';
    switch (form.get('grant_type')) {
      case 'authorization_code': {
        const proof = { verifier: text('code_verifier'), redirectUri: text('redirect_uri') };
        const issued = this.pool.redeemCode(text('code'), proof);
        return tokens(issued, issued?.refreshToken ?? null);
      }
      case 'refresh_token':
        // No rotation: the answer has no refresh token.
        return tokens(this.pool.refresh(text('refresh_token')), null);
      default:
        return json({ error: 'unsupported_grant_type' }, 400);
    }
  }

  #revoke(form: URLSearchParams): HttpResponse {
    if (form.get('client_id') !== this.options.clientId) return json({ error: 'invalid_client' }, 400);
    this.pool.revoke(form.get('token') ?? '');
    return { status: 200 };
  }

  #logOut({ address, cookie }: Call): HttpResponse {
    const leadsTo = address.get('logout_uri') ?? '';
    if (address.get('client_id') !== this.options.clientId || !this.options.logoutUrls.includes(leadsTo)) {
      return html(400, 'Required String parameter is not present or not allowed');
    }
    this.pool.closeSession(cookie);
    return {
      ...redirect(leadsTo),
      headers: { location: leadsTo, 'set-cookie': `${COOKIE}=; Path=/; Max-Age=0` },
    };
  }
}

/** Why the client cannot have a code; null where it can. */
function problemOf(address: URLSearchParams): string | null {
  if (address.get('response_type') !== 'code') return 'unauthorized_client';
  const scopes = (address.get('scope') ?? '').split(' ');
  if (!scopes.every((scope) => SCOPES.has(scope))) return 'invalid_scope';
  const hasChallenge = /^[\w-]{43}$/.test(address.get('code_challenge') ?? '');
  return hasChallenge && address.get('code_challenge_method') === 'S256' ? null : 'invalid_request';
}

type IssuedTokens = ReturnType<EmulatedUserPool['refresh']>;

function tokens(issued: IssuedTokens, refreshToken: string | null): HttpResponse {
  if (issued === null) return json({ error: 'invalid_grant' }, 400);
  return json({
    access_token: issued.accessToken,
    id_token: 'unused',
    ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
    expires_in: issued.expiresIn,
    token_type: 'Bearer',
  });
}

function redirectBack(address: URLSearchParams, answer: Readonly<Record<string, string>>): HttpResponse {
  const state = address.get('state');
  const parameters = new URLSearchParams({ ...answer, ...(state === null ? {} : { state }) });
  return redirect(`${address.get('redirect_uri')}?${parameters}`);
}

function redirect(location: string): HttpResponse {
  return { status: 302, headers: { location, 'cache-control': 'no-store' } };
}

function withCors(response: HttpResponse): HttpResponse {
  return { ...response, headers: { ...response.headers, 'access-control-allow-origin': '*' } };
}

/** The form sends to its own address, which has the client's parameters. */
function loginPage(status: number, problem = ''): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
    body: `<!doctype html><html lang="en"><head><title>Signin</title></head><body><h1>Sign in with your email</h1>
<p>${problem}</p><form method="post"><label>Email <input name="username" type="email"></label>
<label>Password <input name="password" type="password"></label><button>Sign in</button></form></body></html>`,
  };
}
