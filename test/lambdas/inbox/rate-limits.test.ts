import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LIMITS } from '../../../lambdas/inbox/http/limit-requests';
import { RequestCounter } from '../../../lambdas/inbox/store/request-counter';
import { createDynamoClient } from '../../../lambdas/replica/dynamo-client';
import { ANA, BOB, CARA, InboxWorld } from '../../world/inbox-world';
import { closeWorlds } from '../../world/world';

let inbox: InboxWorld;
beforeAll(async () => {
  inbox = await InboxWorld.start({ customers: [] });
});
afterAll(async () => {
  await inbox.close();
  await closeWorlds();
});

/** More than fit, also where a minute ends between them; a few at once, because a slow counter counts nothing. */
async function manyTimes<T>(limit: number, ask: () => Promise<T>): Promise<T[]> {
  const replies: T[] = [];
  while (replies.length <= 2 * limit) replies.push(...(await Promise.all([ask(), ask(), ask(), ask()])));
  return replies;
}
const NONE = { chatSid: `CH${'0'.repeat(32)}` };

describe('a worker who asks for too much in a minute', () => {
  test('gets no more tickets, learns when to try again, and other requests pass', async () => {
    const replies = await manyTimes(LIMITS.tickets, () => inbox.call(ANA, 'liveTicket'));
    const refused = replies.filter(({ status }) => status === 429);
    expect(replies.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(LIMITS.tickets);
    expect(refused[0]?.error).toMatchObject({
      error: 'throttled',
      message: 'Too much at once, so nothing was done. Please wait a minute.',
      retryAfterSeconds: expect.any(Number),
    });
    expect((await inbox.call(ANA, 'session')).status).toBe(200);
    expect((await inbox.call(ANA, 'chats')).status).toBe(200);
    expect((await inbox.call(BOB, 'liveTicket')).status).toBe(200);
  });

  test('sends and changes nothing more, and can still read', async () => {
    const before = inbox.twilio.requests.length;
    const statuses = await manyTimes(
      LIMITS.writes,
      async () => (await inbox.call(BOB, 'close', { params: NONE })).status,
    );
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
    expect(statuses.filter((status) => status === 404).length).toBeGreaterThanOrEqual(LIMITS.writes);
    expect((await inbox.call(BOB, 'chats')).status).toBe(200);
    expect(inbox.twilio.requests).toHaveLength(before);
  });

  test('says when, in the header that every client knows', async () => {
    const response = await manyTimes(LIMITS.tickets, () =>
      fetch(`${inbox.gateway.url}/api/live-tickets`, {
        method: 'POST',
        headers: { authorization: `Bearer sub-${BOB}` },
      }),
    );
    const refused = response.find(({ status }) => status === 429);
    const seconds = Number(refused?.headers.get('retry-after'));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(60);
  });
});

test('who is not active gets that error, without a time to wait', async () => {
  const statuses = await manyTimes(LIMITS.tickets, async () => (await inbox.call(CARA, 'liveTicket')).status);
  expect(new Set(statuses)).toEqual(new Set([403]));
});

test.each(['throttled', 'stalled', 'server-error'] as const)(
  'a counter that is %s lets every request through, and the log says so',
  async (fault) => {
    const notCounted = () => inbox.log.match(/A request was not counted/g)?.length ?? 0;
    const before = notCounted();
    inbox.world.database.fail(fault, 'requests#');
    try {
      expect((await inbox.call(ANA, 'session')).status).toBe(200);
    } finally {
      inbox.world.database.fail(null);
    }
    expect(notCounted()).toBe(before + 1);
  },
);

describe('the counter', () => {
  let client: ReturnType<typeof createDynamoClient>;
  beforeAll(() => {
    client = createDynamoClient(process.env);
  });
  afterAll(() => client.destroy());
  const counter = () => new RequestCounter({ client, table: String(process.env['INBOX_TABLE_NAME']) });

  test('counts a worker’s minutes apart, and each worker’s own', async () => {
    const now = new Date('2026-11-26T12:00:20.500Z');
    const subject = 'sub-one';
    const other = 'sub-two';
    expect(await counter().count(subject, null, now)).toMatchObject({ requests: 1, writes: 0, tickets: 0 });
    expect(await counter().count(subject, 'writes', now)).toEqual({
      requests: 2,
      writes: 1,
      tickets: 0,
      secondsLeft: 40,
    });
    expect(await counter().count(other, 'tickets', now)).toMatchObject({ requests: 1, tickets: 1 });
    const next = new Date('2026-11-26T12:01:00.000Z');
    expect(await counter().count(subject, 'writes', next)).toEqual({
      requests: 1,
      writes: 1,
      tickets: 0,
      secondsLeft: 60,
    });
  });

  test('loses no request of many at once, and each item expires', async () => {
    const now = new Date('2026-11-26T12:00:00.000Z');
    const counts = await Promise.all(
      Array.from({ length: 100 }, () => counter().count('sub-many', 'writes', now)),
    );
    expect(Math.max(...counts.map(({ writes }) => writes))).toBe(100);
    const items = JSON.stringify(await inbox.items());
    expect(items).toContain(String(Date.parse('2026-11-26T12:11:00Z') / 1_000));
  });
});
