import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ConnectionStore } from '../../../lambdas/inbox/store/connection-store';
import { handler } from '../../../lambdas/inbox-live';
import { createDynamoClient } from '../../../lambdas/replica/dynamo-client';
import { ANA, BOB, InboxWorld } from '../../world/inbox-world';
import { LiveClient } from '../../world/live-client';
import { closeWorlds } from '../../world/world';

const NOW = new Date('2026-11-26T12:00:00.000Z');
const later = (milliseconds: number) => new Date(NOW.getTime() + milliseconds);

let inbox: InboxWorld;
let client: ReturnType<typeof createDynamoClient>;
let store: ConnectionStore;
beforeAll(async () => {
  inbox = await InboxWorld.start({ customers: [] });
  client = createDynamoClient(process.env);
  store = new ConnectionStore({ client, table: String(process.env['INBOX_TABLE_NAME']) });
});
afterAll(async () => {
  client.destroy();
  await inbox.close();
  await closeWorlds();
});

const liveUrl = async (identity: string) => (await inbox.call(identity, 'liveTicket')).ok.url;
const outcomeOf = (url: string) =>
  LiveClient.connect(url).then(
    (opened) => {
      opened.close();
      return 'opened';
    },
    (error: unknown) => String(error),
  );

describe('a ticket', () => {
  test('is good for 30 seconds', async () => {
    const { ticket, expiresAt } = await store.issueTicket('sub-one', NOW);
    expect(expiresAt).toEqual(later(30_000));
    expect(await store.redeemTicket(ticket, later(30_000))).toBeNull();
    const other = await store.issueTicket('sub-one', NOW);
    expect(await store.redeemTicket(other.ticket, later(29_999))).toBe('sub-one');
  });

  test('is used up even by who comes too late', async () => {
    const { ticket } = await store.issueTicket('sub-one', NOW);
    await store.redeemTicket(ticket, later(60_000));
    expect(await store.redeemTicket(ticket, NOW)).toBeNull();
  });

  test('of ten who use it at once, lets in one', async () => {
    const { ticket } = await store.issueTicket('sub-one', NOW);
    const subjects = await Promise.all(Array.from({ length: 10 }, () => store.redeemTicket(ticket, NOW)));
    expect(subjects.filter((subject) => subject !== null)).toEqual(['sub-one']);
    const url = await liveUrl(ANA);
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => outcomeOf(url)));
    expect(outcomes.filter((outcome) => outcome === 'opened')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome.includes('refused with 401'))).toHaveLength(5);
  });

  test('is not in the table, only its digest, and the item expires', async () => {
    const { ticket } = await store.issueTicket('sub-one', NOW);
    const items = JSON.stringify(await inbox.items());
    expect(items).not.toContain(ticket);
    expect(items).toContain(String(later(30_000).getTime() / 1_000));
  });

  test.each(['', 'x', 'a'.repeat(3_000), '%00', 'a'.repeat(32), '../'.repeat(20), '💬'.repeat(20)])(
    'like %j is refused',
    async (ticket) => {
      const url = (await liveUrl(ANA)).replace(/ticket=.*/, `ticket=${encodeURIComponent(ticket)}`);
      expect(await outcomeOf(url)).toContain('refused with 401');
    },
  );

  test('of a worker who was taken out of the team meanwhile is refused', async () => {
    const dan = {
      identity: 'dan@example.com',
      name: 'Dan',
      isAvailable: true,
      subject: 'sub-dan@example.com',
    };
    await inbox.workers.save({ ...dan, isActive: true });
    const url = await liveUrl(dan.identity);
    await inbox.workers.save({ ...dan, isActive: false });
    expect(await outcomeOf(url)).toContain('refused with 403');
    expect(await store.connectionsOf(dan.identity, new Date())).toEqual([]);
  });

  test('leads to the worker it was issued to, with an identity in the address or not', async () => {
    const url = await liveUrl(ANA);
    const opened = await LiveClient.connect(`${url}&identity=${BOB}&sub=sub-${BOB}`);
    expect(await store.connectionsOf(ANA, new Date())).toHaveLength(1);
    expect(await store.connectionsOf(BOB, new Date())).toEqual([]);
    opened.close();
  });
});

describe('a connection', () => {
  let worker = '';
  let number = 0;
  beforeEach(() => {
    number += 1;
    worker = `worker-${number}@example.com`;
  });
  const idsOf = async (now = NOW) => (await store.connectionsOf(worker, now)).map(({ id }) => id);

  test('is kept for longer than API Gateway keeps it open, and then not written to', async () => {
    expect(await store.add(worker, 'one', NOW)).toBe(true);
    expect(await idsOf(later(2 * 60 * 60_000 + 60_000))).toEqual(['one']);
    expect(await idsOf(later(3 * 60 * 60_000))).toEqual([]);
  });

  test('that ended before its function was done is not added', async () => {
    await store.end('early', NOW);
    expect(await store.add(worker, 'early', NOW)).toBe(false);
    expect(await idsOf()).toEqual([]);
  });

  test('is gone once it ended, whichever is first', async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      const id = `race-${turn}`;
      const ending = async () => {
        await delay(Math.random() * 8);
        await store.end(id, NOW);
      };
      await Promise.all([store.add(worker, id, NOW), ending()]);
    }
    expect(await idsOf()).toEqual([]);
  });

  test('with the id of another worker’s does not take it over', async () => {
    await store.add(worker, 'theirs', NOW);
    expect(await store.add('thief@example.com', 'theirs', NOW)).toBe(false);
    expect(await store.connectionsOf('thief@example.com', NOW)).toEqual([]);
    expect(await idsOf()).toEqual(['theirs']);
    await store.end('theirs', NOW);
    expect(await idsOf()).toEqual([]);
  });

  test('that API Gateway does not know any more is removed with the next event', async () => {
    const bob = await inbox.connect(BOB);
    await store.add(BOB, 'gone-long-ago', new Date(Date.now() - 60_000));
    await inbox.call(BOB, 'setAvailability', { body: { isAvailable: true } });
    await bob.next('worker');
    expect((await store.connectionsOf(BOB, new Date())).map(({ id }) => id)).not.toContain('gone-long-ago');
  });

  test('is refused to who has 25 of them', async () => {
    for (let at = 0; at < 25; at += 1) await store.add(ANA, `many-${at}`, new Date());
    expect(await outcomeOf(await liveUrl(ANA))).toContain('refused with 429');
    for (let at = 0; at < 25; at += 1) await store.end(`many-${at}`, new Date());
    expect(await outcomeOf(await liveUrl(ANA))).toBe('opened');
  });
});

const call = (event: unknown) => handler(event);
const frame = (body: unknown) => ({ requestContext: { routeKey: '$default', connectionId: 'none' }, body });

describe('an odd frame', () => {
  test.each([
    frame(undefined),
    frame(null),
    frame(''),
    frame('{'),
    frame('null'),
    frame('"ping"'),
    frame('{"kind":"pong"}'),
    frame('{"kind":["ping"]}'),
    frame('{"__proto__":{"kind":"ping"}}'),
    frame(`{"kind":"ping","more":"${'x'.repeat(130_000)}"}`),
    frame('['.repeat(100_000)),
    frame({ kind: 'ping' }),
    frame('\ud800'),
  ])('%# is ignored', async (event) => {
    expect(await call(event)).toEqual({ statusCode: 200 });
  });

  test.each([
    null,
    undefined,
    'text',
    {},
    { requestContext: { routeKey: '$other', connectionId: 'x' } },
    {
      requestContext: { routeKey: '$default', connectionId: '' },
    },
  ])('or event like %j is a bad request', async (event) => {
    expect(await call(event)).toEqual({ statusCode: 400 });
  });

  test('cannot name another connection: the answer comes to the one that asked', async () => {
    const [ana, bob] = [await inbox.connect(ANA), await inbox.connect(BOB)];
    const [{ id = '' } = {}] = await store.connectionsOf(BOB, new Date());
    ana.send(
      JSON.stringify({ kind: 'ping', connectionId: id, to: id, requestContext: { connectionId: id } }),
    );
    await ana.next('pong');
    await bob.catchUp();
    expect(bob.events.filter(({ kind }) => kind === 'pong')).toHaveLength(1);
  });

  test('of bytes, or in parts, does not end the connection', async () => {
    const ana = await inbox.connect(ANA);
    ana.send('\u0000\u0001');
    ana.send('x'.repeat(100_000));
    ana.send(JSON.stringify({ kind: 'ping' }));
    await ana.next('pong');
    expect(ana.isClosed).toBe(false);
  });
});
