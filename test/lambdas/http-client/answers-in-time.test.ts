import { beforeEach, describe, expect, test } from '@jest/globals';
import { RESPONSE_BUDGET_MS } from '../../../lambdas/twilio/callbacks';
import { callbackEvent } from '../../world/callback-event';
import { FIVE_CALLBACKS, type OneOfFive } from '../../world/five-callbacks';
import { startFive, world } from '../../world/use-world';
import { AUTH_TOKEN } from '../../world/world';

/** The required limits: Frontline waits 6 s, for routing 10 s, and Conversations 5 s. */
const LIMIT_MS: Readonly<Record<OneOfFive['name'], number>> = {
  crm: 5_000,
  'outgoing-conversation': 5_000,
  templates: 5_000,
  routing: 8_000,
  'twilio-conversations': 4_000,
};
/** The timers of a busy machine are late, and a callback that does not stop in time waits much longer than this. */
const LATE = 3;

const DATABASE_IS_SILENT = { error: 'Unavailable', message: expect.stringContaining('DynamoDB') };

/** When every external system hangs: names the cause, or reports that the conversation has no worker. */
const OUTCOME: Readonly<Record<OneOfFive['name'], { readonly status: number; readonly body: object }>> = {
  crm: { status: 503, body: DATABASE_IS_SILENT },
  'outgoing-conversation': { status: 200, body: {} },
  templates: { status: 503, body: DATABASE_IS_SILENT },
  routing: { status: 500, body: { error: 'ConversationWithoutWorker' } },
  'twilio-conversations': {
    status: 502,
    body: { error: 'UpstreamFailed', message: expect.stringContaining('No response from Twilio') },
  },
};

beforeEach(() => startFive());

const eventOf = ({ path, asks }: Pick<OneOfFive, 'path' | 'asks'>) =>
  callbackEvent(asks, { path, authToken: AUTH_TOKEN });

test('every callback plans to respond within its limit', () => {
  expect(RESPONSE_BUDGET_MS).toEqual(LIMIT_MS);
});

describe('every callback responds within its limit, and names the system that did not respond,', () => {
  test('when neither DynamoDB nor Twilio responds', async () => {
    world.database.fail('stalled');
    world.twilio.faults.always({ kind: 'stalled' });

    const answers = await world.deliverTogether(
      FIVE_CALLBACKS.map((callback) => ({ handler: callback.handler, event: eventOf(callback) })),
    );

    for (const [index, { name }] of FIVE_CALLBACKS.entries()) {
      const answer = answers[index];
      expect(answer).toMatchObject(OUTCOME[name]);
      expect(answer?.milliseconds).toBeLessThan(LATE * LIMIT_MS[name]);
      expect(answer?.log).toContainEqual(
        expect.objectContaining({ callback: name, status: OUTCOME[name].status }),
      );
    }
  });
});
