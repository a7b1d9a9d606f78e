import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type EmulatorServer, startEmulator } from '../../../emulators/core/emulator-server';
import type { ConnectionFault } from '../../../emulators/core/faults';
import { json } from '../../../emulators/core/http-response';
import { BodyTooLargeError } from '../../../emulators/core/http-server';
import { until } from '../../world/until';

interface Seen {
  readonly method: string;
  readonly path: string;
}

let server: EmulatorServer<Seen, { readonly kind: 'teapot' | 'forgets' }>;
let carriedOut = 0;

beforeAll(async () => {
  server = await startEmulator<Seen, { readonly kind: 'teapot' | 'forgets' }>({
    maxBodyBytes: 10,
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

const get = (path = '/a', init: RequestInit = {}) => fetch(server.url + path, init);
function abortable() {
  const ending = new AbortController();
  return { response: get('/a', { signal: ending.signal }), abort: () => ending.abort() };
}
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
    [{ kind: 'connection-reset' }, 0],
    [{ kind: 'response-lost' }, 1],
  ])('%j: the connection ends, and the request is carried out %d times', async (fault, times) => {
    server.faults.next(1, fault);

    await expect(get()).rejects.toThrow();
    expect(carriedOut).toBe(times);
    expect(statuses()).toEqual([null]);
  });

  test.each<[ConnectionFault, number]>([
    [{ kind: 'stalled' }, 0],
    [{ kind: 'slow', milliseconds: 600_000 }, 1],
    [{ kind: 'held', until: new Promise(() => {}) }, 0],
  ])('%j: no response arrives, and the request is carried out %d times', async (fault, times) => {
    server.faults.next(1, fault);

    const { response, abort } = abortable();
    const given = expect(response).rejects.toMatchObject({ name: 'AbortError' });
    await until(() => server.requests.length === 1 && carriedOut === times);
    // A response would be here before that of a later request.
    await get('/exempt');
    abort();
    await given;
    expect(carriedOut).toBe(times + 1);
    expect(statuses()).toEqual([null, 201]);
  });

  test('holds a request until it is released', async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    server.faults.next(1, { kind: 'held', until: released });

    const held = get();
    await until(() => server.requests.length === 1);
    expect(carriedOut).toBe(0);
    release();
    expect([(await held).status, carriedOut]).toEqual([201, 1]);
  });

  test('stalls in the middle of the body', async () => {
    server.faults.next(1, { kind: 'stalled-body' });

    const { response, abort } = abortable();
    const { status, text } = await response.then((each) => ({ status: each.status, text: each.text() }));
    const cut = expect(text).rejects.toMatchObject({ name: 'AbortError' });
    await get('/exempt');
    abort();
    await cut;
    expect([status, carriedOut]).toEqual([201, 2]);
  });
});
