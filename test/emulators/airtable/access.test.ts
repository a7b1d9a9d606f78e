import { describe, expect, test } from '@jest/globals';
import { aBase, customersTable } from '../../../emulators/airtable/base-data';
import { call, clock, errorOf, request, serve, TOKEN } from './serve';

const FORBIDDEN = errorOf(403, 'INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND');
const NOT_FOUND = { status: 404, body: { error: 'NOT_FOUND' } };

test.each([null, 'patWrong'])('the token %p is rejected before any other check', async (token) => {
  const emulator = await serve([customersTable([])]);

  expect(await request(`${emulator.url}/v0/appUnknown/T`, 'GET', undefined, token)).toMatchObject(
    errorOf(401, 'AUTHENTICATION_REQUIRED'),
  );
});

describe('a missing resource', () => {
  test.each([
    ['GET', '/Nowhere', undefined],
    ['POST', '/Nowhere', { fields: {} }],
    ['GET', '/Customers/recMISSING0000000', undefined],
    ['PATCH', '/Customers/recMISSING0000000', { fields: {} }],
    ['DELETE', '/Customers/recMISSING0000000', undefined],
  ])('%s %s is forbidden', async (method, path, body) => {
    const emulator = await serve([customersTable([])]);

    expect(await call(emulator, method, path, body)).toMatchObject(FORBIDDEN);
  });

  test.each(['GET', 'PATCH', 'DELETE'])('%s with a malformed record id is not found', async (method) => {
    const emulator = await serve([customersTable([])]);
    const body = method === 'PATCH' ? { fields: {} } : undefined;

    expect(await call(emulator, method, '/Customers/recDOESNOTEXIST0001', body)).toMatchObject(NOT_FOUND);
  });

  test('an unknown base is not found, and forbidden for metadata', async () => {
    const emulator = await serve([customersTable([])]);

    expect(await request(`${emulator.url}/v0/appUnknown/Customers`)).toMatchObject(NOT_FOUND);
    expect(await request(`${emulator.url}/v0/meta/bases/appUnknown/tables`)).toMatchObject(FORBIDDEN);
  });
});

describe('a path', () => {
  test.each(['/Customers/', '/Customers?', '/Customers/?', '//Customers//'])(
    '%s leads to the table',
    async (path) => {
      const emulator = await serve([customersTable([{ name: 'Ann' }])]);

      expect((await call(emulator, 'GET', path)).body).toMatchObject({ records: [{}] });
    },
  );

  test.each(['/v0/appX', '/v1/appX/T', '/v0/appX/T/recX/more', '/v0/appX/%zz'])(
    '%s is not found',
    async (path) => {
      const emulator = await serve([customersTable([])]);

      expect(await request(emulator.url + path)).toMatchObject(NOT_FOUND);
    },
  );

  test.each([
    ['GET', '/v0/appX/T/recX/comments', 'comments'],
    ['PUT', '/v0/appX/T', 'PUT of records'],
    ['DELETE', '/v0/appX/T?records[]=recX', 'deleting several records'],
    ['POST', '/v0/appX/recX/fldX/uploadAttachment', 'uploading an attachment'],
    ['PATCH', '/v0/meta/bases/appX/tables/tblX', 'changing a table'],
    ['PATCH', '/v0/meta/bases/appX/tables/tblX/fields/fldX', 'changing a field'],
    ['GET', '/v0/meta/bases/appX', "a base's collaborators"],
    ['POST', '/v0/bases/appX/webhooks/achX/refresh', 'the refresh of a webhook'],
  ])('%s %s, which Airtable has, is not supported, by name', async (method, path, subject) => {
    const emulator = await serve([]);

    expect(await request(emulator.url + path, method)).toMatchObject({
      status: 501,
      body: { error: { message: expect.stringContaining(subject) } },
    });
  });

  test('rejects a wrong method', async () => {
    const emulator = await serve([]);

    expect((await request(`${emulator.url}/v0/meta/whoami`, 'POST')).status).toBe(405);
  });

  test('is rejected with a URL over 16,000 characters', async () => {
    const emulator = await serve([customersTable([])]);

    expect((await call(emulator, 'GET', `/Customers?x=${'a'.repeat(15_900)}`)).status).toBe(200);
    expect((await call(emulator, 'GET', `/Customers?x=${'a'.repeat(16_000)}`)).status).toBe(414);
  });
});

describe('a token', () => {
  test('without the scope is forbidden', async () => {
    const base = aBase([customersTable([])]);
    const emulator = await serve([], { base, tokens: [{ token: TOKEN, scopes: ['data.records:read'] }] });

    expect((await call(emulator, 'GET', '/Customers')).status).toBe(200);
    expect((await call(emulator, 'POST', '/Customers/listRecords', {})).status).toBe(200);
    expect(await call(emulator, 'POST', '/Customers', { fields: {} })).toMatchObject(FORBIDDEN);
    expect(await call(emulator, 'POST', '', { name: 'T' }, 'schema')).toMatchObject(FORBIDDEN);
    expect(await request(`${emulator.url}/v0/meta/bases`)).toMatchObject(FORBIDDEN);
  });

  test('without the base is forbidden, and does not list it', async () => {
    const emulator = await serve([customersTable([])], { tokens: [{ token: TOKEN, bases: ['appOther'] }] });

    expect(await call(emulator, 'GET', '/Customers')).toMatchObject(FORBIDDEN);
    expect(await call(emulator, 'GET', '', undefined, 'webhooks')).toMatchObject(FORBIDDEN);
    expect((await request(`${emulator.url}/v0/meta/bases`)).body).toEqual({ bases: [] });
  });

  test('reads who it is without a scope, and the e-mail only with its scope', async () => {
    const tokens = [{ token: TOKEN, scopes: [] }, { token: 'patFull' }];
    const emulator = await serve([customersTable([])], { tokens });
    const id = expect.stringMatching(/^usr[A-Za-z0-9]{14}$/);

    const url = `${emulator.url}/v0/meta/whoami`;
    expect((await request(url)).body).toEqual({ id });
    expect((await request(url, 'GET', undefined, 'patFull')).body).toEqual({ id, email: expect.any(String) });
  });
});

describe('the limit of requests per second', () => {
  test('rejects the sixth in a sliding second, and every request for thirty seconds after it', async () => {
    const time = clock();
    const emulator = await serve([customersTable([])], { limits: {}, now: time.now });
    const status = async () => (await call(emulator, 'GET', '/Customers')).status;

    for (let count = 0; count < 4; count++) expect(await status()).toBe(200);
    time.advance(0.6);
    expect(await status()).toBe(200);
    expect(await call(emulator, 'GET', '/Customers')).toMatchObject({
      status: 429,
      body: { errors: [{ error: 'RATE_LIMIT_REACHED' }] },
    });
    time.advance(29.9);
    expect(await status()).toBe(429);
    time.advance(0.1);
    expect(await status()).toBe(200);
  });

  test('is shared by all APIs and tokens of the base, not by rejected tokens', async () => {
    const tokens = [{ token: TOKEN }, { token: 'patOther' }];
    const limits = { requestsPerSecond: 1 };
    const emulator = await serve([customersTable([])], { limits, now: clock().now, tokens });
    const url = `${emulator.url}/v0/${emulator.base.id}/Nowhere`;

    expect((await request(url, 'GET', undefined, 'patWrong')).status).toBe(401);
    expect((await request(url)).status).toBe(403);
    expect((await request(url, 'GET', undefined, 'patOther')).status).toBe(429);
    expect((await call(emulator, 'GET', '', undefined, 'webhooks')).status).toBe(429);
  });
});

test('every request is recorded with its path, query, body, token and status', async () => {
  const emulator = await serve([customersTable([])]);

  await call(emulator, 'POST', '/Customers%20x/?a=b', { fields: {} });

  expect(emulator.requests).toEqual([
    {
      method: 'POST',
      path: `/v0/${emulator.base.id}/Customers x`,
      query: 'a=b',
      body: { fields: {} },
      token: TOKEN,
      status: 403,
    },
  ]);
});
