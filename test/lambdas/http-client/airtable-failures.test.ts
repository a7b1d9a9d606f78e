import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { handler as crm } from '../../../lambdas/crm';
import { ANSWER_WITHIN_MS } from '../../../lambdas/deadline/answer-deadlines';
import { handler as conversations } from '../../../lambdas/twilio-conversations';
import type { Fault, SeenRequest } from '../../../local/airtable/faults';
import { ANA, askCrm, customerRows } from '../../world/crm';
import {
  CONVERSATION_SID,
  CUSTOMER_NUMBER,
  callbackNamed,
  startWorldForFive,
} from '../../world/five-callbacks';
import { ACCOUNT_SID, type Answer, closeWorlds, type World } from '../../world/world';

let world: World;
beforeEach(async () => {
  world = await startWorldForFive();
});
afterEach(() => world.close());
afterAll(closeWorlds);

const list = () => askCrm(world, 'GetCustomersList');

function expectUnavailable({ status, headers, body }: Answer): void {
  expect(status).toBe(503);
  expect(headers).toMatchObject({ 'retry-after': expect.stringMatching(/^[1-9]\d*$/) });
  expect(body).toMatchObject({ error: 'Unavailable', message: expect.stringContaining('Airtable') });
}

const TRANSIENT: readonly (readonly [what: string, fault: Fault])[] = [
  ['429 in the form that comes over the wire', { kind: 'rate-limit', form: 'wire' }],
  ['429 in the form that is documented', { kind: 'rate-limit', form: 'documented' }],
  ['500', { kind: 'server-error' }],
  ["502 with a proxy's page", { kind: 'bad-gateway' }],
  ['503', { kind: 'unavailable' }],
  ['503 that says when to come again', { kind: 'unavailable', retryAfterSeconds: 1 }],
  ['a broken connection', { kind: 'connection-reset' }],
];

describe.each(TRANSIENT)('when Airtable answers with %s', (_what, fault) => {
  test('once, the request is made again and answered', async () => {
    world.airtable.faults.next(1, fault);

    const { status, log } = await list();

    expect(status).toBe(200);
    expect(world.airtableRequests).toHaveLength(2);
    expect(log).toMatchObject([{ status: 200, airtableRequests: 2 }]);
  });
});

describe('when Airtable answers with 429 for ever', () => {
  test('the answer is 503 with Retry-After, and the next one is right again when the fault is gone', async () => {
    world.airtable.faults.always({ kind: 'rate-limit' });

    const answer = await list();

    expectUnavailable(answer);
    expect(answer.log).toMatchObject([{ level: 'ERROR', airtableRequests: world.airtableRequests.length }]);
    world.airtable.faults.clear();
    expect(await list()).toMatchObject({ status: 200 });
  });

  test('the wait that is passed on is the half minute of its penalty', async () => {
    world.airtable.faults.always({ kind: 'rate-limit' });

    expect(await list()).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
  });
});

describe("when the month's API quota is used up", () => {
  test.each((['crm', 'templates', 'twilio-conversations'] as const).map(callbackNamed))(
    '$name answers 503, says so in the log and not "rate limit", and does not ask in vain',
    async ({ handler, path, asks }) => {
      world.airtable.faults.always({ kind: 'monthly-quota' });

      const answer = await world.ask(handler, asks, { path });

      expectUnavailable(answer);
      expect(answer.body).toMatchObject({ message: expect.stringContaining('quota') });
      expect(JSON.stringify(answer.log)).toMatch(/quota/);
      expect(JSON.stringify(answer.log)).not.toMatch(/rate limit|limits the rate/i);
      // One for the customer and one for the templates is all that templates ever asks.
      expect(world.airtableRequests.length).toBeLessThanOrEqual(path.endsWith('templates') ? 2 : 1);
    },
  );
});

describe('when Airtable answers 200 with', () => {
  test.each<[string, Fault]>([
    ['a page of HTML', { kind: 'html' }],
    ['no records', { kind: 'no-records' }],
  ])('%s, the answer is 503', async (_what, fault) => {
    world.airtable.faults.always(fault);

    expectUnavailable(await list());
  });
});

describe('a wait that Airtable asks for', () => {
  test('that is longer than there is time is not waited for, but passed on', async () => {
    world.airtable.faults.always({ kind: 'unavailable', retryAfterSeconds: 20 });

    expect(await list()).toMatchObject({ status: 503, headers: { 'retry-after': '20' } });
    expect(world.airtableRequests).toHaveLength(1);
  });
});

describe('a customer that is being created', () => {
  const isCreation = ({ method, path }: SeenRequest) => method === 'POST' && path.endsWith('/Customers');
  const creations = () => world.airtableRequests.filter(isCreation);
  const create = () =>
    askCrm(world, 'CreateCustomer', {
      DisplayName: 'Jo',
      Channels: JSON.stringify([{ type: 'sms', value: '+14155550177' }]),
    });

  test.each<[string, Fault]>([
    ['500', { kind: 'server-error' }],
    ['502', { kind: 'bad-gateway' }],
    ['nothing, though it was done', { kind: 'answer-lost' }],
    ['half an answer', { kind: 'connection-reset' }],
  ])('is not created again when Airtable answers %s, for it may be there', async (_what, fault) => {
    world.airtable.faults.next(1, fault, isCreation);

    expectUnavailable(await create());

    expect(creations()).toHaveLength(1);
    expect(customerRows(world).length).toBeLessThanOrEqual(2);
  });

  test.each<[string, Fault]>([
    ['429', { kind: 'rate-limit' }],
    ['503', { kind: 'unavailable' }],
  ])('is asked for again when Airtable answers %s, for nothing was done', async (_what, fault) => {
    world.airtable.faults.next(1, fault, isCreation);

    expect(await create()).toMatchObject({ status: 200 });

    expect(creations()).toHaveLength(2);
    expect(customerRows(world)).toHaveLength(2);
  });
});

describe('the other callbacks, when Airtable fails for ever,', () => {
  const EVENT = { AccountSid: ACCOUNT_SID, ConversationSid: CONVERSATION_SID, ChatServiceSid: '' };
  const MESSAGES = '/callbacks/twilio-conversations';

  test.each([callbackNamed('templates'), callbackNamed('twilio-conversations')])(
    'answer 503 with Retry-After: $name',
    async ({ name, handler, path, asks }) => {
      world.airtable.faults.always({ kind: 'server-error' });
      const startedAt = performance.now();

      expectUnavailable(await world.ask(handler, asks, { path }));

      expect(performance.now() - startedAt).toBeLessThan(ANSWER_WITHIN_MS[name]);
    },
  );

  test('so do the events that write to Airtable', async () => {
    world.airtable.faults.always({ kind: 'server-error' });

    expectUnavailable(
      await world.ask(
        conversations,
        { ...EVENT, EventType: 'onMessageAdded', Author: CUSTOMER_NUMBER, Body: 'STOP' },
        { path: MESSAGES },
      ),
    );
  });

  test('but a proxy address needs no Airtable', async () => {
    world.airtable.faults.always({ kind: 'server-error' });
    const { handler, path, asks } = callbackNamed('outgoing-conversation');

    expect(await world.ask(handler, asks, { path })).toMatchObject({ status: 200 });
    expect(world.airtableRequests).toHaveLength(0);
  });

  test.each<[string, Fault]>([
    ['meets one failure is done', { kind: 'server-error' }],
    ['gets no answer is done all the same', { kind: 'answer-lost' }],
  ])('and a delete that %s', async (_what, fault) => {
    world.airtable.faults.next(1, fault, ({ method }) => method === 'DELETE');

    expect(
      await world.ask(
        crm,
        { Location: 'DeleteCustomer', Worker: ANA, CustomerId: '1' },
        { path: '/callbacks/crm' },
      ),
    ).toMatchObject({ status: 200, body: {} });
    expect(customerRows(world)).toHaveLength(0);
  });
});
