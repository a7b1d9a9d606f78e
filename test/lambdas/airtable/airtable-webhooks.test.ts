import { describe, expect, test } from '@jest/globals';
import { customersTable } from '../../../emulators/airtable/base-data';
import { GoneOrForbiddenError, UnknownOutcomeError } from '../../../lambdas/airtable/airtable-errors';
import { AirtableWebhooks } from '../../../lambdas/airtable/airtable-webhooks';
import { serve } from '../../emulators/airtable/serve';
import { type ReplyServer, serveReplies } from '../http-client/serve-replies';
import { openClient } from './open-client';

const BASE = { id: 'app00000000000000' };

const open = (server: ReplyServer) =>
  new AirtableWebhooks({ baseId: BASE.id }, openClient({ ...server, base: BASE }));

/** As in Airtable's reference. */
const LISTED = {
  id: 'ach00000000000000',
  type: 'client',
  areNotificationsEnabled: true,
  isHookEnabled: true,
  cursorForNextPayload: 7,
  notificationUrl: 'https://foo.com/receive-ping',
  expirationTime: '2023-01-30T00:00:00.000Z',
  lastSuccessfulNotificationTime: '2022-02-01T21:25:05.663Z',
  lastNotificationResult: { success: true, completionTimestamp: 'x', durationMs: 2.6, retryNumber: 0 },
  specification: { options: { filters: { dataTypes: ['tableData'] } } },
};

describe('the webhooks of the base', () => {
  test('are listed with their health', async () => {
    const failing = {
      ...LISTED,
      areNotificationsEnabled: false,
      lastNotificationResult: { success: false, error: { message: 'a 503' }, willBeRetried: true },
    };
    const { notificationUrl, expirationTime, lastNotificationResult, ...polled } = LISTED;
    const server = await serveReplies({
      status: 200,
      body: {
        webhooks: [
          LISTED,
          failing,
          { ...polled, isHookEnabled: false },
          { ...LISTED, lastNotificationResult: 1 },
        ],
      },
    });

    const webhook = {
      id: LISTED.id,
      notificationUrl,
      areNotificationsEnabled: true,
      isHookEnabled: true,
      cursorForNextPayload: 7,
      expirationTime,
      lastFailure: null,
    };
    expect(await open(server).listWebhooks()).toEqual([
      webhook,
      { ...webhook, areNotificationsEnabled: false, lastFailure: 'a 503' },
      { ...webhook, isHookEnabled: false, notificationUrl: null, expirationTime: null },
      webhook,
    ]);
    expect(server.requests).toMatchObject([{ method: 'GET', target: `/v0/bases/${BASE.id}/webhooks` }]);
  });

  test('are created for every change of a record, with and without a URL', async () => {
    const body = { id: 'ach1', macSecretBase64: 'c2VjcmV0', expirationTime: '2023-01-30T00:00:00.000Z' };
    const server = await serveReplies(
      { status: 200, body },
      { status: 200, body: { ...body, expirationTime: null } },
    );

    expect(
      await open(server).createWebhook({ notificationUrl: 'https://x.example/airtable/webhook' }),
    ).toEqual(body);
    expect(await open(server).createWebhook({ notificationUrl: null })).toMatchObject({
      expirationTime: null,
    });

    const specification = { options: { filters: { dataTypes: ['tableData'] } } };
    expect(server.requests.map((request) => JSON.parse(request.body))).toEqual([
      { notificationUrl: 'https://x.example/airtable/webhook', specification },
      { specification },
    ]);
  });

  test('are not created twice where the response is lost', async () => {
    const server = await serveReplies((response) => response.destroy());

    await expect(open(server).createWebhook({ notificationUrl: null })).rejects.toThrow(UnknownOutcomeError);
    expect(server.requests).toHaveLength(1);
  });

  test.each([200, 204])(
    'are deleted and enabled, to which Airtable responds with %i and no body',
    async (status) => {
      const server = await serveReplies({ status, body: '' });

      await open(server).deleteWebhook('ach1');
      await open(server).enableNotifications('ach1');

      expect(server.requests).toMatchObject([
        { method: 'DELETE', target: `/v0/bases/${BASE.id}/webhooks/ach1` },
        {
          method: 'POST',
          target: `/v0/bases/${BASE.id}/webhooks/ach1/enableNotifications`,
          body: '{"enable":true}',
        },
      ]);
    },
  );

  test('need a token that may manage them', async () => {
    const body = { error: { type: 'INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND' } };

    await expect(open(await serveReplies({ status: 403, body })).listWebhooks()).rejects.toThrow(
      GoneOrForbiddenError,
    );
  });
});

describe('payloads', () => {
  const changes = {
    timestamp: '2022-02-01T21:25:05.663Z',
    baseTransactionNumber: 4,
    payloadFormat: 'v0',
    actionMetadata: { source: 'client', sourceMetadata: {} },
    changedTablesById: {
      tblX: {
        createdRecordsById: { recA: { createdTime: 'x', cellValuesByFieldId: { fldX: 'Ann' } } },
        changedRecordsById: { recB: { current: { cellValuesByFieldId: { fldX: { id: 'selX' } } } } },
        destroyedRecordIds: ['recC'],
        createdFieldsById: {},
      },
      tblY: { changedMetadata: { current: { name: 'Y' } } },
    },
    destroyedTableIds: ['tblZ'],
  };

  test('name the records that were created, changed and destroyed, table by table', async () => {
    const server = await serveReplies({
      status: 200,
      body: { cursor: 5, mightHaveMore: true, payloads: [changes, { timestamp: 'x' }] },
    });

    expect(await open(server).listPayloads('ach1', 3)).toEqual({
      cursor: 5,
      mightHaveMore: true,
      payloads: [
        {
          at: Date.parse(changes.timestamp),
          error: null,
          tables: [
            { tableId: 'tblX', changedRecordIds: ['recA', 'recB'], destroyedRecordIds: ['recC'] },
            { tableId: 'tblY', changedRecordIds: [], destroyedRecordIds: [] },
            { tableId: 'tblZ', changedRecordIds: [], destroyedRecordIds: [] },
          ],
        },
        { at: null, error: null, tables: [] },
      ],
    });
    expect(server.requests).toMatchObject([
      { target: `/v0/bases/${BASE.id}/webhooks/ach1/payloads?cursor=3&limit=50` },
    ]);
  });

  test('show that the webhook is dead, or that they are unreadable, without hiding others', async () => {
    const payloads = [
      { timestamp: 'x', error: true, code: 'INVALID_HOOK' },
      { timestamp: 'x', error: true },
      { error: 'what?' },
      7,
      { changedTablesById: { tblX: { createdRecordsById: ['recA'], destroyedRecordIds: 'recC' } } },
      changes,
    ];
    const server = await serveReplies({ status: 200, body: { cursor: 9, mightHaveMore: false, payloads } });

    expect((await open(server).listPayloads('ach1', 3)).payloads).toMatchObject([
      { error: 'INVALID_HOOK' },
      { error: 'unknown' },
      ...Array(3).fill({ error: 'an unreadable payload', tables: [] }),
      { error: null },
    ]);
  });

  test('too large for one reply are listed fewer at a time', async () => {
    const tooLarge = { status: 200, body: ' '.repeat(9 * 1_024 * 1_024) };
    const server = await serveReplies(tooLarge, {
      status: 200,
      body: { cursor: 4, mightHaveMore: true, payloads: [changes] },
    });

    expect((await open(server).listPayloads('ach1', 3)).payloads).toHaveLength(1);
    expect(server.requests.map(({ target }) => target.split('&')[1])).toEqual(['limit=50', 'limit=10']);
  });
});

test('in the emulator, a webhook lists the changes since it was created', async () => {
  const table = customersTable([{ name: 'Bob' }, { name: 'Cid' }]);
  const [bob = '', cid = ''] = table.records.map(({ id }) => id);
  const airtable = await serve([table]);
  const client = openClient(airtable);
  const webhooks = new AirtableWebhooks({ baseId: airtable.base.id }, client);

  const { id } = await webhooks.createWebhook({ notificationUrl: null });
  const { record } = await client.create('Customers', { name: 'Ann' });
  await client.update('Customers', [bob], { name: 'Rob' });
  await client.delete('Customers', cid);
  const [listed] = await webhooks.listWebhooks();
  const { payloads, cursor, mightHaveMore } = await webhooks.listPayloads(id, 1);
  await webhooks.deleteWebhook(id);

  expect(listed).toMatchObject({ id, notificationUrl: null, isHookEnabled: true, cursorForNextPayload: 4 });
  expect(payloads.flatMap(({ tables }) => tables)).toEqual([
    { tableId: table.id, changedRecordIds: [record.id], destroyedRecordIds: [] },
    { tableId: table.id, changedRecordIds: [bob], destroyedRecordIds: [] },
    { tableId: table.id, changedRecordIds: [], destroyedRecordIds: [cid] },
  ]);
  expect({ cursor, mightHaveMore }).toEqual({ cursor: 4, mightHaveMore: false });
  await expect(webhooks.listPayloads(id, 4)).rejects.toThrow(GoneOrForbiddenError);
  expect(await webhooks.listWebhooks()).toEqual([]);
});
