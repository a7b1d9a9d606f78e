import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { AirtableEmulator } from '../../../emulators/airtable/airtable-emulator';
import { customersTable } from '../../../emulators/airtable/base-data';
import { contentMac } from '../../../emulators/airtable/webhooks/ping-request';
import { manualTime } from './manual-time';
import { receivePings } from './ping-receiver';
import { call, serve } from './serve';
import { createWebhook, listPayloads, theWebhook } from './webhook-calls';

let number = 0;
const change = (airtable: AirtableEmulator) => airtable.edit.addRecord('Customers', { id: ++number });

async function served(respond?: (count: number) => number | 'nothing') {
  const { url, pings } = await receivePings(respond);
  const time = manualTime('2026-03-01T12:00:00.000Z');
  const airtable = await serve([customersTable([])], time);
  const webhook = await createWebhook(airtable, { notificationUrl: url });
  return { airtable, pings, time, webhook };
}

test.each([
  [
    '{"base": {"id": "app00000000000000"}, "webhook": {"id": "ach00000000000000"}, "timestamp": "2022-02-01T21:25:05.663Z"}',
    'hmac-sha256=e26da696a90933647bddc83995c3e1e3bb1c3d8ce1ff61cb7469767d50b2b2d4',
  ],
  [
    '{"base":{"id":"app00000000000000"},"webhook":{"id":"ach00000000000000"},"timestamp":"2022-02-01T21:25:05.663Z"}',
    'hmac-sha256=6486781ffbbd5e9ed3bd9137d539ab9dceec8dba7c65c6cbf3c8c3ceefbf8802',
  ],
])('the MAC covers the exact bytes, as in the vectors of airtable.md#webhook-notifications', (body, mac) => {
  expect(contentMac(body, Buffer.from('c2VjcmV0LWtleQ==', 'base64'))).toBe(mac);
});

describe('a ping', () => {
  test('comes at once after a change, signed and without data', async () => {
    const { airtable, pings, webhook } = await served();

    await call(airtable, 'POST', '/Customers', { fields: { name: 'Ann' } });
    await airtable.webhooks.flush();

    const [ping] = pings;
    expect(pings).toHaveLength(1);
    expect(JSON.parse(ping?.body ?? '')).toEqual({
      base: { id: airtable.base.id },
      webhook: { id: webhook.id },
      timestamp: '2026-03-01T12:00:00.000Z',
    });
    const key = Buffer.from(webhook.macSecretBase64, 'base64');
    expect(ping?.mac).toBe(
      `hmac-sha256=${createHmac('sha256', key)
        .update(ping?.body ?? '')
        .digest('hex')}`,
    );
    expect(ping?.contentType).toBe('application/json');
    expect(await theWebhook(airtable)).toMatchObject({
      lastSuccessfulNotificationTime: '2026-03-01T12:00:00.000Z',
      lastNotificationResult: { success: true, retryNumber: 0 },
    });
  });

  test('does not come for a change that the filters leave out', async () => {
    const { airtable, pings } = await served();

    airtable.edit.renameField('Customers', 'sms', 'mobile');
    await airtable.webhooks.flush();

    expect(pings).toEqual([]);
  });

  test.each([200, 204])('is delivered by status %i', async (status) => {
    const { airtable } = await served(() => status);

    change(airtable);
    await airtable.webhooks.flush();

    expect(airtable.webhooks.pendingPings).toBe(0);
  });

  test.each([202, 302, 400, 503])('is not delivered by status %i', async (status) => {
    const { airtable } = await served(() => status);

    change(airtable);
    await airtable.webhooks.flush();

    expect(await theWebhook(airtable)).toMatchObject({
      areNotificationsEnabled: true,
      lastSuccessfulNotificationTime: null,
      lastNotificationResult: {
        success: false,
        error: { message: `The HTTP request returned a ${status} status code instead of 200 or 204` },
        willBeRetried: true,
        retryNumber: 0,
      },
    });
    expect(airtable.webhooks.pendingPings).toBe(1);
  });

  test('without a response within 25 s is not delivered', async () => {
    const { airtable, time } = await served(() => 'nothing');

    change(airtable);
    time.advance(25);
    await airtable.webhooks.flush();

    expect(airtable.webhooks.list()).toMatchObject([
      { lastNotificationResult: { success: false, durationMs: 25_000 } },
    ]);
  });

  test('is retried after 10 s, then 20 s, until it is delivered', async () => {
    const { airtable, pings, time } = await served((count) => (count < 3 ? 500 : 204));
    change(airtable);
    await airtable.webhooks.flush();

    const counts: number[] = [];
    for (const seconds of [9.9, 0.1, 19.9, 0.1, 100_000]) {
      time.advance(seconds);
      await airtable.webhooks.flush();
      counts.push(pings.length);
    }

    expect(counts).toEqual([1, 2, 2, 3, 3]);
    expect(airtable.webhooks.list()).toMatchObject([
      { lastNotificationResult: { success: true, retryNumber: 2 } },
    ]);
  });

  test('stops after thirteen retries in about a day: notifications are disabled, payloads continue', async () => {
    const { airtable, pings, time, webhook } = await served(() => 500);
    change(airtable);
    await airtable.webhooks.flush();

    for (let retry = 0; retry < 13; retry++) {
      time.advance(10 * 2 ** retry);
      await airtable.webhooks.flush();
    }

    expect(pings).toHaveLength(14);
    expect(await theWebhook(airtable)).toMatchObject({
      areNotificationsEnabled: false,
      isHookEnabled: true,
      lastNotificationResult: { success: false, willBeRetried: false, retryNumber: 13 },
    });
    change(airtable);
    await airtable.webhooks.flush();
    expect(pings).toHaveLength(14);
    expect((await listPayloads(airtable, webhook.id)).payloads).toHaveLength(2);
  });

  test('resumes when notifications are enabled', async () => {
    const { airtable, pings, webhook } = await served();
    airtable.webhooks.disableNotifications(webhook.id);
    change(airtable);
    await airtable.webhooks.flush();
    expect(pings).toEqual([]);

    const enabled = await call(
      airtable,
      'POST',
      `/${webhook.id}/enableNotifications`,
      { enable: true },
      'webhooks',
    );
    change(airtable);
    await airtable.webhooks.flush();

    expect(enabled).toMatchObject({ status: 200, body: null });
    expect(pings).toHaveLength(1);
  });

  test('is shared by changes made while one is being sent', async () => {
    const { airtable, pings } = await served();

    for (let count = 0; count < 20; count++) change(airtable);
    await airtable.webhooks.flush();

    expect(pings).toHaveLength(2);
  });

  test('that waits for a retry is cancelled with its webhook', async () => {
    const { airtable, pings, time, webhook } = await served(() => 500);
    change(airtable);
    await airtable.webhooks.flush();

    await call(airtable, 'DELETE', `/${webhook.id}`, undefined, 'webhooks');
    time.advance(100);
    await airtable.webhooks.flush();

    expect(pings).toHaveLength(1);
    expect(airtable.webhooks.pendingPings).toBe(0);
  });
});

describe('a test', () => {
  test('can merge pings', async () => {
    const { airtable, pings } = await served();
    airtable.webhooks.coalescePings();

    change(airtable);
    change(airtable);
    expect(airtable.webhooks.pendingPings).toBe(1);
    await airtable.webhooks.flush();

    expect(pings).toHaveLength(1);
  });

  test('can repeat pings', async () => {
    const { airtable, pings } = await served();
    airtable.webhooks.repeatPings(3);

    change(airtable);
    await airtable.webhooks.flush();

    expect(pings).toHaveLength(3);
  });

  test('can lose pings', async () => {
    const { airtable, pings } = await served();
    airtable.webhooks.dropPings(1);

    change(airtable);
    await airtable.webhooks.flush();
    expect(pings).toHaveLength(0);

    change(airtable);
    await airtable.webhooks.flush();
    expect(pings).toHaveLength(1);
  });

  test('can send a ping without a change', async () => {
    const { airtable, pings, webhook } = await served();

    airtable.webhooks.spuriousPing();
    await airtable.webhooks.flush();

    expect(pings).toHaveLength(1);
    expect((await listPayloads(airtable, webhook.id)).payloads).toEqual([]);
  });
});
