import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fault } from '../../../emulators/twilio/twilio-faults';
import { RESPONSE_BUDGET_MS } from '../../../lambdas/twilio/callbacks';
import { handler as conversations } from '../../../lambdas/twilio-conversations';
import { ANA } from '../../world/crm';
import { CONVERSATION_SID, startWorldForFive } from '../../world/five-callbacks';
import { ACCOUNT_SID, closeWorlds, type World } from '../../world/world';

let world: World;
beforeEach(async () => {
  world = await startWorldForFive();
});
afterEach(() => world.close());
afterAll(closeWorlds);

const workerWrites = () =>
  world.ask(
    conversations,
    {
      AccountSid: ACCOUNT_SID,
      EventType: 'onMessageAdd',
      ConversationSid: CONVERSATION_SID,
      ClientIdentity: ANA,
      Body: 'Hello',
    },
    { path: '/callbacks/twilio-conversations' },
  );

const TRANSIENT: readonly (readonly [what: string, fault: Fault])[] = [
  ['429', { kind: 'rate-limited' }],
  ['429 that says when to come again', { kind: 'rate-limited', retryAfterSeconds: 1 }],
  ['500', { kind: 'server-error' }],
  ["502 with a proxy's page", { kind: 'bad-gateway' }],
  ['503', { kind: 'unavailable' }],
  ['a broken connection', { kind: 'connection-reset' }],
];

describe.each(TRANSIENT)('when Twilio responds with %s', (_what, fault) => {
  test('once, the request is repeated', async () => {
    world.twilio.faults.next(1, fault);

    const { status, log } = await workerWrites();

    expect(status).toBe(200);
    expect(world.twilio.requests).toHaveLength(2);
    expect(log).toMatchObject([{ twilioRequests: 2 }]);
  });
});

describe('when Twilio responds', () => {
  test.each<[string, Fault]>([
    ['with 429', { kind: 'rate-limited' }],
    ['not at all', { kind: 'stalled' }],
  ])('%s every time, the response is 502 within the limit', async (_what, fault) => {
    world.twilio.faults.always(fault);
    const startedAt = performance.now();

    const { status, body, log } = await workerWrites();

    expect(performance.now() - startedAt).toBeLessThan(RESPONSE_BUDGET_MS['twilio-conversations']);
    expect(status).toBe(502);
    expect(body).toMatchObject({ error: 'UpstreamFailed', message: expect.stringContaining('Twilio') });
    expect(log).toMatchObject([{ level: 'ERROR', twilioRequests: world.twilio.requests.length }]);
  });

  test('not at all once, the request is repeated and succeeds', async () => {
    world.twilio.faults.next(1, { kind: 'stalled' });

    expect(await workerWrites()).toMatchObject({ status: 200 });
    expect(world.twilio.requests).toHaveLength(2);
  });
});
