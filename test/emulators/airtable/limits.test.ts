import { describe, expect, test } from '@jest/globals';
import { customersTable } from '../../../emulators/airtable/base-data';
import { call, clock, request, serve, TOKEN } from './serve';

const RATE = {
  errors: [{ error: 'RATE_LIMIT_REACHED', message: 'Rate limit exceeded. Please try again later' }],
};

describe('the limit of requests per second', () => {
  test('rejects the sixth, and every request for thirty seconds after it', async () => {
    const time = clock();
    const emulator = await serve([customersTable([])], { limits: {}, now: time.now });
    const ask = async () => (await call(emulator, 'GET', '/Customers')).status;

    for (let count = 0; count < 5; count++) expect(await ask()).toBe(200);
    expect(await call(emulator, 'GET', '/Customers')).toMatchObject({ status: 429, body: RATE });
    time.advance(29.9);
    expect(await ask()).toBe(429);
    time.advance(0.1);
    expect(await ask()).toBe(200);
  });

  test('covers a sliding second', async () => {
    const time = clock();
    const emulator = await serve([customersTable([])], { limits: { requestsPerSecond: 2 }, now: time.now });
    const ask = async () => (await call(emulator, 'GET', '/Customers')).status;

    expect(await ask()).toBe(200);
    time.advance(0.6);
    expect(await ask()).toBe(200);
    time.advance(0.6);
    expect(await ask()).toBe(200);
    expect(await ask()).toBe(429);
  });

  test('is shared by all tokens of a base, and is checked before the table', async () => {
    const tokens = [{ token: TOKEN }, { token: 'patOther' }];
    const emulator = await serve([customersTable([])], {
      limits: { requestsPerSecond: 1 },
      now: clock().now,
      tokens,
    });
    const url = `${emulator.url}/v0/${emulator.base.id}/Nowhere`;

    expect((await request(url)).status).toBe(403);
    expect((await request(url, 'GET', undefined, 'patOther')).status).toBe(429);
  });

  test('does not count requests with a bad token', async () => {
    const emulator = await serve([customersTable([])], {
      limits: { requestsPerSecond: 1 },
      now: clock().now,
    });
    const url = `${emulator.url}/v0/${emulator.base.id}/Customers`;

    await request(url, 'GET', undefined, 'patWrong');

    expect((await request(url)).status).toBe(200);
  });

  test('applies to a token over all bases', async () => {
    const emulator = await serve([customersTable([])], { limits: { perToken: 2 }, now: clock().now });

    await request(`${emulator.url}/v0/meta/whoami`);
    await request(`${emulator.url}/v0/appUnknown/T`);

    expect((await call(emulator, 'GET', '/Customers')).status).toBe(429);
  });
});

describe('the monthly quota', () => {
  test('rejects record requests when used up, not metadata, until the month ends', async () => {
    const time = clock('2026-03-31T23:59:00.000Z');
    const limits = { requestsPerSecond: 'unlimited', monthlyQuota: 2 } as const;
    const emulator = await serve([customersTable([])], { limits, now: time.now });
    const ask = async () => (await call(emulator, 'GET', '/Customers')).status;

    expect([await ask(), await ask()]).toEqual([200, 200]);
    expect(await call(emulator, 'GET', '/Customers')).toMatchObject({
      status: 429,
      body: { errors: [{ error: 'PUBLIC_API_BILLING_LIMIT_EXCEEDED' }] },
    });
    expect((await request(`${emulator.url}/v0/meta/bases/${emulator.base.id}/tables`)).status).toBe(200);
    time.advance(60);
    expect(await ask()).toBe(200);
  });
});
