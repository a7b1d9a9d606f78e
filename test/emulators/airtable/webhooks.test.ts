import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import type { AirtableEmulator, AirtableOptions } from '../../../emulators/airtable/airtable-emulator';
import { customersTable } from '../../../emulators/airtable/base-data';
import { type Listening, startHttpServer } from '../../../emulators/core/http-server';
import { until } from '../../world/until';
import { call, clock, errorOf, request, serve, TOKEN } from './serve';

const DAY = 24 * 60 * 60;
const SPECIFICATION = { options: { filters: { dataTypes: ['tableData'] } } };
const Created = v.object({ id: v.string(), macSecretBase64: v.string(), expirationTime: v.string() });
const Page = v.object({
  cursor: v.number(),
  mightHaveMore: v.boolean(),
  payloads: v.array(v.looseObject({})),
});

const hooks = (airtable: AirtableEmulator, method: string, path = '', body?: unknown) =>
  call(airtable, method, path, body, 'webhooks');
const create = async (airtable: AirtableEmulator, notificationUrl?: string) =>
  v.parse(
    Created,
    (await hooks(airtable, 'POST', '', { notificationUrl, specification: SPECIFICATION })).body,
  );
const payloadsOf = async (airtable: AirtableEmulator, id: string, query = '') =>
  v.parse(Page, (await hooks(airtable, 'GET', `/${id}/payloads${query}`)).body);
const served = (options: Partial<AirtableOptions> = {}) => serve([customersTable([])], options);

describe('a webhook', () => {
  test('returns its secret only at creation', async () => {
    const airtable = await served({ now: clock('2026-03-01T12:00:00.000Z').now });

    const created = await create(airtable, 'http://127.0.0.1:9/ping');

    expect(created).toEqual({
      id: expect.stringMatching(/^ach[A-Za-z0-9]{14}$/),
      macSecretBase64: expect.stringMatching(/^[A-Za-z0-9+/]{40,}=*$/),
      expirationTime: '2026-03-08T12:00:00.000Z',
    });
    expect((await hooks(airtable, 'GET')).body).toEqual({
      webhooks: [
        {
          id: created.id,
          areNotificationsEnabled: true,
          isHookEnabled: true,
          cursorForNextPayload: 1,
          notificationUrl: 'http://127.0.0.1:9/ping',
          expirationTime: created.expirationTime,
          lastSuccessfulNotificationTime: null,
          lastNotificationResult: null,
          specification: SPECIFICATION,
        },
      ],
    });
  });

  test('is deleted with an empty response', async () => {
    const airtable = await served();
    const { id } = await create(airtable);

    expect(await hooks(airtable, 'DELETE', `/${id}`)).toMatchObject({ status: 200, body: null });
    expect(airtable.webhooks.list()).toEqual([]);
    expect((await hooks(airtable, 'DELETE', `/${id}`)).status).toBe(404);
    expect((await hooks(airtable, 'GET', `/${id}/payloads`)).status).toBe(404);
  });

  test('is limited to ten per base, including expired ones', async () => {
    const airtable = await served();
    for (let count = 0; count < 10; count++) await create(airtable);
    airtable.webhooks.expire();

    expect(await hooks(airtable, 'POST', '', { specification: SPECIFICATION })).toMatchObject(
      errorOf(422, 'TOO_MANY_WEBHOOKS_IN_BASE'),
    );
  });

  test.each([
    ['no data types', { specification: { options: { filters: { dataTypes: [] } } } }, 422],
    ['an invalid URL', { notificationUrl: 'example', specification: SPECIFICATION }, 422],
    ['no specification', {}, 422],
    ['other data', { specification: { options: { filters: { dataTypes: ['tableFields'] } } } }, 501],
    [
      'a filter',
      { specification: { options: { filters: { dataTypes: ['tableData'], fromSources: ['client'] } } } },
      501,
    ],
    ['includes', { specification: { options: { ...SPECIFICATION.options, includes: {} } } }, 501],
  ])('with %s is rejected', async (_what, body, status) => {
    expect((await hooks(await served(), 'POST', '', body)).status).toBe(status);
  });

  test.each([
    [['data.records:read'], 403],
    [['webhook:manage'], 403],
    [['webhook:manage', 'data.records:read'], 200],
  ])('needs scopes: with %p the status is %i', async (scopes, status) => {
    const airtable = await served({ tokens: [{ token: TOKEN }, { token: 'patOther', scopes }] });
    const { id } = await create(airtable);
    const url = `${airtable.url}/v0/bases/${airtable.base.id}/webhooks`;

    const creation = await request(url, 'POST', { specification: SPECIFICATION }, 'patOther');
    const payloads = await request(`${url}/${id}/payloads`, 'GET', undefined, 'patOther');

    expect([creation.status, payloads.status]).toEqual([status, status]);
  });

  test('lives seven days, prolonged by each listing; payloads stay readable for seven days', async () => {
    const time = clock('2026-03-01T12:00:00.000Z');
    const airtable = await served({ now: time.now });
    const { id } = await create(airtable);

    time.advance(6 * DAY);
    await payloadsOf(airtable, id);
    expect(airtable.webhooks.list()).toMatchObject([{ expirationTime: '2026-03-14T12:00:00.000Z' }]);
    airtable.edit.addRecord('Customers', { name: 'Ann' });
    airtable.webhooks.expire(id);
    airtable.edit.addRecord('Customers', { name: 'Bob' });

    expect((await payloadsOf(airtable, id)).payloads).toHaveLength(1);
    expect(airtable.webhooks.list()).toMatchObject([{ isHookEnabled: false }]);
    time.advance(7 * DAY);
    expect(airtable.webhooks.list()).toEqual([]);
  });
});

describe('a payload', () => {
  test('names the records that the API and a person create, change and delete', async () => {
    const airtable = await served({ now: clock('2026-03-01T12:00:00.000Z').now });
    const { id } = await create(airtable);
    const [table] = airtable.base.tables;

    await call(airtable, 'POST', '/Customers', { fields: { name: 'Ann' } });
    const record = table?.records[0]?.id ?? '';
    await call(airtable, 'PATCH', `/Customers/${record}`, { fields: { name: 'Ann' } });
    await call(airtable, 'PATCH', `/Customers/${record}`, { fields: { nope: 1 } });
    airtable.edit.changeRecord('Customers', record, { name: 'Anna' });
    airtable.edit.deleteRecord('Customers', record);
    airtable.edit.undoDelete(record);
    airtable.edit.removeTable('Customers');

    const tableId = table?.id ?? '';
    const created = { createdRecordsById: { [record]: { createdTime: '2026-03-01T12:00:00.000Z' } } };
    const { payloads, cursor } = await payloadsOf(airtable, id);
    expect(payloads).toMatchObject([
      { baseTransactionNumber: 1, payloadFormat: 'v0', changedTablesById: { [tableId]: created } },
      {
        baseTransactionNumber: 2,
        changedTablesById: { [tableId]: { changedRecordsById: { [record]: {} } } },
      },
      { changedTablesById: { [tableId]: { destroyedRecordIds: [record] } } },
      { changedTablesById: { [tableId]: created } },
      { destroyedTableIds: [tableId] },
    ]);
    expect(cursor).toBe(6);
  });

  test('covers all edits of one action, without those that the action reverted', async () => {
    const airtable = await served();
    const { id } = await create(airtable);

    const kept = airtable.edit.atOnce(() => {
      const { id: reverted } = airtable.edit.addRecord('Customers', { name: 'Bob' });
      airtable.edit.deleteRecord('Customers', reverted);
      return airtable.edit.addRecord('Customers', { name: 'Ann' });
    });

    const table = airtable.base.tables[0]?.id ?? '';
    const createdRecordsById = { [kept.id]: { createdTime: kept.createdTime } };
    expect((await payloadsOf(airtable, id)).payloads).toMatchObject([
      { changedTablesById: { [table]: { createdRecordsById } } },
    ]);
  });

  test('comes with at most fifty from the cursor, and with the next cursor', async () => {
    const airtable = await served();
    const { id } = await create(airtable);
    for (let count = 0; count < 51; count++) airtable.edit.addRecord('Customers', { name: `c${count}` });

    expect(await payloadsOf(airtable, id)).toMatchObject({ cursor: 51, mightHaveMore: true });
    expect(await payloadsOf(airtable, id, '?cursor=51&limit=1')).toMatchObject({
      cursor: 52,
      mightHaveMore: false,
    });
    for (const query of ['?limit=51', '?limit=0', '?cursor=one'])
      expect((await hooks(airtable, 'GET', `/${id}/payloads${query}`)).status).toBe(422);
  });

  test('with an error ends the webhook', async () => {
    const airtable = await served();
    const { id } = await create(airtable);

    airtable.webhooks.injectErrorPayload('INVALID_HOOK');
    airtable.edit.addRecord('Customers', { name: 'Ann' });

    expect((await payloadsOf(airtable, id)).payloads).toMatchObject([{ error: true, code: 'INVALID_HOOK' }]);
    expect(airtable.webhooks.list()).toMatchObject([{ isHookEnabled: false }]);
  });
});

describe('a ping', () => {
  const receivers: Listening[] = [];
  afterEach(async () => {
    await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
  });

  /** A webhook that pings a server with this response status. */
  async function pinged(status = 204, time = clock()) {
    const pings: { readonly body: string; readonly headers: IncomingHttpHeaders }[] = [];
    const receiver = await startHttpServer({
      maxBodyBytes: 1_000,
      respond: async ({ headers }, body) => {
        pings.push({ body: body.toString(), headers });
        return { status };
      },
      respondToError: () => ({ status: 500 }),
    });
    receivers.push(receiver);
    const airtable = await served({ firstPingRetryMs: 0, now: time.now });
    const webhook = await create(airtable, receiver.url);
    const result = () => airtable.webhooks.list()[0]?.lastNotificationResult;
    return { airtable, pings, webhook, result };
  }

  test('comes after a change, signed and without data', async () => {
    const { airtable, pings, webhook, result } = await pinged();

    await call(airtable, 'POST', '/Customers', { fields: { name: 'Ann' } });
    await until(() => result() !== null);

    const [{ body, headers } = { body: '', headers: {} }] = pings;
    expect(JSON.parse(body)).toEqual({
      base: { id: airtable.base.id },
      webhook: { id: webhook.id },
      timestamp: expect.any(String),
    });
    const key = Buffer.from(webhook.macSecretBase64, 'base64');
    const mac = createHmac('sha256', key).update(body).digest('hex');
    expect(headers['x-airtable-content-mac']).toBe(`hmac-sha256=${mac}`);
    expect(result()).toMatchObject({ success: true, retryNumber: 0 });
  });

  test('is repeated thirteen times, then notifications are disabled until they are enabled', async () => {
    const { airtable, pings, webhook, result } = await pinged(500);

    airtable.edit.addRecord('Customers', { name: 'Ann' });
    await until(() => airtable.webhooks.list()[0]?.areNotificationsEnabled === false);

    expect(pings).toHaveLength(14);
    expect(result()).toMatchObject({
      success: false,
      willBeRetried: false,
      retryNumber: 13,
      error: { message: 'The HTTP request returned a 500 status code instead of 200 or 204' },
    });
    expect(
      (await hooks(airtable, 'POST', `/${webhook.id}/enableNotifications`, { enable: true })).body,
    ).toBeNull();
    airtable.edit.addRecord('Customers', { name: 'Bob' });
    await until(() => pings.length > 14);
  });

  const Ping = v.pipe(v.string(), v.parseJson(), v.object({ timestamp: v.string() }));
  /** When the pings were sent. One follows the other, so none comes between these and a later one. */
  const timesOf = (pings: readonly { readonly body: string }[]) =>
    pings.map(({ body }) => v.parse(Ping, body).timestamp.slice(11, 16));

  test('is shared by the changes during a ping, and can be lost', async () => {
    const time = clock('2026-03-01T12:00:00.000Z');
    const { airtable, pings, result } = await pinged(204, time);
    airtable.webhooks.dropPings(1);
    airtable.edit.addRecord('Customers', { name: 'lost' });

    for (let count = 0; count < 5; count++) airtable.edit.addRecord('Customers', { name: `c${count}` });
    await until(() => pings.length === 2 && result() !== null);
    time.advance(3_600);
    airtable.edit.addRecord('Customers', { name: 'later' });
    await until(() => timesOf(pings).includes('13:00'));

    expect(timesOf(pings)).toEqual(['12:00', '12:00', '13:00']);
  });

  test('is not sent about changes while notifications are disabled', async () => {
    const time = clock('2026-03-01T12:00:00.000Z');
    const { airtable, pings, webhook } = await pinged(204, time);
    airtable.webhooks.disableNotifications();
    airtable.edit.addRecord('Customers', { name: 'unnoticed' });
    time.advance(3_600);
    await hooks(airtable, 'POST', `/${webhook.id}/enableNotifications`, { enable: true });
    airtable.edit.addRecord('Customers', { name: 'noticed' });
    await until(() => timesOf(pings).includes('13:00'));

    expect(timesOf(pings)).toEqual(['13:00']);
  });
});
