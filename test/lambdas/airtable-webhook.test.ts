import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { lambdaContext } from '../../emulators/lambda/invocation';
import { handler as ping } from '../../lambdas/airtable-webhook';
import { createDynamoClient } from '../../lambdas/replica/dynamo-client';
import { DynamoReplicaStore } from '../../lambdas/replica/dynamo-replica-store';
import { handler as sync } from '../../lambdas/sync';
import { type CallbackEvent, callbackEvent } from '../world/callback-event';
import { captureLogLines } from '../world/log-lines';
import { startWorld, world } from '../world/use-world';
import { closeWorlds } from '../world/world';

let startsBefore = 0;
let webhook: { readonly id: string; readonly macSecretBase64: string };

beforeAll(async () => {
  await startWorld({
    customers: [{ name: 'Ann', sms: '+14155550101' }],
    synced: false,
    settings: { AIRTABLE_WEBHOOK_URL: 'http://127.0.0.1:9/airtable/webhook' },
  });
  world.airtable.webhooks.dropPings(Number.POSITIVE_INFINITY);
  const lines = captureLogLines();
  await sync({ run: 'schedule' }).finally(lines.stop);
  const client = createDynamoClient(process.env);
  const table = process.env['REPLICA_TABLE_NAME'] ?? '';
  const store = new DynamoReplicaStore({ client, table, baseId: world.airtable.base.id });
  const registered = await store.readWebhook();
  client.destroy();
  if (registered === null) throw new Error('Sync registered no webhook');
  webhook = registered;
});

beforeEach(() => {
  startsBefore = world.syncStarts.length;
});

afterAll(async () => {
  await closeWorlds();
});

interface PingParts {
  readonly baseId?: string;
  readonly webhookId?: string;
  readonly body?: string;
  readonly secret?: string;
  readonly mac?: string | null;
  readonly base64?: boolean;
}

function aPing(parts: PingParts = {}): CallbackEvent {
  const { baseId = world.airtable.base.id, webhookId = webhook.id, base64 = true } = parts;
  const body =
    parts.body ??
    JSON.stringify({
      base: { id: baseId },
      webhook: { id: webhookId },
      timestamp: '2026-03-01T12:00:00.000Z',
    });
  const key = Buffer.from(parts.secret ?? webhook.macSecretBase64, 'base64');
  const mac = parts.mac ?? `hmac-sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
  const event = callbackEvent({}, { path: '/airtable/webhook', signature: null });
  return {
    ...event,
    headers: {
      'content-type': 'application/json',
      ...(parts.mac !== null && { 'x-airtable-content-mac': mac }),
    },
    body: base64 ? Buffer.from(body).toString('base64') : body,
    isBase64Encoded: base64,
  };
}

async function deliver(event: CallbackEvent) {
  const lines = captureLogLines();
  try {
    const answer = await ping(event, lambdaContext('airtable-webhook', 10_000));
    return { ...answer, ...lines.taken };
  } finally {
    lines.stop();
  }
}

describe("Airtable's ping", () => {
  test.each([true, false])('starts a run of sync, the body in base64: %s', async (base64) => {
    const answer = await deliver(aPing({ base64 }));
    expect(answer).toMatchObject({ statusCode: 204 });
    expect(answer.body).toBeUndefined();
    expect(world.syncStarts.slice(startsBefore)).toEqual([{ run: 'changes' }]);
    expect(answer.log).toMatchObject([{ callback: 'airtable-webhook', status: 204 }]);
  });

  test.each<[string, () => PingParts]>([
    ['has no authentication code', () => ({ mac: null })],
    ['has a malformed code', () => ({ mac: 'hmac-sha256=abc' })],
    ['has a code in base64', () => ({ mac: `hmac-sha256=${Buffer.alloc(32).toString('base64')}` })],
    ['has the code of another body', () => ({ mac: `hmac-sha256=${'0'.repeat(64)}` })],
    ['is made with another secret', () => ({ secret: 'c2VjcmV0' })],
    ['is from another webhook', () => ({ webhookId: 'ach00000000000000' })],
    ['is about another base', () => ({ baseId: 'app00000000000000' })],
    ['is not JSON', () => ({ body: 'base' })],
    ['is JSON of another kind', () => ({ body: '[]' })],
    ['is empty', () => ({ body: '' })],
    ['is larger than 64 kB', () => ({ body: JSON.stringify({ base: { id: 'x'.repeat(66_000) } }) })],
    ['is huge', () => ({ body: 'x'.repeat(5_000_000) })],
  ])('that %s is rejected with 403 and starts nothing', async (_, parts) => {
    const answer = await deliver(aPing(parts()));
    expect(answer).toMatchObject({ statusCode: 403 });
    expect(answer.body).toBeUndefined();
    expect(answer.log).toMatchObject([{ level: 'WARN', status: 403, failure: { name: 'NotSigned' } }]);
    expect(world.syncStarts.slice(startsBefore)).toEqual([]);
  });

  test('is sent again by Airtable if the run could not be started', async () => {
    world.failSyncStarts(2);
    expect(await deliver(aPing())).toMatchObject({ statusCode: 503 });
    expect(await deliver(aPing())).toMatchObject({ statusCode: 204 });
  });
});
