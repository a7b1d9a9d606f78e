import { describe, expect, test } from '@jest/globals';
import type { TokenGrant } from '../../../emulators/airtable/access';
import { customersTable } from '../../../emulators/airtable/base-data';
import { manualTime } from './manual-time';
import { call, request, serve, TOKEN } from './serve';
import { createWebhook, listPayloads, theWebhook, webhookBody } from './webhook-calls';

const DAY = 24 * 60 * 60;

describe('a webhook', () => {
  test('returns its secret only at creation', async () => {
    const time = manualTime('2026-03-01T12:00:00.000Z');
    const airtable = await serve([customersTable([])], time);

    const created = await createWebhook(airtable, { notificationUrl: 'http://127.0.0.1:9/ping' });

    expect(created).toEqual({
      id: expect.stringMatching(/^ach[A-Za-z0-9]{14}$/),
      macSecretBase64: expect.stringMatching(/^[A-Za-z0-9+/]{40,}=*$/),
      expirationTime: '2026-03-08T12:00:00.000Z',
    });
    expect(await theWebhook(airtable)).toEqual({
      id: created.id,
      areNotificationsEnabled: true,
      isHookEnabled: true,
      cursorForNextPayload: 1,
      notificationUrl: 'http://127.0.0.1:9/ping',
      expirationTime: '2026-03-08T12:00:00.000Z',
      lastSuccessfulNotificationTime: null,
      lastNotificationResult: null,
      specification: webhookBody().specification,
    });
  });

  test('is deleted with an empty response', async () => {
    const airtable = await serve([customersTable([])]);
    const { id } = await createWebhook(airtable);

    expect(await call(airtable, 'DELETE', `/${id}`, undefined, 'webhooks')).toMatchObject({
      status: 200,
      body: null,
    });

    expect(airtable.webhooks.list()).toEqual([]);
    expect((await call(airtable, 'DELETE', `/${id}`, undefined, 'webhooks')).status).toBe(404);
    expect((await call(airtable, 'GET', `/${id}/payloads`, undefined, 'webhooks')).status).toBe(404);
  });

  test('is limited to ten per base', async () => {
    const airtable = await serve([customersTable([])]);
    for (let count = 0; count < 10; count++) await createWebhook(airtable);

    expect((await call(airtable, 'POST', '', webhookBody(), 'webhooks')).status).toBe(422);

    airtable.webhooks.expire();
    expect((await call(airtable, 'POST', '', webhookBody(), 'webhooks')).status).toBe(422);
  });

  test('counts against the requests per second of its base', async () => {
    const airtable = await serve([customersTable([])], { ...manualTime(), limits: { requestsPerSecond: 2 } });
    const { id } = await createWebhook(airtable);

    await listPayloads(airtable, id);

    expect((await call(airtable, 'GET', '/Customers')).status).toBe(429);
  });
});

describe('a specification', () => {
  const table = customersTable([]);

  test.each([
    ['no data types', { specification: { options: { filters: { dataTypes: [] } } } }],
    ['an unknown filter', webhookBody({ filters: { fromSource: ['client'] } })],
    ['a table by its name', webhookBody({ filters: { recordChangeScope: 'Customers' } })],
    ['an unknown field', webhookBody({ includes: { includeCellValuesInFieldIds: ['name'] } })],
    ['a URL that is not one', webhookBody({ notificationUrl: 'example' })],
    ['no specification', {}],
  ])('with %s is rejected', async (_what, body) => {
    const airtable = await serve([table]);

    expect((await call(airtable, 'POST', '', body, 'webhooks')).status).toBe(422);
  });

  test.each([
    ['sourceOptions', { sourceOptions: { formSubmission: { viewId: 'viw' } } }],
    ['watchSchemasOfFieldIds', { watchSchemasOfFieldIds: [table.fields[0]?.id] }],
    ['a view as recordChangeScope', { recordChangeScope: table.views[0]?.id }],
    ['watchDataInFieldIds', { watchDataInFieldIds: [table.fields[0]?.id] }],
  ])('with %s, which the emulator does not cover, is a 501 that names it', async (name, filters) => {
    const airtable = await serve([table]);

    const { status, body } = await call(airtable, 'POST', '', webhookBody({ filters }), 'webhooks');

    expect(status).toBe(501);
    expect(JSON.stringify(body)).toContain(name);
  });
});

describe('a token', () => {
  const served = (grant: Partial<TokenGrant>) =>
    serve([customersTable([])], { tokens: [{ token: TOKEN }, { token: 'patOther', ...grant }] });
  const other = (url: string, method = 'GET', body?: unknown) => request(url, method, body, 'patOther');

  test.each([
    [['data.records:read'], 403],
    [['webhook:manage'], 403],
    [['webhook:manage', 'schema.bases:read'], 403],
    [['webhook:manage', 'data.records:read'], 200],
  ])('with the scopes %p gets %i when it creates a webhook for records', async (scopes, status) => {
    const airtable = await served({ scopes });
    const url = `${airtable.url}/v0/bases/${airtable.base.id}/webhooks`;

    expect((await other(url, 'POST', webhookBody())).status).toBe(status);
  });

  test('needs the scope of the data in the payloads to list them', async () => {
    const airtable = await served({ scopes: ['webhook:manage', 'data.records:read'] });
    const url = `${airtable.url}/v0/bases/${airtable.base.id}/webhooks`;
    const records = await createWebhook(airtable);
    const fields = await createWebhook(airtable, { filters: { dataTypes: ['tableFields'] } });

    expect((await other(`${url}/${records.id}/payloads`)).status).toBe(200);
    expect((await other(`${url}/${fields.id}/payloads`)).status).toBe(403);
  });

  test('of an editor can list webhooks and payloads, but not manage webhooks', async () => {
    const airtable = await served({ role: 'edit' });
    const url = `${airtable.url}/v0/bases/${airtable.base.id}/webhooks`;
    const { id } = await createWebhook(airtable);

    const reads = [await other(url), await other(`${url}/${id}/payloads`)];
    const writes = [
      await other(url, 'POST', webhookBody()),
      await other(`${url}/${id}/refresh`, 'POST'),
      await other(`${url}/${id}/enableNotifications`, 'POST', { enable: true }),
      await other(`${url}/${id}`, 'DELETE'),
    ];

    expect(reads.map(({ status }) => status)).toEqual([200, 200]);
    expect(writes.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  });

  test('of a reader cannot write records', async () => {
    const airtable = await served({ role: 'read' });
    const url = `${airtable.url}/v0/${airtable.base.id}/Customers`;

    expect((await other(url)).status).toBe(200);
    expect((await other(url, 'POST', { fields: { name: 'Ann' } })).status).toBe(403);
  });

  test('without access to a base is forbidden to list its webhooks', async () => {
    const airtable = await served({ bases: ['appOther'] });

    expect((await other(`${airtable.url}/v0/bases/${airtable.base.id}/webhooks`)).status).toBe(403);
  });
});

describe('the life of a webhook', () => {
  test('lasts seven days, and a listing of payloads or a refresh prolongs it', async () => {
    const time = manualTime('2026-03-01T12:00:00.000Z');
    const airtable = await serve([customersTable([])], time);
    const { id } = await createWebhook(airtable);

    time.advance(6 * DAY);
    await listPayloads(airtable, id);
    expect(await theWebhook(airtable)).toMatchObject({ expirationTime: '2026-03-14T12:00:00.000Z' });

    time.advance(6 * DAY);
    expect((await call(airtable, 'POST', `/${id}/refresh`, undefined, 'webhooks')).body).toEqual({
      expirationTime: '2026-03-20T12:00:00.000Z',
    });

    time.advance(7 * DAY);
    expect(await theWebhook(airtable)).toMatchObject({ isHookEnabled: false });
  });

  test('ends without new payloads; the old ones stay readable for seven days', async () => {
    const time = manualTime();
    const airtable = await serve([customersTable([])], time);
    const { id } = await createWebhook(airtable);
    time.advance(6 * DAY);
    airtable.edit.addRecord('Customers', { name: 'Ann' });
    time.advance(DAY);

    airtable.edit.addRecord('Customers', { name: 'Bob' });

    expect((await listPayloads(airtable, id)).payloads).toHaveLength(1);
    expect((await call(airtable, 'POST', `/${id}/refresh`, undefined, 'webhooks')).status).toBe(422);
    expect(await theWebhook(airtable)).toMatchObject({ isHookEnabled: false });
    time.advance(7 * DAY);
    expect(airtable.webhooks.list()).toEqual([]);
  });

  test('ends at once when a test says so', async () => {
    const airtable = await serve([customersTable([])]);
    const { id } = await createWebhook(airtable);

    airtable.webhooks.expire(id);

    airtable.edit.addRecord('Customers', { name: 'Ann' });
    expect(await listPayloads(airtable, id)).toEqual({ cursor: 1, mightHaveMore: false, payloads: [] });
  });
});
