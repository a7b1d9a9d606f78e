import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { appFiles } from '../../../../cli/start/inbox/app-files';
import { LocalSignIn, localSubject } from '../../../../cli/start/inbox/sign-in';
import type { Listening } from '../../../../emulators/core/http-server';
import { startGateway } from '../../../../emulators/gateway/gateway';

const Token = v.object({ token: v.string() });

const ANA = {
  identity: 'ana@example.com',
  subject: localSubject('ana@example.com'),
  name: 'Ana',
  isActive: true,
  isAvailable: true,
  isIndexed: false,
};

let folder: string;
let server: Listening;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'frontline-app-'));
  await mkdir(join(folder, 'dist', 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'not a part of the app');
  await writeFile(join(folder, 'dist', 'index.html'), '<!doctype html><title>Inbox</title>');
  await writeFile(join(folder, 'dist', 'assets', 'app-abc.js'), 'export {};');
  const signIn = new LocalSignIn(async () => [ANA]);
  const files = appFiles(join(folder, 'dist'), () => ({
    media: 'http://127.0.0.1:5003',
    live: 'ws://localhost:5007',
  }));
  const echo = (event: unknown) => event;
  server = await startGateway({
    routes: {},
    proxies: [
      {
        prefix: '/api/',
        called: { name: 'inbox-api', timeoutMilliseconds: 1_000, handler: echo },
        authorize: signIn.authorize,
      },
    ],
    pages: async (request, body) => (await signIn.pages(request, body)) ?? files(request, body),
  });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(server.url + path, { headers });

describe('the built app', () => {
  test.each(['/', '/chats', `/chats/CH${'1'.repeat(32)}`, '/customers', '/customers/541?q=x', '/settings'])(
    'is one page at %s',
    async (path) => {
      const response = await get(path);
      expect(await response.text()).toContain('<title>Inbox</title>');
      expect(response.headers.get('cache-control')).toBe('no-cache');
    },
  );

  test('has a policy without inline scripts, for its own parts and those of the emulators', async () => {
    const policy = String((await get('/')).headers.get('content-security-policy'));
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self' ws://localhost:5007");
    expect(policy).not.toContain('unsafe');
  });

  test('is cached where a file’s name changes with its content', async () => {
    const response = await get('/assets/app-abc.js');
    expect(response.headers.get('content-type')).toMatch(/^text\/javascript/);
    expect(response.headers.get('cache-control')).toContain('immutable');
  });

  test.each([
    '/secret.txt',
    `/${encodeURIComponent('../')}secret.txt`,
    '/%2e%2e/secret.txt',
    '/assets/none.js',
    '/assets',
    '/%',
  ])('has nothing at %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});

describe('signing in', () => {
  const signIn = (body: string) => fetch(`${server.url}/local/sign-in`, { method: 'POST', body });

  test('is a choice of a worker, whose subject the API gets', async () => {
    expect(await (await get('/local/workers')).json()).toEqual({
      workers: [{ identity: ANA.identity, name: 'Ana', isActive: true }],
    });
    const { token } = v.parse(Token, await (await signIn(JSON.stringify({ identity: ANA.identity }))).json());
    const event = await (await get('/api/session', { authorization: `Bearer ${token}` })).json();
    expect(event).toMatchObject({
      routeKey: 'ANY /api/{proxy+}',
      rawPath: '/api/session',
      requestContext: { authorizer: { jwt: { claims: { sub: ANA.subject, token_use: 'access' } } } },
    });
  });

  test('is refused for another identity, and a forged token is 401', async () => {
    expect((await signIn('{"identity":"stranger@example.com"}')).status).toBe(400);
    expect((await signIn('{')).status).toBe(400);
    expect((await get('/api/session', { authorization: 'Bearer forged' })).status).toBe(401);
    expect((await get('/api/session')).status).toBe(401);
  });
});
