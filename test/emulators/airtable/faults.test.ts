import { expect, test } from '@jest/globals';
import type { AirtableFault } from '../../../emulators/airtable/airtable-faults';
import { customersTable } from '../../../emulators/airtable/base-data';
import { call, errorOf, list, request, serve } from './serve';

const wire = (error: string) => ({ status: 429, body: { errors: [{ error }] } });

test.each<[AirtableFault, object]>([
  [{ kind: 'rate-limit' }, wire('RATE_LIMIT_REACHED')],
  [{ kind: 'rate-limit', form: 'documented' }, errorOf(429, 'RATE_LIMIT_REACHED')],
  [{ kind: 'monthly-quota' }, wire('PUBLIC_API_BILLING_LIMIT_EXCEEDED')],
  [{ kind: 'unavailable' }, errorOf(503, 'RETRIABLE_ERROR')],
  [{ kind: 'server-error' }, errorOf(500, 'SERVER_ERROR')],
  [{ kind: 'unauthorized' }, errorOf(401, 'AUTHENTICATION_REQUIRED')],
  [{ kind: 'forbidden' }, errorOf(403, 'INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND')],
  [{ kind: 'too-large' }, errorOf(413, 'REQUEST_TOO_LARGE')],
  [{ kind: 'no-records' }, { status: 200, body: {} }],
])('%j comes in the place of the response, and nothing is written', async (fault, response) => {
  const emulator = await serve([customersTable([])]);
  emulator.faults.next(1, fault);

  expect(await call(emulator, 'POST', '/Customers', { fields: {} })).toMatchObject(response);
  expect(emulator.base.tables[0]?.records).toEqual([]);
});

test('unavailable has a Retry-After if given, html is a page with 200', async () => {
  const emulator = await serve([customersTable([])]);
  emulator.faults.next(1, { kind: 'unavailable', retryAfterSeconds: 7 });
  emulator.faults.next(1, { kind: 'html' });

  expect((await call(emulator, 'GET', '/Customers')).headers.get('retry-after')).toBe('7');
  await expect(call(emulator, 'GET', '/Customers')).rejects.toThrow('JSON');
  expect(emulator.requests).toMatchObject([{ status: 503 }, { status: 200 }]);
});

test('metadata is exempt, unless a filter matches its path', async () => {
  const emulator = await serve([customersTable([])]);
  emulator.faults.always({ kind: 'server-error' });

  const whoami = `${emulator.url}/v0/meta/whoami`;
  expect((await request(whoami)).status).toBe(200);
  emulator.faults.next(1, { kind: 'server-error' }, ({ path }) => path.endsWith('/whoami'));
  expect((await request(whoami)).status).toBe(500);
});

test('a listing is lost half way', async () => {
  const emulator = await serve([customersTable([{ name: 'a' }, { name: 'b' }])]);
  const { offset } = await list(emulator, 'Customers', { pageSize: 1 });
  emulator.faults.next(1, { kind: 'iterator-loss' });

  expect(await call(emulator, 'POST', '/Customers/listRecords', { pageSize: 1, offset })).toMatchObject(
    errorOf(422, 'LIST_RECORDS_ITERATOR_NOT_AVAILABLE'),
  );
});
