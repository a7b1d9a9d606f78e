import { describe, expect, test } from '@jest/globals';
import { customersTable } from '../../../emulators/airtable/base-data';
import { call, list, request, serve, TOKEN } from './serve';

const get = (url: string, signal?: AbortSignal) =>
  fetch(url, { headers: { authorization: `Bearer ${TOKEN}` }, ...(signal && { signal }) });

describe('faults', () => {
  test('meet the next requests in the order in which they were queued, then no more', async () => {
    const emulator = await serve([customersTable([])]);
    emulator.faults.next(2, { kind: 'unavailable' });
    emulator.faults.next(1, { kind: 'server-error' });

    const statuses: number[] = [];
    for (let count = 0; count < 4; count++) statuses.push((await call(emulator, 'GET', '/Customers')).status);

    expect(statuses).toEqual([503, 503, 500, 200]);
    expect(emulator.requests.map(({ status }) => status)).toEqual(statuses);
  });

  test('meet only the requests they are meant for, and metadata never', async () => {
    const emulator = await serve([customersTable([])]);
    emulator.faults.always({ kind: 'server-error' }, ({ method }) => method === 'POST');

    expect((await call(emulator, 'GET', '/Customers')).status).toBe(200);
    expect((await call(emulator, 'POST', '/Customers', { fields: {} })).status).toBe(500);
    expect((await request(`${emulator.url}/v0/meta/bases`)).status).toBe(200);
    emulator.faults.clear();
    expect((await call(emulator, 'POST', '/Customers', { fields: {} })).status).toBe(200);
  });

  test('rate limit in both forms', async () => {
    const emulator = await serve([customersTable([])]);
    const message = 'Rate limit exceeded. Please try again later';
    emulator.faults.next(1, { kind: 'rate-limit' });
    emulator.faults.next(1, { kind: 'rate-limit', form: 'documented' });

    expect(await call(emulator, 'GET', '/Customers')).toMatchObject({
      status: 429,
      body: { errors: [{ error: 'RATE_LIMIT_REACHED', message }] },
    });
    expect(await call(emulator, 'GET', '/Customers')).toMatchObject({
      status: 429,
      body: { error: { type: 'RATE_LIMIT_REACHED', message } },
    });
  });

  test('503 with and without Retry-After', async () => {
    const emulator = await serve([customersTable([])]);
    emulator.faults.next(1, { kind: 'unavailable' });
    emulator.faults.next(1, { kind: 'unavailable', retryAfterSeconds: 7 });

    const bare = await call(emulator, 'GET', '/Customers');
    const telling = await call(emulator, 'GET', '/Customers');

    expect(bare.body).toMatchObject({ error: { type: 'RETRIABLE_ERROR' } });
    expect([bare, telling].map(({ headers }) => headers.get('retry-after'))).toEqual([null, '7']);
  });

  test('HTML from a proxy, HTML with 200, and JSON without records', async () => {
    const emulator = await serve([customersTable([])]);
    const url = `${emulator.url}/v0/${emulator.base.id}/Customers`;
    emulator.faults.next(1, { kind: 'bad-gateway' });
    emulator.faults.next(1, { kind: 'html' });
    emulator.faults.next(1, { kind: 'no-records' });

    const responses = [await get(url), await get(url), await get(url)];

    expect(responses.map(({ status }) => status)).toEqual([502, 200, 200]);
    expect(responses.map(({ headers }) => headers.get('content-type'))).toEqual([
      'text/html',
      'text/html',
      'application/json; charset=utf-8',
    ]);
    expect(await responses[2]?.json()).toEqual({});
  });

  test('401 and 403, as for a token that was revoked or lost its scopes', async () => {
    const emulator = await serve([customersTable([])]);
    emulator.faults.next(1, { kind: 'unauthorized' });
    emulator.faults.next(1, { kind: 'forbidden' });

    expect(await call(emulator, 'GET', '/Customers')).toMatchObject({
      status: 401,
      body: { error: { type: 'AUTHENTICATION_REQUIRED' } },
    });
    expect(await call(emulator, 'GET', '/Customers')).toMatchObject({
      status: 403,
      body: { error: { type: 'INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND' } },
    });
  });

  test('silence, without carrying out the request', async () => {
    const emulator = await serve([customersTable([])]);
    emulator.faults.next(1, { kind: 'silent' });
    const failing = fetch(`${emulator.url}/v0/${emulator.base.id}/Customers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ fields: { name: 'Ann' } }),
      signal: AbortSignal.timeout(100),
    });

    await expect(failing).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(emulator.base.tables[0]?.records).toHaveLength(0);
  });

  test('a body that stalls after the headers', async () => {
    const emulator = await serve([customersTable([{ name: 'Ann' }])]);
    emulator.faults.next(1, { kind: 'stalled-body' });
    const giveUp = new AbortController();

    const response = await get(`${emulator.url}/v0/${emulator.base.id}/Customers`, giveUp.signal);
    const reader = response.body?.getReader();
    const part = await reader?.read();
    const rest = reader?.read();
    giveUp.abort();

    expect(response.status).toBe(200);
    expect(part?.value?.length).toBeLessThan(Number(response.headers.get('content-length')));
    await expect(rest).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('a reset before anything is done, and one after the write', async () => {
    const emulator = await serve([customersTable([])]);
    const create = (name: string) => call(emulator, 'POST', '/Customers', { fields: { name } });
    emulator.faults.next(1, { kind: 'connection-reset' });
    emulator.faults.next(1, { kind: 'answer-lost' });

    await expect(create('never')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    await expect(create('written')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });

    expect(emulator.base.tables[0]?.records.map(({ fields }) => fields['name'])).toEqual(['written']);
    expect(emulator.requests.map(({ status }) => status)).toEqual([null, null]);
  });

  test('a slow response to a write that was made at once', async () => {
    const emulator = await serve([customersTable([])]);
    emulator.faults.next(1, { kind: 'slow', milliseconds: 60_000 });
    const giveUp = AbortSignal.timeout(100);

    const failing = fetch(`${emulator.url}/v0/${emulator.base.id}/Customers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ fields: { name: 'Ann' } }),
      signal: giveUp,
    });

    await expect(failing).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(emulator.base.tables[0]?.records).toHaveLength(1);
  });

  test('the loss of a listing half way', async () => {
    const emulator = await serve([customersTable([{ name: 'Ann' }, { name: 'Bob' }])]);
    const { offset } = await list(emulator, 'Customers', { pageSize: 1 });
    emulator.faults.next(1, { kind: 'iterator-loss' });

    expect(await call(emulator, 'GET', `/Customers?pageSize=1&offset=${offset}`)).toMatchObject({
      status: 422,
      body: { error: { type: 'LIST_RECORDS_ITERATOR_NOT_AVAILABLE' } },
    });
  });

  test('a request too large', async () => {
    const emulator = await serve([customersTable([])]);

    expect(
      (await call(emulator, 'POST', '/Customers', { fields: { name: 'x'.repeat(2_000_000) } })).status,
    ).toBe(413);
  });
});

test('every request is seen with its path, query, body, token and status', async () => {
  const emulator = await serve([customersTable([])]);
  const { id } = emulator.base;

  await call(emulator, 'GET', '/My%20Table/?fields[]=a+b');
  await call(emulator, 'POST', '/Customers/', { fields: { name: 'Ann' } });

  expect(emulator.requests).toEqual([
    {
      method: 'GET',
      path: `/v0/${id}/My Table`,
      query: { fields: ['a b'] },
      body: undefined,
      token: TOKEN,
      status: 403,
    },
    {
      method: 'POST',
      path: `/v0/${id}/Customers`,
      query: {},
      body: { fields: { name: 'Ann' } },
      token: TOKEN,
      status: 200,
    },
  ]);
});
