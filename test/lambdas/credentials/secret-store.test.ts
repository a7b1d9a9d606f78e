import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { RESPONSE_BUDGET_MS } from '../../../lambdas/twilio/callbacks';
import { callbackEvent } from '../../world/callback-event';
import { callbackNamed, FIVE_CALLBACKS } from '../../world/five-callbacks';
import { startFive, world } from '../../world/use-world';
import { CREDENTIALS } from '../../world/world';

beforeEach(() => startFive());
afterEach(async () => {
  world.secrets.faults.clear();
});

const { ACCOUNT_SID, AUTH_TOKEN, AIRTABLE_API_KEY } = CREDENTIALS;
/** Samples: the parser has its own tests. */
const UNFIT: readonly [what: string, secret: string | null, named: RegExp][] = [
  ['is empty, as the stack creates it', null, /secret is empty/],
  ['is JSON cut short', JSON.stringify(CREDENTIALS).slice(0, -1), /JSON object/],
  ['lacks two keys', JSON.stringify({ ACCOUNT_SID }), /lacks a usable AUTH_TOKEN, AIRTABLE_API_KEY:/],
  [
    'has a line break within a key',
    JSON.stringify({ ...CREDENTIALS, AIRTABLE_API_KEY: `${AIRTABLE_API_KEY}\nsecond-line` }),
    /AIRTABLE_API_KEY/,
  ],
];

const { name, path, handler, asks } = callbackNamed('crm');

describe('when the secret', () => {
  test.each(UNFIT)(
    '%s, returns 503, and the log names the missing keys, and never a value',
    async (_what, secret, named) => {
      world.fillSecret(secret);

      const { status, body, log } = await world.ask(handler, asks, { path });

      expect(status).toBe(503);
      expect(body).toMatchObject({
        error: 'Unavailable',
        message: 'The service cannot check signatures now',
      });
      expect(log).toMatchObject([
        { callback: name, level: 'ERROR', status: 503, failure: { message: expect.stringMatching(named) } },
      ]);
      expect(JSON.stringify([body, log])).not.toMatch(/0123456789abcdef|patTest|second-line/);
      expect(world.airtableRequests).toHaveLength(0);
      expect(world.twilio.requests).toHaveLength(0);
    },
  );

  test('has been filled meanwhile, handles the next request', async () => {
    world.fillSecret(null);
    await world.ask(handler, asks, { path });
    world.fillSecret(JSON.stringify(CREDENTIALS));

    expect(await world.ask(handler, asks, { path })).toMatchObject({ status: 200 });
  });
});

describe('when Secrets Manager', () => {
  test.each(['internal-error', 'throttle', 'access-denied'] as const)(
    'returns %s, returns 503 with Retry-After',
    async (fault) => {
      world.secrets.faults.always({ kind: fault });

      const { status, headers, body, log } = await world.ask(handler, asks, { path });

      expect(status).toBe(503);
      expect(headers).toMatchObject({ 'retry-after': expect.stringMatching(/^\d+$/) });
      expect(body).toMatchObject({ error: 'Unavailable' });
      expect(JSON.stringify(body)).not.toContain('Secrets Manager');
      expect(log).toMatchObject([{ failure: { message: expect.stringContaining('Secrets Manager') } }]);
    },
  );

  test('fails for a moment, retries and responds', async () => {
    world.secrets.faults.next(4, { kind: 'internal-error' });

    expect(await world.ask(handler, asks, { path })).toMatchObject({ status: 200 });
  });
});

test('all five return 503 within their limits when Secrets Manager stalls', async () => {
  world.secrets.faults.always({ kind: 'stalled' });

  const answers = await world.deliverTogether(
    FIVE_CALLBACKS.map(({ handler, path, asks }) => ({
      handler,
      event: callbackEvent(asks, { path, authToken: AUTH_TOKEN }),
    })),
  );

  for (const { status, milliseconds } of answers) {
    expect(status).toBe(503);
    // The timers of a busy machine are late.
    expect(milliseconds).toBeLessThan(3 * Math.min(...Object.values(RESPONSE_BUDGET_MS)));
  }
});
