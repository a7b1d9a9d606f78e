import * as v from 'valibot';
import { SIGN_IN_PATH, SIGN_IN_SCOPES } from '../../lib/inbox/sign-in';
import type { Deployment } from '../api/deployment';

/** What the provider shows of a worker to this app. */
const SCOPE = SIGN_IN_SCOPES.join(' ');
const TIMEOUT_MS = 20_000;

const Tokens = v.object({
  access_token: v.pipe(v.string(), v.nonEmpty()),
  /** Seconds from now. */
  expires_in: v.pipe(v.number(), v.minValue(1)),
  /** Left out with a refresh, unless the provider rotates it. */
  refresh_token: v.optional(v.pipe(v.string(), v.nonEmpty())),
});

export interface IssuedTokens {
  readonly accessToken: string;
  readonly expiresInMs: number;
  /** Null where the one before stays valid. */
  readonly refreshToken: string | null;
}

/** The provider does not accept the code or the refresh token: only a new sign-in helps. */
export class SignInEndedError extends Error {
  override readonly name = 'SignInEndedError';
}

/** The provider gave no answer, or one that says nothing about the sign-in. */
export class ProviderUnreachableError extends Error {
  override readonly name = 'ProviderUnreachableError';
}

/** The errors of RFC 6749, 5.2 that no repetition changes. */
const FINAL = new Set(['invalid_grant', 'invalid_client', 'unauthorized_client']);

/** The token endpoint and the pages of the provider (RFC 6749, 7009 and 7636), as Amazon Cognito serves them. */
export class TokenRequests {
  readonly #fetch: typeof fetch;

  constructor(
    private readonly deployment: Deployment,
    /** The app's own origin. */
    private readonly origin: string,
    send: typeof fetch = (input, init) => fetch(input, init),
  ) {
    this.#fetch = send;
  }

  get #redirectUri(): string {
    return this.origin + SIGN_IN_PATH;
  }

  /** The page on which a worker signs in. */
  authorizeUrl({ state, challenge }: { readonly state: string; readonly challenge: string }): string {
    return this.#address('/oauth2/authorize', {
      response_type: 'code',
      client_id: this.deployment.clientId,
      redirect_uri: this.#redirectUri,
      scope: SCOPE,
      state,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
  }

  /** The page that ends the provider's own session and leads back to the start page. */
  logoutUrl(): string {
    return this.#address('/logout', { client_id: this.deployment.clientId, logout_uri: `${this.origin}/` });
  }

  /** @throws {SignInEndedError} for a code that is used up, expired or another tab's; {ProviderUnreachableError} */
  redeemCode(code: string, verifier: string): Promise<IssuedTokens> {
    return this.#askForTokens({
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: this.#redirectUri,
    });
  }

  /** @throws {SignInEndedError} for a refresh token that is revoked or expired; {ProviderUnreachableError} */
  refresh(refreshToken: string): Promise<IssuedTokens> {
    return this.#askForTokens({ grant_type: 'refresh_token', refresh_token: refreshToken });
  }

  /** Makes a refresh token and its access tokens useless. The answer is not needed, so CORS is not either. */
  async revoke(refreshToken: string, timeoutMs: number): Promise<void> {
    await this.#send(
      '/oauth2/revoke',
      { token: refreshToken },
      { mode: 'no-cors', keepalive: true, timeoutMs },
    );
  }

  /** Asks whether the provider answers at all, before the app gives way to its page. @throws {ProviderUnreachableError} */
  async requireReachable(): Promise<void> {
    const login = this.#address('/login', {
      response_type: 'code',
      client_id: this.deployment.clientId,
      redirect_uri: this.#redirectUri,
      scope: SCOPE,
    });
    await this.#attempt(login, { mode: 'no-cors', credentials: 'omit' }, TIMEOUT_MS);
  }

  async #askForTokens(parameters: Readonly<Record<string, string>>): Promise<IssuedTokens> {
    const response = await this.#send('/oauth2/token', parameters, { timeoutMs: TIMEOUT_MS });
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) {
      const { error } = v.parse(v.fallback(v.object({ error: v.string() }), { error: '' }), body);
      if (FINAL.has(error)) throw new SignInEndedError(error);
      throw new ProviderUnreachableError(`the provider returned ${response.status} ${error}`);
    }
    const parsed = v.safeParse(Tokens, body);
    if (!parsed.success) throw new ProviderUnreachableError(v.summarize(parsed.issues));
    const { access_token, expires_in, refresh_token } = parsed.output;
    return {
      accessToken: access_token,
      expiresInMs: expires_in * 1_000,
      refreshToken: refresh_token ?? null,
    };
  }

  #send(
    path: string,
    parameters: Readonly<Record<string, string>>,
    { timeoutMs, ...options }: RequestInit & { readonly timeoutMs: number },
  ): Promise<Response> {
    const body = new URLSearchParams({ client_id: this.deployment.clientId, ...parameters });
    const request = { ...options, method: 'POST', credentials: 'omit' as const, body };
    return this.#attempt(`${this.deployment.signInUrl}${path}`, request, timeoutMs);
  }

  async #attempt(url: string, request: RequestInit, timeoutMs: number): Promise<Response> {
    try {
      return await this.#fetch(url, {
        ...request,
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (error) {
      throw new ProviderUnreachableError(String(error), { cause: error });
    }
  }

  #address(path: string, parameters: Readonly<Record<string, string>>): string {
    return `${this.deployment.signInUrl}${path}?${new URLSearchParams(parameters)}`;
  }
}
