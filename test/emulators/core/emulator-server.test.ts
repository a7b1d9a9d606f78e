import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type EmulatorServer, startEmulator } from '../../../emulators/core/emulator-server';
import type { ConnectionFault } from '../../../emulators/core/faults';
import { json } from '../../../emulators/core/http-response';
import { BodyTooLargeError } from '../../../emulators/core/http-server';

interface Seen {
  readonly method: string;
  readonly path: string;
}

let server: EmulatorServer<Seen, { readonly kind: 'teapot' | 'forgets' }>;
let carriedOut = 0;

beforeAll(async () => {
  server = await startEmulator<Seen, { readonly kind: 'teapot' | 'forgets' }>({
    largestBody: 10,
    faultsMatch: ({ path }) => path !== '/exempt',
    describe: ({ method, path }) => ({ method, path }),
    respond: async ({ path, search, body }) => {
      if (path === '/bug') throw new Error('a bug');
      carriedOut++;
      return json({ path, search, body }, 201);
    },
    respondToFault: ({ kind }) => (kind === 'teapot' ? json('teapot', 418, { 'x-id': 'other' }) : undefined),
    respondToError: (error) => json(String(error), error instanceof BodyTooLargeError ? 413 : 500),
    headers: () => ({ 'x-id': 'one' }),
  });
});
afterEach(() => {
  server.reset();
  carriedOut = 0;
});
afterAll(() => server.close());

const get = (path = '/a', init: RequestInit = {}) =>
  fetch(server.url + path, { signal: AbortSignal.timeout(300), ...init });
const statuses = () => server.requests.map(({ status }) => status);

describe('a request', () => {
  test('is recorded with the status of its response, and gets the headers of every response', async () => {
    const response = await get('/a%20b?c=d?', { method: 'POST', body: 'text' });

    expect([response.status, response.headers.get('x-id')]).toEqual([201, 'one']);
    expect(await response.json()).toEqual({ path: '/a%20b', search: 'c=d?', body: 'text' });
    expect(server.requests).toEqual([{ method: 'POST', path: '/a%20b', status: 201 }]);
  });

  test('that fails or is too large gets an error of the service', async () => {
    expect((await get('/bug')).status).toBe(500);
    expect((await get('/', { method: 'POST', body: 'x'.repeat(11) })).status).toBe(413);
  });
});

describe('a fault', () => {
  test('meets the next requests first, then those it always applies to, except exempt ones', async () => {
    server.faults.always({ kind: 'bad-gateway' });
    server.faults.next(1, { kind: 'teapot' });
    server.faults.next(1, { kind: 'forgets' }, ({ path }) => path === '/exempt');

    expect((await get()).headers.get('x-id')).toBe('other');
    expect((await get()).status).toBe(502);
    expect([(await get('/exempt')).status, (await get('/exempt')).status]).toEqual([201, 201]);
    server.faults.clear();
    expect((await get()).status).toBe(201);
    expect(statuses()).toEqual([418, 502, 201, 201, 201]);
  });

  test.each<[ConnectionFault, number]>([
    [{ kind: 'stalled' }, 0],
    [{ kind: 'connection-reset' }, 0],
    [{ kind: 'response-lost' }, 1],
    [{ kind: 'slow', milliseconds: 10_000 }, 1],
  ])('%j: no response arrives, and the request is carried out %d times', async (fault, times) => {
    server.faults.next(1, fault);

    await expect(get()).rejects.toThrow();
    expect(carriedOut).toBe(times);
    expect(statuses()).toEqual([null]);
  });

  test('stalls in the middle of the body', async () => {
    server.faults.next(1, { kind: 'stalled-body' });

    const response = await get();
    expect([response.status, carriedOut]).toEqual([201, 1]);
    await expect(response.text()).rejects.toThrow();
  });
});
