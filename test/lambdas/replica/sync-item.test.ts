import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { webhookKey } from '../../../lambdas/replica/keys';
import { type Lease, LeaseLostError } from '../../../lambdas/replica/replica-store';
import { MemoryReplicaStore } from '../sync/model/memory-replica-store';
import { REPLICA, useReplica } from './replica-fixture';

const MINUTE = 60_000;
/** The model of sync's tests begins with it, too. */
const BLANK = new MemoryReplicaStore().state;
const PASS = { startedAt: 1, finishedAt: 2, customers: 3, mappingVersion: '4' };
const WEBHOOK = {
  id: 'ach00000000000001',
  macSecretBase64: 'c2VjcmV0',
  notificationUrl: 'https://example.com',
};

const replica = useReplica({ isComplete: false });

async function acquired(now: number): Promise<Lease> {
  const lease = await replica.store.acquireLease(now);
  if (lease === null) throw new Error('Another run holds the lease');
  return lease;
}

describe('the lease', () => {
  test('is held by one of many concurrent runs, and one of the others makes it run again', async () => {
    const leases = await Promise.all(Array.from({ length: 8 }, () => replica.base.store().acquireLease(0)));
    const held = leases.flatMap((lease) => lease ?? []);
    expect(held).toHaveLength(1);
    expect(await held[0]?.release()).toBe('again');
    expect(await held[0]?.release()).toBe('released');
  });

  test('is free after its release', async () => {
    expect(await (await acquired(0)).release()).toBe('released');
    expect(await replica.store.acquireLease(0)).not.toBeNull();
  });

  test('is kept by a holder while another run is requested', async () => {
    const lease = await acquired(0);
    expect(await replica.store.acquireLease(1)).toBeNull();
    expect(await lease.release()).toBe('again');
    expect(await replica.store.acquireLease(2)).toBeNull();
    expect(await lease.release()).toBe('again');
    expect(await lease.release()).toBe('released');
  });

  test('passes to another when it was not renewed for a minute', async () => {
    const lost = await acquired(0);
    await lost.renew(MINUTE / 2);
    expect(await replica.store.acquireLease(MINUTE + 1)).toBeNull();
    const next = await acquired(1.5 * MINUTE + 1);
    await expect(lost.renew(1.6 * MINUTE)).rejects.toBeInstanceOf(LeaseLostError);
    await expect(lost.release()).rejects.toBeInstanceOf(LeaseLostError);
    await expect(replica.store.updateState(lost, { cursor: 1 })).rejects.toBeInstanceOf(LeaseLostError);
    await expect(replica.store.writeWebhook(lost, WEBHOOK)).rejects.toBeInstanceOf(LeaseLostError);
    // The run that was requested to run again died: the next run does it all anyway.
    expect(await next.release()).toBe('released');
  });

  test('is still held by a late holder if no other run came', async () => {
    const lease = await acquired(0);
    await lease.renew(10 * MINUTE);
    expect(await replica.store.acquireLease(10.5 * MINUTE)).toBeNull();
  });

  test('is separate for each base', async () => {
    await acquired(0);
    expect(await replica.dynamo.newBase().store().acquireLease(0)).not.toBeNull();
  });
});

describe('the state', () => {
  test('is blank at first', async () => {
    expect(await replica.store.readState()).toEqual(BLANK);
    expect(await replica.store.readWebhook()).toBeNull();
  });

  test('keeps what is not named in an update', async () => {
    const lease = await acquired(0);
    await replica.store.updateState(lease, { lastPass: PASS, ownerColumn: 'text', cursor: 0 });
    await replica.store.updateState(lease, { cursor: 9, passProgress: { startedAt: 5, customers: 6 } });
    await replica.store.updateState(lease, {
      passProgress: null,
      lastFailure: { at: 7, message: 'Airtable is down' },
    });
    await replica.store.updateState(lease, {});
    await lease.release();
    expect(await replica.base.store().readState()).toEqual({
      ...BLANK,
      lastPass: PASS,
      cursor: 9,
      ownerColumn: 'text',
      lastFailure: { at: 7, message: 'Airtable is down' },
    });
  });
});

describe('the webhook', () => {
  test('is registered and removed', async () => {
    const lease = await acquired(0);
    await replica.store.writeWebhook(lease, WEBHOOK);
    expect(await replica.base.store().readWebhook()).toEqual(WEBHOOK);
    await replica.store.writeWebhook(lease, { ...WEBHOOK, notificationUrl: null });
    expect(await replica.store.readWebhook()).toEqual({ ...WEBHOOK, notificationUrl: null });
    await replica.store.writeWebhook(lease, null);
    expect(await replica.store.readWebhook()).toBeNull();
  });

  test('is the only item under the key in the policy', async () => {
    const { pk, sk } = webhookKey(replica.base.baseId);
    const registration = { S: JSON.stringify(WEBHOOK) };
    await replica.base.client.send(
      new PutItemCommand({ TableName: REPLICA, Item: { pk: { S: pk }, sk: { S: sk }, registration } }),
    );
    expect(await replica.store.readWebhook()).toEqual(WEBHOOK);
  });

  test('of a run that lost the lease never replaces the next run’s', async () => {
    const lost = await acquired(0);
    const next = await acquired(2 * MINUTE);
    await replica.store.writeWebhook(next, WEBHOOK);
    await next.release();
    await expect(replica.store.writeWebhook(lost, null)).rejects.toBeInstanceOf(LeaseLostError);
    expect(await replica.store.readWebhook()).toEqual(WEBHOOK);
  });
});
