import { describe, expect, test } from '@jest/globals';
import type { AirtableEmulator } from '../../../emulators/airtable/airtable-emulator';
import type { Fault } from '../../../emulators/airtable/airtable-faults';
import { customersTable } from '../../../emulators/airtable/base-data';
import { AirtableClient } from '../../../lambdas/airtable/airtable-client';
import {
  GoneOrForbiddenError,
  isListIteratorExpired,
  QuotaExceededError,
  ThrottledError,
  UnknownColumnsError,
  UnknownOutcomeError,
} from '../../../lambdas/airtable/airtable-errors';
import { pages } from '../../../lambdas/airtable/airtable-records';
import { callbackTransport } from '../../../lambdas/airtable/airtable-transport';
import { Deadline } from '../../../lambdas/http-client/deadline';
import { RateLimiter } from '../../../lambdas/http-client/rate-limiter';
import { RequestLog } from '../../../lambdas/telemetry/request-log';
import { serve, TOKEN } from '../../emulators/airtable/serve';
import { serveReplies } from '../http-client/serve-replies';
import { VirtualClock } from '../http-client/virtual-clock';
import { accessTo, openClient } from './open-client';

const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `Customer ${index}` }));
const idsIn = (airtable: AirtableEmulator) => airtable.base.tables[0]?.records.map(({ id }) => id) ?? [];

describe('a list', () => {
  test('comes page by page, with the time of each request', async () => {
    const airtable = await serve([customersTable(rows(230))]);
    const client = openClient(airtable);
    const sizes: number[] = [];
    const times: number[] = [];

    for await (const page of pages((from) => client.list('Customers', from))) {
      sizes.push(page.records.length);
      times.push(page.readAt);
    }

    expect(sizes).toEqual([100, 100, 30]);
    expect(times).toEqual([0, 250, 500]);
  });

  test('has the time of the successful attempt, not of the first', async () => {
    const airtable = await serve([customersTable(rows(1))]);
    airtable.faults.next(1, { kind: 'rate-limit' });

    expect(await openClient(airtable).list('Customers')).toMatchObject({ readAt: 30_000 });
  });

  test('whose iterator expired says so', async () => {
    const airtable = await serve([customersTable(rows(130))]);
    const client = openClient(airtable);
    const { offset = '' } = await client.list('Customers');
    airtable.expireIterators();

    const error: unknown = await client.list('Customers', { offset }).catch((reason: unknown) => reason);

    expect(isListIteratorExpired(error)).toBe(true);
  });

  test('of records that are too large for one reply comes with fewer at a time', async () => {
    const tooLarge = { status: 200, body: ' '.repeat(9 * 1_024 * 1_024) };
    const server = await serveReplies(tooLarge, { status: 200, body: { records: [], offset: 'itr1' } });

    const page = await openClient({ ...server, base: { id: 'app1' } }).list('Customers', { offset: 'itr0' });

    expect(page.offset).toBe('itr1');
    expect(server.requests.map(({ body }) => JSON.parse(body))).toEqual([
      { offset: 'itr0', pageSize: 100 },
      { offset: 'itr0', pageSize: 10 },
    ]);
  });

  test('keeps a record with an unknown kind of value', async () => {
    const records = [
      { id: 'rec1', createdTime: 7, fields: { name: { what: ['ever'] }, opt_out: null } },
      { id: 'rec2', fields: {} },
    ];
    const server = await serveReplies({ status: 200, body: { records } });

    const page = await openClient({ ...server, base: { id: 'app1' } }).list('Customers');

    expect(page.records).toEqual([
      { id: 'rec1', createdTime: '', fields: { name: { what: ['ever'] }, opt_out: null } },
      { id: 'rec2', createdTime: '', fields: {} },
    ]);
  });
});

describe('records by their ids', () => {
  test('are those that exist', async () => {
    const airtable = await serve([customersTable(rows(120))]);
    const wanted = idsIn(airtable).slice(0, 99);

    const { records } = await openClient(airtable).listByIds('Customers', [...wanted, 'recGone0000000000']);

    expect(records.map(({ id }) => id).sort()).toEqual([...wanted].sort());
    expect(airtable.requests).toHaveLength(1);
  });

  test('are not requested with an invalid id, which might be a formula', async () => {
    const airtable = await serve([customersTable(rows(3))]);

    const { records } = await openClient(airtable).listByIds('Customers', ['rec"),TRUE(),("', '', 'rec']);

    expect(records).toEqual([]);
    expect(airtable.requests).toHaveLength(0);
  });

  test('are read in halves where they are too large for one reply', async () => {
    const tooLarge = { status: 200, body: ' '.repeat(9 * 1_024 * 1_024) };
    const page = (id: string) => ({ status: 200, body: { records: [{ id, createdTime: '', fields: {} }] } });
    const server = await serveReplies(tooLarge, page('rec1'), page('rec2'));

    const client = openClient({ ...server, base: { id: 'app1' } });

    expect((await client.listByIds('Customers', ['rec1', 'rec2'])).records).toHaveLength(2);
    expect(server.requests).toHaveLength(3);
  });
});

describe('missing columns', () => {
  test('are found by name, blank cells or not', async () => {
    const airtable = await serve([customersTable([{ name: 'Ann' }])]);

    expect(await openClient(airtable).missingFields('Customers', ['name', 'sms', 'opt_out'])).toEqual([]);
    expect(await openClient(airtable).missingFields('Customers', ['nope', 'sms', 'Nada'])).toEqual([
      'nope',
      'Nada',
    ]);
  });

  test('are found in a table without records', async () => {
    const airtable = await serve([customersTable([])]);

    expect(await openClient(airtable).missingFields('Customers', ['sms', 'nope'])).toEqual(['nope']);
  });

  test('are all of them where Airtable names none of the requested', async () => {
    const body = { error: { type: 'UNKNOWN_FIELD_NAME', message: 'Unknown' } };
    const server = await serveReplies({ status: 422, body });

    const client = openClient({ ...server, base: { id: 'app1' } });

    expect(await client.missingFields('Customers', ['sms', 'opt_out'])).toEqual(['sms', 'opt_out']);
  });
});

test('the tables come with the ids and names of their columns', async () => {
  const airtable = await serve([customersTable([])]);

  const [table] = await openClient(airtable).tables();

  expect(table).toMatchObject({ id: airtable.base.tables[0]?.id, name: 'Customers' });
  expect(table?.fields).toContainEqual({
    id: expect.stringMatching(/^fld/),
    name: 'sms',
    type: expect.any(String),
  });
});

describe('a write', () => {
  test('changes the named cells of several records', async () => {
    const airtable = await serve([customersTable(rows(2))]);

    await openClient(airtable).update('Customers', idsIn(airtable), { sms: '+14155550101' });

    expect(airtable.base.tables[0]?.records.map(({ fields }) => fields)).toEqual(
      rows(2).map((row) => ({ ...row, sms: '+14155550101' })),
    );
  });

  test('to a missing column has an error of its own', async () => {
    const airtable = await serve([customersTable(rows(1))]);
    const update = openClient(airtable).update('Customers', idsIn(airtable), { nope: 1 });

    await expect(update).rejects.toThrow(UnknownColumnsError);
  });

  test('deletes a record, and reports it as gone the second time', async () => {
    const airtable = await serve([customersTable(rows(1))]);
    const [id = ''] = idsIn(airtable);

    await openClient(airtable).delete('Customers', id);

    await expect(openClient(airtable).delete('Customers', id)).rejects.toThrow(GoneOrForbiddenError);
  });
});

describe('within a callback', () => {
  const openWithin = (
    airtable: AirtableEmulator,
    { limiter = new RateLimiter(), requestLog = new RequestLog(), milliseconds = 4_000 } = {},
  ) => {
    const context = { deadline: Deadline.in(milliseconds), requestLog };
    return new AirtableClient(accessTo(airtable), callbackTransport(context, airtable.url, limiter));
  };

  test('a 429 is not repeated, and nothing is sent until the penalty is over', async () => {
    const airtable = await serve([customersTable([])]);
    const clock = new VirtualClock();
    const limiter = new RateLimiter(4, clock);
    const create = () => openWithin(airtable, { limiter }).create('Customers', { name: 'Ann' });
    airtable.faults.next(1, { kind: 'rate-limit' });

    await expect(create()).rejects.toMatchObject({
      name: 'Unavailable',
      retryAfterSeconds: 30,
      userMessage: 'Airtable is busy right now. Please try again in half a minute.',
    });
    await clock.pause(10_000);
    await expect(create()).rejects.toThrow(ThrottledError);
    await expect(create()).rejects.toMatchObject({ retryAfterSeconds: 20 });
    expect(airtable.requests).toHaveLength(1);

    await clock.pause(20_000);
    await create();
    expect(airtable.requests).toHaveLength(2);
  });

  test('the penalty of one base is not that of another', async () => {
    const throttled = await serve([customersTable([])]);
    const other = await serve([customersTable([])]);
    throttled.faults.always({ kind: 'rate-limit' });
    const open = (airtable: AirtableEmulator) =>
      new AirtableClient(
        { ...accessTo(airtable) },
        callbackTransport({ deadline: Deadline.in(4_000), requestLog: new RequestLog() }, airtable.url),
      );

    await expect(open(throttled).create('Customers', {})).rejects.toThrow(ThrottledError);

    await open(other).create('Customers', { name: 'Ann' });
  });

  test("the month's quota has an error of its own", async () => {
    const airtable = await serve([customersTable([])]);
    airtable.faults.always({ kind: 'monthly-quota' });

    await expect(openWithin(airtable).create('Customers', {})).rejects.toThrow(QuotaExceededError);
    expect(airtable.requests).toHaveLength(1);
  });

  test.each<Fault>([
    { kind: 'server-error' },
    { kind: 'bad-gateway' },
    { kind: 'connection-reset' },
    { kind: 'response-lost' },
    { kind: 'html' },
  ])('a create is not repeated after $kind, because the record may be there', async (fault) => {
    const airtable = await serve([customersTable([])]);
    airtable.faults.next(1, fault);
    const create = openWithin(airtable).create('Customers', { name: 'Ann' });

    await expect(create).rejects.toThrow(UnknownOutcomeError);
    await expect(create).rejects.toMatchObject({ name: 'Unavailable' });
    expect(airtable.requests).toHaveLength(1);
  });

  test('a create is retried on a 503 from Airtable, and not on one from a proxy', async () => {
    const airtable = await serve([customersTable([])]);
    airtable.faults.next(1, { kind: 'unavailable' });

    await openWithin(airtable).create('Customers', { name: 'Ann' });

    expect(idsIn(airtable)).toHaveLength(1);
    const proxy = await serveReplies({ status: 503, body: '<html>' });
    const behindProxy = openWithin({ ...airtable, url: proxy.url });
    await expect(behindProxy.create('Customers', {})).rejects.toThrow(UnknownOutcomeError);
    expect(proxy.requests).toHaveLength(1);
  });

  test.each<Fault>([{ kind: 'server-error' }, { kind: 'unavailable' }, { kind: 'connection-reset' }])(
    'a delete is repeated after $kind, and the request log counts each attempt',
    async (fault) => {
      const airtable = await serve([customersTable(rows(1))]);
      const requestLog = new RequestLog();
      airtable.faults.next(1, fault);

      await openWithin(airtable, { requestLog }).delete('Customers', idsIn(airtable)[0] ?? '');

      expect(requestLog.traffic.Airtable).toEqual({ requests: 2, retries: 1, rateLimited: 0, failures: 1 });
    },
  );

  test('no request outlasts the deadline, and none begins after it', async () => {
    const airtable = await serve([customersTable([])]);
    airtable.faults.always({ kind: 'stalled-body' });
    const client = openWithin(airtable, { milliseconds: 200 });

    await expect(client.list('Customers')).rejects.toThrow('No response from Airtable to POST');
    await expect(client.list('Customers')).rejects.toThrow('Deadline exceeded');
    expect(airtable.requests).toHaveLength(1);
  });

  test('an unknown token shows in the request log, and not in the message', async () => {
    const airtable = await serve([customersTable([])], { tokens: [{ token: 'patOther' }] });
    const requestLog = new RequestLog();

    const error: unknown = await openWithin(airtable, { requestLog })
      .create('Customers', {})
      .catch((reason: unknown) => reason);

    expect(error).toMatchObject({ name: 'CredentialsRefused' });
    expect(String(error)).not.toContain(TOKEN);
    expect(requestLog.credentialsWereRejected).toBe(true);
  });
});
