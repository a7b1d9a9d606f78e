import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { type CognitoEmulator, startCognito } from '../../../emulators/cognito/cognito-emulator';

const CALLBACK = 'https://inbox.example.com/sign-in';
const LOGOUT = 'https://inbox.example.com/';
const VERIFIER = 'v'.repeat(43);
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
const USER = { email: 'ana@example.com', password: 'correct', subject: 'sub-1' };
const MINUTE = 60_000;

let cognito: CognitoEmulator;
let now = 0;

beforeEach(async () => {
  now = Date.UTC(2026, 10, 26);
  cognito = await startCognito({
    clientId: 'client1',
    callbackUrls: [CALLBACK],
    logoutUrls: [LOGOUT],
    now: () => now,
  });
  cognito.pool.addUser(USER);
});
afterEach(() => cognito.close());

const asked = {
  response_type: 'code',
  client_id: 'client1',
  redirect_uri: CALLBACK,
  scope: 'openid email',
  state: 'state1',
  code_challenge: CHALLENGE,
  code_challenge_method: 'S256',
};
type Parameters = Readonly<Record<string, string>>;

const get = (path: string, parameters: Parameters, headers: Parameters = {}) =>
  fetch(`${cognito.url}${path}?${new URLSearchParams(parameters)}`, { redirect: 'manual', headers });
const post = (path: string, form: Parameters) =>
  fetch(`${cognito.url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(form),
  });
const leadsTo = (response: Response) => response.headers.get('location') ?? '';

async function signIn(password = USER.password) {
  const response = await post(`/login?${new URLSearchParams(asked)}`, { username: USER.email, password });
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
  const code = response.status === 302 ? new URL(leadsTo(response)).searchParams.get('code') : null;
  return { response, cookie, code: code ?? '' };
}

async function tokens(form: Parameters) {
  const response = await post('/oauth2/token', { client_id: 'client1', ...form });
  const body = v.parse(v.record(v.string(), v.unknown()), await response.json());
  return { status: response.status, body };
}
const redeem = (code: string, changes: Parameters = {}) =>
  tokens({
    grant_type: 'authorization_code',
    code,
    code_verifier: VERIFIER,
    redirect_uri: CALLBACK,
    ...changes,
  });

describe('the authorization endpoint', () => {
  test('leads to the sign-in form, and from there back with code and state', async () => {
    expect(leadsTo(await get('/oauth2/authorize', asked))).toMatch(/^\/login\?.*state=state1/);
    const { response } = await signIn();
    expect(leadsTo(response)).toMatch(/^https:\/\/inbox\.example\.com\/sign-in\?code=[\w-]+&state=state1$/);
  });

  test('a session of its pages leads back at once, for an hour', async () => {
    const { cookie } = await signIn();
    expect(leadsTo(await get('/oauth2/authorize', asked, { cookie }))).toContain('code=');
    now += 61 * MINUTE;
    expect(leadsTo(await get('/oauth2/authorize', asked, { cookie }))).toMatch(/^\/login/);
  });

  test.each([
    { client_id: 'other' },
    { redirect_uri: `${CALLBACK}/` },
    { redirect_uri: 'https://evil.example' },
  ])('never redirects to an address that is not the client’s: %j', async (changes) => {
    expect((await get('/oauth2/authorize', { ...asked, ...changes })).status).toBe(400);
  });

  test.each([
    [{ response_type: 'token' }, 'unauthorized_client'],
    [{ scope: 'openid aws.cognito.signin.user.admin' }, 'invalid_scope'],
    [{ code_challenge_method: 'plain' }, 'invalid_request'],
    [{ code_challenge: '' }, 'invalid_request'],
  ])('%j is an error', async (changes, error) => {
    const response = await get('/oauth2/authorize', { ...asked, ...changes });
    expect(leadsTo(response)).toBe(`${CALLBACK}?error=${error}&state=state1`);
  });

  test('a wrong password and a disabled user get the form again', async () => {
    expect((await signIn('wrong')).response.status).toBe(400);
    cognito.pool.disable(USER.email);
    expect((await signIn()).response.status).toBe(400);
  });
});

describe('the token endpoint', () => {
  test('a code is good for one pair of tokens', async () => {
    const { code } = await signIn();
    const { body } = await redeem(code);
    expect(body).toMatchObject({ expires_in: 900, token_type: 'Bearer' });
    expect(cognito.pool.subjectOf(String(body['access_token']))).toBe('sub-1');
    expect(await redeem(code)).toEqual({ status: 400, body: { error: 'invalid_grant' } });
  });

  test.each([{ code_verifier: 'x'.repeat(43) }, { redirect_uri: LOGOUT }])(
    'a code of another attempt is used up: %j',
    async (changes) => {
      const { code } = await signIn();
      expect((await redeem(code, changes)).body).toEqual({ error: 'invalid_grant' });
      expect((await redeem(code)).body).toEqual({ error: 'invalid_grant' });
    },
  );

  test('a code lasts five minutes, an access token fifteen, a refresh token twelve hours', async () => {
    const late = await signIn();
    const { body } = await redeem((await signIn()).code);
    now += 6 * MINUTE;
    expect((await redeem(late.code)).status).toBe(400);
    now += 10 * MINUTE;
    expect(cognito.pool.subjectOf(String(body['access_token']))).toBeNull();
    const grant = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) };
    const refreshed = await tokens(grant);
    expect(refreshed.body).not.toHaveProperty('refresh_token');
    expect(cognito.pool.subjectOf(String(refreshed.body['access_token']))).toBe('sub-1');
    now += 12 * 60 * MINUTE;
    expect((await tokens(grant)).body).toEqual({ error: 'invalid_grant' });
  });

  test('revoked, signed out everywhere or disabled: no more tokens', async () => {
    const endings = [
      (token: string) => post('/oauth2/revoke', { client_id: 'client1', token }),
      () => cognito.pool.endSignIns('ANA@example.com'),
      () => cognito.pool.disable(USER.email),
    ];
    for (const end of endings) {
      const { body } = await redeem((await signIn()).code);
      const refresh_token = String(body['refresh_token']);
      await end(refresh_token);
      expect((await tokens({ grant_type: 'refresh_token', refresh_token })).status).toBe(400);
    }
  });

  test('another client gets nothing', async () => {
    expect((await tokens({ client_id: 'other' })).body).toEqual({ error: 'invalid_client' });
  });
});

describe('the sign-out page', () => {
  test('ends the session of the pages, and leads to a registered address only', async () => {
    const { cookie } = await signIn();
    const away = await get(
      '/logout',
      { client_id: 'client1', logout_uri: 'https://evil.example' },
      { cookie },
    );
    expect(away.status).toBe(400);
    const out = await get('/logout', { client_id: 'client1', logout_uri: LOGOUT }, { cookie });
    expect(leadsTo(out)).toBe(LOGOUT);
    expect(leadsTo(await get('/oauth2/authorize', asked, { cookie }))).toMatch(/^\/login/);
  });
});
