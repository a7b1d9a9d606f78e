import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { callbackEvent } from '../../world/callback-event';
import { type Clock, stopClock } from '../../world/clock';
import { askCrm } from '../../world/crm';
import { callbackNamed, FIVE_CALLBACKS } from '../../world/five-callbacks';
import { startFive, world } from '../../world/use-world';
import { CREDENTIALS } from '../../world/world';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const NEW_TOKEN = 'b'.repeat(32);
const WRONG_TOKEN = 'f'.repeat(32);

let clock: Clock;
beforeEach(async () => {
  clock = stopClock();
  await startFive();
});
afterEach(async () => {
  clock.release();
  world.secrets.faults.clear();
});

/** How often this world's secret was requested. */
function fetches(): number {
  const arn = world.secrets.arn(world.secretName);
  return world.secrets.requests.filter(({ secretId }) => secretId === arn).length;
}

function rotate(): void {
  world.fillSecret(JSON.stringify({ ...CREDENTIALS, AUTH_TOKEN: NEW_TOKEN }));
}

test('one request to Secrets Manager serves many callbacks', async () => {
  for (const { handler, path, asks } of [...FIVE_CALLBACKS, ...FIVE_CALLBACKS]) {
    expect(await world.ask(handler, asks, { path })).toMatchObject({ status: 200 });
    clock.advance(10 * SECOND);
  }

  expect(fetches()).toBe(1);
});

test('one request to Secrets Manager serves concurrent callbacks', async () => {
  const answers = await world.deliverTogether(
    FIVE_CALLBACKS.map((each) => ({
      handler: each.handler,
      event: callbackEvent(each.asks, { path: each.path, authToken: CREDENTIALS.AUTH_TOKEN }),
    })),
  );

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect(fetches()).toBe(1);
});

// The proxy address needs nothing else from outside, so the status depends on the signature alone.
const { handler, path, asks } = callbackNamed('outgoing-conversation');

const askSignedWith = (authToken: string) => world.ask(handler, asks, { path, authToken });
const askAsEver = () => world.ask(handler, asks, { path });

describe('a token that was rotated', () => {
  test('verifies the first request signed with it, after one request for the secret', async () => {
    await askAsEver();
    rotate();
    clock.advance(MINUTE);

    expect(await askSignedWith(NEW_TOKEN)).toMatchObject({ status: 200 });
    expect(await askSignedWith(NEW_TOKEN)).toMatchObject({ status: 200 });
    expect(fetches()).toBe(2);
  });

  test('verifies several concurrent requests, after one request for the secret', async () => {
    await askAsEver();
    rotate();
    clock.advance(MINUTE);
    const event = callbackEvent(asks, { path, authToken: NEW_TOKEN });

    const answers = await world.deliverTogether([1, 2, 3].map(() => ({ handler, event })));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(fetches()).toBe(2);
  });

  test('makes the old one invalid', async () => {
    await askAsEver();
    rotate();
    clock.advance(MINUTE);
    await askSignedWith(NEW_TOKEN);

    expect(await askAsEver()).toMatchObject({ status: 403 });
  });

  test('is not fetched while the credentials are fresh, and is a little later', async () => {
    await askAsEver();
    rotate();

    expect(await askSignedWith(NEW_TOKEN)).toMatchObject({ status: 403 });
    expect(fetches()).toBe(1);

    clock.advance(MINUTE);
    expect(await askSignedWith(NEW_TOKEN)).toMatchObject({ status: 200 });
    expect(fetches()).toBe(2);
  });

  test('is fetched eventually even without wrong signatures', async () => {
    await askAsEver();
    rotate();
    clock.advance(10 * MINUTE);

    expect(await askSignedWith(NEW_TOKEN)).toMatchObject({ status: 200 });
    expect(fetches()).toBe(2);
  });
});

describe('a flood of wrong signatures', () => {
  test('makes few requests to Secrets Manager, and lets valid ones through', async () => {
    await askAsEver();
    for (let second = 0; second < 120; second += 2) {
      clock.advance(2 * SECOND);
      expect(await askSignedWith(WRONG_TOKEN)).toMatchObject({ status: 403 });
    }

    expect(await askAsEver()).toMatchObject({ status: 200 });
    expect(fetches()).toBeLessThanOrEqual(1 + 120 / 30);
    expect(world.airtableRequests).toHaveLength(0);
  });

  test('does no more harm while Secrets Manager fails', async () => {
    await askAsEver();
    clock.advance(MINUTE);
    world.secrets.faults.always({ kind: 'internal-error' });

    for (let count = 0; count < 20; count += 1) {
      expect(await askSignedWith(WRONG_TOKEN)).toMatchObject({ status: 403 });
    }

    expect(await askAsEver()).toMatchObject({ status: 200 });
    // Two requests each time.
    expect(fetches()).toBeLessThanOrEqual(1 + 2);
  });
});

describe('when the credentials cannot be refreshed', () => {
  test.each(['internal-error', 'throttle', 'access-denied', 'stalled'] as const)(
    'because of %s, the old ones stay in use, with a warning in the log',
    async (fault) => {
      await askAsEver();
      clock.advance(10 * MINUTE);
      world.secrets.faults.always({ kind: fault });

      const { status, log } = await askAsEver();

      expect(status).toBe(200);
      expect(log).toMatchObject([{ warnings: [expect.stringContaining('Could not refresh')] }]);
    },
  );

  test('because the secret was spoilt, the old ones stay in use', async () => {
    await askAsEver();
    clock.advance(10 * MINUTE);
    world.fillSecret('{"ACCOUNT_SID": "AC');

    expect(await askAsEver()).toMatchObject({ status: 200 });
  });
});

describe('a key that Airtable rejects', () => {
  const REVOKED = JSON.stringify({ ...CREDENTIALS, AIRTABLE_API_KEY: 'patRevoked.1' });
  const Channels = JSON.stringify([{ type: 'sms', value: '+14155550177' }]);
  const create = () => askCrm(world, 'CreateCustomer', { DisplayName: 'Jo', Channels });

  test('is fetched again by the next request that writes', async () => {
    world.fillSecret(REVOKED);
    expect(await create()).toMatchObject({ status: 503 });
    world.fillSecret(JSON.stringify(CREDENTIALS));
    clock.advance(MINUTE);

    expect(await create()).toMatchObject({ status: 200 });
    expect(fetches()).toBe(2);
  });

  test('is not fetched at every request', async () => {
    world.fillSecret(REVOKED);
    for (let second = 0; second < 60; second += 5) {
      expect(await create()).toMatchObject({ status: 503 });
      clock.advance(5 * SECOND);
    }

    expect(fetches()).toBeLessThanOrEqual(1 + 60 / 30);
  });
});

test('REST requests use the token that Twilio signed with, even if the other one is revoked', async () => {
  const conversations = callbackNamed('twilio-conversations');
  const rotated = { ...CREDENTIALS, AUTH_TOKEN: NEW_TOKEN, AUTH_TOKEN_SECONDARY: CREDENTIALS.AUTH_TOKEN };
  world.fillSecret(JSON.stringify(rotated));
  const event = callbackEvent(conversations.asks, {
    path: conversations.path,
    authToken: CREDENTIALS.AUTH_TOKEN,
  });

  expect(await world.deliver(conversations.handler, event)).toMatchObject({ status: 200 });
  expect(world.twilio.requests.map(({ status }) => status)).not.toContain(401);
});

test('a token that Twilio rejects is fetched again by the next request', async () => {
  const conversations = callbackNamed('twilio-conversations');
  const refusal = { kind: 'rejected', status: 401, code: 20003, message: 'Authenticate' } as const;
  world.twilio.faults.next(1, refusal);
  const ask = () => world.ask(conversations.handler, conversations.asks, { path: conversations.path });

  expect(await ask()).toMatchObject({
    status: 502,
    body: { message: expect.stringContaining('AUTH_TOKEN') },
  });
  clock.advance(MINUTE);

  expect(await ask()).toMatchObject({ status: 200 });
  expect(fetches()).toBe(2);
});
