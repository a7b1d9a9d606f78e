import { describe, expect, test } from '@jest/globals';
import { askForWorker, changeAtTwilio, workersIn } from '../world/conversations';
import { serviceMetrics } from '../world/metrics';
import { startWorld, world } from '../world/use-world';
import type { WorldOptions } from '../world/world';

const [ANA, BOB, DORA, EVE] = ['ana@example.com', 'bob@example.com', 'dora@example.com', 'eve@example.com'];
const CUSTOMER = '+14155550123';

type Seen = { readonly method: string; readonly form: Readonly<Record<string, string>> };
const adds = ({ method }: Seen) => method === 'POST';
const addsOf =
  (...identities: readonly string[]) =>
  ({ form }: Seen) =>
    identities.includes(form['Identity'] ?? '');

async function worldOf(options: WorldOptions = {}) {
  await startWorld({
    customers: [{ id: 1, name: 'Jane', sms: CUSTOMER, owner: ANA }],
    settings: { DEFAULT_WORKER: DORA },
    ...options,
  });
}

async function route(conversation = world.twilio.createConversation()) {
  const answer = await askForWorker(world, conversation, CUSTOMER);
  return { ...answer, conversation, workers: workersIn(world, conversation) };
}

describe('routing while the database fails', () => {
  test.each(['server-error', 'throttled', 'connection-reset', 'stalled'] as const)(
    'gives the conversation to a default worker on the fault %s',
    async (fault) => {
      await worldOf();
      world.database.fail(fault);

      const { status, workers, log } = await route();

      expect([status, workers]).toEqual([200, [DORA]]);
      expect(log).toMatchObject([
        { level: 'INFO', worker: DORA, warnings: [expect.stringContaining('DynamoDB')] },
      ]);
    },
  );

  test('is a 500 if no default worker is set either', async () => {
    await worldOf({ settings: { DEFAULT_WORKER: '' } });
    world.database.fail('server-error');

    expect(await route()).toMatchObject({ status: 500, workers: [] });
  });
});

describe('a worker that Twilio rejects', () => {
  test.each([
    ['is in too many conversations', 400, 50214, ANA],
    ['has an invalid identity', 400, 50407, ANA],
    ['is not permitted', 403, 50107, ANA],
    ['is said not to be found, and is not there', 404, 20404, ANA],
  ])('leaves it to the next candidate if the worker %s', async (_why, status, code, refused) => {
    await worldOf();
    world.twilio.faults.always({ kind: 'rejected', status, code, message: 'No' }, addsOf(refused));

    const answer = await route();

    expect(answer).toMatchObject({ status: 200, workers: [DORA] });
    expect(answer.log).toMatchObject([{ worker: DORA, warnings: [expect.stringContaining(String(code))] }]);
  });

  test('leaves it, after the default workers, to another owner in the base', async () => {
    await worldOf({
      customers: [
        { id: 1, name: 'Jane', sms: CUSTOMER, owner: ANA },
        { id: 2, name: 'Joe', sms: '+14155550124', owner: BOB },
      ],
      settings: { DEFAULT_WORKER: `${DORA},${EVE}` },
    });
    world.twilio.faults.always(
      { kind: 'rejected', status: 400, code: 50214, message: 'Too many' },
      addsOf(ANA, DORA, EVE),
    );

    expect(await route()).toMatchObject({ status: 200, workers: [BOB] });
  });

  test('is not tried twice as owner, default worker or other owner', async () => {
    await worldOf({ settings: { DEFAULT_WORKER: [ANA, DORA].join() } });
    const full = { kind: 'rejected', status: 400, code: 50214, message: 'Too many' } as const;
    world.twilio.faults.always(full, adds);

    expect((await route()).status).toBe(500);
    expect(world.twilio.requests.filter(adds).map(({ form }) => form['Identity'])).toEqual([ANA, DORA]);
  });

  test('counts as added if they are in the conversation, though Twilio returns 404', async () => {
    await worldOf();
    const conversation = world.twilio.createConversation({ participants: [{ identity: ANA }] });
    world.twilio.faults.next(1, { kind: 'rejected', status: 404, code: 20404, message: 'Not found' }, adds);

    expect(await route(conversation)).toMatchObject({ status: 200, workers: [ANA] });
  });
});

describe('routing while Twilio fails', () => {
  test.each([
    ['5xx', { kind: 'server-error' }, 2],
    ['429', { kind: 'rate-limited' }, 3],
    ['429 with a time to wait', { kind: 'rate-limited', retryAfterSeconds: 1 }, 1],
    ['a page of HTML', { kind: 'bad-gateway' }, 1],
    ['a broken connection', { kind: 'connection-reset' }, 2],
    ['silence', { kind: 'stalled' }, 1],
  ] as const)('adds the owner where it gets over %s within the retries', async (_what, fault, times) => {
    await worldOf();
    world.twilio.faults.next(times, fault, adds);

    const { status, workers } = await route();

    expect([status, workers]).toEqual([200, [ANA]]);
    expect(world.twilio.requests.filter(adds)).toHaveLength(times + 1);
  });

  test('adds one worker, once, if the response was lost', async () => {
    await worldOf();
    world.twilio.faults.next(1, { kind: 'response-lost' }, adds);

    expect(await route()).toMatchObject({ status: 200, workers: [ANA] });
    expect(world.twilio.requests.filter(adds)).toHaveLength(1);
  });

  test('still finds another owner if Twilio was silent for the default worker’s time', async () => {
    await worldOf({ customers: [{ id: 1, name: 'Joe', sms: '+14155550124', owner: BOB }] });
    world.twilio.faults.always({ kind: 'stalled' }, addsOf(DORA));

    expect(await route()).toMatchObject({ status: 200, workers: [BOB] });
  });

  test.each([
    ['answers 500', { kind: 'server-error' }],
    ['refuses the credentials', { kind: 'rejected', status: 401, code: 20003, message: 'Authenticate' }],
  ] as const)('is a 500, with a log line worth an alarm, if Twilio %s for ever', async (_how, fault) => {
    await worldOf({ settings: { DEFAULT_WORKER: [DORA, EVE].join() } });
    world.twilio.faults.always(fault);

    const { status, body, log, conversation } = await route();

    expect(status).toBe(500);
    expect(body).toMatchObject({ error: 'ConversationWithoutWorker' });
    expect(log).toMatchObject([
      {
        level: 'ERROR',
        callback: 'routing',
        status: 500,
        conversationSid: conversation.sid,
        failure: { name: 'ConversationWithoutWorker' },
      },
    ]);
  });

  test('tries no other worker if Twilio rejects the credentials', async () => {
    await worldOf();
    world.twilio.faults.always({ kind: 'rejected', status: 401, code: 20003, message: 'Authenticate' });

    const { log } = await route();

    expect(world.twilio.requests.filter(adds)).toHaveLength(1);
    expect(log).toMatchObject([{ failure: { cause: { message: expect.stringContaining('AUTH_TOKEN') } } }]);
  });
});

describe('routing while Twilio throttles', () => {
  test('waits the seconds that Twilio requests, with the same worker', async () => {
    await worldOf();
    const arrivedAt: number[] = [];
    world.twilio.faults.always(
      { kind: 'rate-limited', retryAfterSeconds: 2 },
      (request) => adds(request) && arrivedAt.push(performance.now()) === 1,
    );

    const { status, workers } = await route();

    expect([status, workers]).toEqual([200, [ANA]]);
    const [first = 0, second = 0] = arrivedAt;
    expect(arrivedAt).toHaveLength(2);
    // Node's timers may end a millisecond early.
    expect(second - first).toBeGreaterThanOrEqual(1_990);
    expect(world.twilio.requests.filter(addsOf(DORA))).toEqual([]);
  });

  test('tries no other worker if the wait is longer than the remaining time', async () => {
    await worldOf();
    world.twilio.faults.always({ kind: 'rate-limited', retryAfterSeconds: 30 }, adds);

    expect(await route()).toMatchObject({ status: 500, workers: [] });
    expect(world.twilio.requests.filter(adds)).toHaveLength(1);
  });

  test('continues with the same worker while there is time', async () => {
    await worldOf();
    world.twilio.faults.next(5, { kind: 'rate-limited' }, adds);

    expect(await route()).toMatchObject({ status: 200, workers: [ANA] });
    expect(world.twilio.requests.filter(addsOf(DORA))).toEqual([]);
  });
});

describe('routing while Twilio is slow or its responses are lost', () => {
  test('adds one worker if every response takes longer than routing waits for one', async () => {
    await worldOf({ settings: { DEFAULT_WORKER: [DORA, EVE].join() } });
    world.twilio.faults.always({ kind: 'slow', milliseconds: 2_600 });

    expect(await route()).toMatchObject({ status: 200, workers: [ANA] });
  });

  test('adds one worker if every add is carried out and its response lost', async () => {
    await worldOf({ settings: { DEFAULT_WORKER: [DORA, EVE].join() } });
    world.twilio.faults.always({ kind: 'response-lost' }, adds);

    expect(await route()).toMatchObject({ status: 200, workers: [ANA] });
  });

  test('adds no other worker while it is unknown whether the first was added', async () => {
    await worldOf({ settings: { DEFAULT_WORKER: [DORA, EVE].join() } });
    world.twilio.faults.always({ kind: 'response-lost' }, adds);
    world.twilio.faults.always({ kind: 'server-error' }, ({ method }) => method === 'GET');

    expect(await route()).toMatchObject({ status: 500, workers: [ANA] });
  });

  test('raises no alarm if the worker was added after all', async () => {
    await worldOf({ settings: { DEFAULT_WORKER: '' } });
    const conversation = world.twilio.createConversation();
    world.twilio.faults.always({ kind: 'response-lost' }, adds);

    const answer = await route(conversation);

    expect(answer.status).toBe(200);
    expect(serviceMetrics(answer)).not.toHaveProperty('ConversationsWithoutWorker');
  });

  test.each(['bad-gateway-200', 'empty-object'] as const)(
    'does not count a response without a participant as success: %s',
    async (what) => {
      await worldOf();
      const body = what === 'empty-object' ? '{}' : '<html>Welcome</html>';
      world.twilio.faults.always({ kind: 'other-response', status: 200, body }, addsOf(ANA));

      expect(await route()).toMatchObject({ status: 200, workers: [DORA] });
    },
  );
});

describe('a conversation that Twilio does not find', () => {
  test('is a 404 that counts as a conversation without a worker', async () => {
    await worldOf();
    const answer = await askForWorker(world, { sid: `CH${'0'.repeat(32)}`, state: 'active' }, CUSTOMER);

    expect(answer.status).toBe(404);
    expect(serviceMetrics(answer)).toMatchObject({ ConversationsWithoutWorker: 1 });
  });

  test('gets its worker if it appears a little later', async () => {
    await worldOf();
    const notFound = { kind: 'rejected', status: 404, code: 20404, message: 'Not found' } as const;
    world.twilio.faults.next(3, notFound, ({ path }) => path.includes('/Conversations/'));

    expect(await route()).toMatchObject({ status: 200, workers: [ANA] });
  });
});

describe('a conversation that no longer needs a worker', () => {
  test.each<[what: string, path: string, change: 'POST' | 'DELETE', form: Record<string, string>]>([
    ['is closed', '', 'POST', { State: 'closed' }],
    ['is deleted', '', 'DELETE', {}],
  ])('gets a 404 and no further candidate if it %s', async (_what, path, method, form) => {
    await worldOf();
    const conversation = world.twilio.createConversation();
    await changeAtTwilio(world, method, `/Conversations/${conversation.sid}${path}`, form);

    const { status, log } = await askForWorker(world, conversation, CUSTOMER);

    expect(status).toBe(404);
    expect(world.twilio.requests.filter(addsOf(ANA))).toHaveLength(1);
    expect(world.twilio.requests.filter(addsOf(DORA))).toEqual([]);
    expect(log).toMatchObject([{ level: 'WARN', conversationSid: conversation.sid }]);
  });

  test('raises no alarm if it is closed', async () => {
    await worldOf();
    const conversation = world.twilio.createConversation();
    await changeAtTwilio(world, 'POST', `/Conversations/${conversation.sid}`, { State: 'closed' });

    const answer = await askForWorker(world, conversation, CUSTOMER);

    expect(answer.status).toBe(404);
    expect(serviceMetrics(answer)).not.toHaveProperty('ConversationsWithoutWorker');
  });
});
