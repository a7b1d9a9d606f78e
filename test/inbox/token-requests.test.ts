import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type CognitoEmulator, startCognito } from '../../emulators/cognito/cognito-emulator';
import { challengeOf, randomText } from '../../inbox/sign-in/pkce';
import {
  ProviderUnreachableError,
  SignInEndedError,
  TokenRequests,
} from '../../inbox/sign-in/token-requests';

const ORIGIN = 'https://inbox.example.com';
const ANA = { email: 'ana@example.com', password: 'correct', subject: 'sub-1' };

let cognito: CognitoEmulator;
let requests: TokenRequests;

const deploymentAt = (signInUrl: string) => ({
  apiUrl: 'https://api.example.com',
  signInUrl,
  clientId: 'client1',
});

beforeEach(async () => {
  cognito = await startCognito({
    clientId: 'client1',
    callbackUrls: [`${ORIGIN}/sign-in`],
    logoutUrls: [`${ORIGIN}/`],
  });
  cognito.pool.addUser(ANA);
  requests = new TokenRequests(deploymentAt(cognito.url), ORIGIN);
});
afterEach(() => cognito.close());

/** Signs in as a browser does. @returns the code */
async function signIn(verifier: string): Promise<string> {
  const challenge = await challengeOf(verifier);
  const page = requests.authorizeUrl({ state: 's', challenge }).replace('/oauth2/authorize', '/login');
  const form = new URLSearchParams({ username: ANA.email, password: ANA.password });
  const response = await fetch(page, { method: 'POST', body: form, redirect: 'manual' });
  return new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? '';
}

/** Requests to a provider that answers in this way. */
const answering = (response: () => Response) =>
  new TokenRequests(deploymentAt('https://sign-in.example.com'), ORIGIN, async () => response());

describe('tokens of the provider', () => {
  test('a code and its verifier give tokens, which last until they are revoked', async () => {
    const verifier = randomText();
    const issued = await requests.redeemCode(await signIn(verifier), verifier);
    expect(issued.expiresInMs).toBe(900_000);
    expect(cognito.pool.subjectOf(issued.accessToken)).toBe(ANA.subject);
    const refreshToken = issued.refreshToken ?? '';
    const refreshed = await requests.refresh(refreshToken);
    expect(refreshed.refreshToken).toBeNull();
    expect(cognito.pool.subjectOf(refreshed.accessToken)).toBe(ANA.subject);
    await requests.revoke(refreshToken, 5_000);
    await expect(requests.refresh(refreshToken)).rejects.toThrow(SignInEndedError);
  });

  test('a stolen code is worth nothing without the verifier', async () => {
    const code = await signIn(randomText());
    await expect(requests.redeemCode(code, randomText())).rejects.toThrow(SignInEndedError);
  });

  test.each(['invalid_grant', 'invalid_client', 'unauthorized_client'])(
    '%s ends a sign-in',
    async (error) => {
      const provider = answering(() => Response.json({ error }, { status: 400 }));
      await expect(provider.refresh('r')).rejects.toThrow(SignInEndedError);
    },
  );

  test.each([
    ['a failure', () => new Response('<html>', { status: 500 })],
    ['too many requests', () => Response.json({ error: 'slow_down' }, { status: 429 })],
    ['an unknown error', () => Response.json({ error: 'invalid_request' }, { status: 400 })],
    ['an error without a name', () => Response.json(null, { status: 400 })],
    ['a page in place of tokens', () => new Response('<html>')],
    ['tokens without a lifetime', () => Response.json({ access_token: 'a' })],
    ['a blank token', () => Response.json({ access_token: '', expires_in: 900 })],
  ])('%s ends none', async (_, response) => {
    await expect(answering(response).refresh('r')).rejects.toThrow(ProviderUnreachableError);
  });

  test('no connection ends none', async () => {
    cognito.isReachable = false;
    await expect(requests.refresh('r')).rejects.toThrow(ProviderUnreachableError);
    await expect(requests.requireReachable()).rejects.toThrow(ProviderUnreachableError);
    cognito.isReachable = true;
    await requests.requireReachable();
  });
});

describe('the addresses of the provider', () => {
  test('the sign-in page gets what PKCE needs, and leads back to this origin', () => {
    const url = new URL(requests.authorizeUrl({ state: 'a&b', challenge: 'c' }));
    expect(url.origin).toBe(cognito.url);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'client1',
      redirect_uri: `${ORIGIN}/sign-in`,
      scope: 'openid email',
      state: 'a&b',
      code_challenge: 'c',
      code_challenge_method: 'S256',
    });
  });

  test('the sign-out page leads back to the start page', () => {
    const { pathname, searchParams } = new URL(requests.logoutUrl());
    expect(pathname).toBe('/logout');
    expect(Object.fromEntries(searchParams)).toEqual({ client_id: 'client1', logout_uri: `${ORIGIN}/` });
  });
});
