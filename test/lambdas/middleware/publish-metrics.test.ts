import { beforeEach, describe, expect, test } from '@jest/globals';
import { callbackEvent, unforeseenEvent } from '../../world/callback-event';
import { tellOf } from '../../world/conversations';
import { ANA, askCrm } from '../../world/crm';
import { CUSTOMER_NUMBER, callbackNamed, FIVE_CALLBACKS } from '../../world/five-callbacks';
import { serviceMetrics } from '../../world/metrics';
import { startFive, world } from '../../world/use-world';
import { AUTH_TOKEN } from '../../world/world';

beforeEach(() => startFive());

const list = () => askCrm(world, 'GetCustomersList');

describe.each(FIVE_CALLBACKS)('$name', ({ name, path, handler, asks }) => {
  test('publishes its requests, errors and milliseconds by name, and its outbound requests', async () => {
    const startedAt = performance.now();
    const answer = await world.ask(handler, asks, { path });
    const took = performance.now() - startedAt;

    expect(answer.metrics[0]).toMatchObject({
      namespace: 'FrontlineAirtable',
      dimensions: { service: 'frontline-airtable', callback: name },
      values: { Requests: 1, Errors: 0 },
      units: { Requests: 'Count', Errors: 'Count', Milliseconds: 'Milliseconds' },
    });
    expect(answer.metrics[0]?.values['Milliseconds']).toBeLessThanOrEqual(Math.ceil(took));
    const { ColdStarts: _, ...counts } = serviceMetrics(answer);
    const [airtable, twilio] = [world.airtableRequests.length, world.twilio.requests.length];
    expect(counts).toEqual({
      ...(airtable > 0 && { AirtableRequests: airtable }),
      ...(twilio > 0 && { TwilioRequests: twilio }),
    });
  });
});

describe('a response of status 500 or above', () => {
  test('is an error, whose cause is in the log line', async () => {
    world.database.fail('server-error');

    const { metrics, log } = await list();

    expect(metrics[0]).toMatchObject({ dimensions: { callback: 'crm' }, values: { Requests: 1, Errors: 1 } });
    expect(log).toMatchObject([
      {
        level: 'ERROR',
        callback: 'crm',
        location: 'GetCustomersList',
        worker: ANA,
        status: 503,
        airtableRequests: 0,
        failure: { name: 'Unavailable', message: expect.stringContaining('DynamoDB') },
      },
    ]);
  });

  test.each([
    ['the secret is empty', { secret: null }],
    ['the configuration lacks something', { settings: { AIRTABLE_BASE_ID: '' } }],
  ])('is one even if the request could not be checked, because of %s', async (_what, options) => {
    await startFive(options);

    const answer = await list();

    expect(answer.status).toBe(503);
    expect(answer.metrics[0]).toMatchObject({
      dimensions: { callback: 'crm' },
      values: { Requests: 1, Errors: 1 },
    });
    expect(serviceMetrics(answer)).not.toHaveProperty('AirtableRequests');
  });

  test('is one if the deadline was exceeded, with the time that it took', async () => {
    world.database.fail('stalled');

    const { status, metrics, log } = await list();

    expect(status).toBe(503);
    expect(metrics[0]).toMatchObject({ values: { Requests: 1, Errors: 1 } });
    expect(log).toMatchObject([{ status: 503, milliseconds: expect.any(Number) }]);
    expect(metrics[0]?.values['Milliseconds']).toBeLessThanOrEqual(Number(log[0]?.['milliseconds']));
    expect(metrics[0]?.values['Milliseconds']).toBeGreaterThan(0);
  });

  test('is one if the service fails unexpectedly', async () => {
    const { status, metrics } = await world.deliver(callbackNamed('crm').handler, unforeseenEvent());

    expect(status).toBe(500);
    expect(metrics[0]).toMatchObject({ values: { Requests: 1, Errors: 1 } });
  });
});

describe('a faulty request of Twilio', () => {
  test('counts once if it cannot be parsed, and not as rejected', async () => {
    const { handler, path, asks } = callbackNamed('crm');
    const event = callbackEvent(asks, { path, authToken: AUTH_TOKEN });

    const answer = await world.deliver(handler, { ...event, body: 'no base64!', isBase64Encoded: true });

    expect(answer.status).toBe(400);
    expect(answer.metrics.filter(({ values }) => 'Requests' in values)).toMatchObject([
      { values: { Requests: 1, Errors: 0 } },
    ]);
    expect(serviceMetrics(answer)).not.toHaveProperty('RefusedSignatures');
  });

  test('is not an error of the service', async () => {
    const { status, metrics } = await askCrm(world, 'GetNothing');

    expect(status).toBe(422);
    expect(metrics[0]).toMatchObject({ values: { Requests: 1, Errors: 0 } });
  });
});

test.each([{ signature: null }, { authToken: 'f'.repeat(32) }])(
  'a request with %j is published as rejected, and is not an error of the service',
  async (forgery) => {
    const { handler, path, asks } = callbackNamed('crm');

    const answer = await world.ask(handler, asks, { path, ...forgery });

    expect(answer.metrics[0]).toMatchObject({ dimensions: { callback: 'crm' }, values: { Errors: 0 } });
    expect(serviceMetrics(answer)).toMatchObject({ RefusedSignatures: 1 });
  },
);

describe('when Airtable limits the rate', () => {
  const Channels = JSON.stringify([{ type: 'sms', value: '+14155550177' }]);
  const create = () => askCrm(world, 'CreateCustomer', { DisplayName: 'Jo', Channels });

  test('a 429 is published and in the log line, and is not retried', async () => {
    world.airtable.faults.next(1, { kind: 'rate-limit' });

    const answer = await create();

    expect(answer.status).toBe(503);
    expect(serviceMetrics(answer)).toMatchObject({ AirtableRequests: 1, AirtableRateLimited: 1 });
    expect(serviceMetrics(answer)).not.toHaveProperty('AirtableRetries');
    expect(answer.log).toMatchObject([{ airtableRequests: 1, airtableRateLimited: 1 }]);
  });

  test('a retry for another reason is not a 429', async () => {
    world.airtable.faults.next(1, { kind: 'unavailable' });

    const answer = await create();

    expect(answer.status).toBe(200);
    expect(serviceMetrics(answer)).toMatchObject({ AirtableRequests: 2, AirtableRetries: 1 });
    expect(serviceMetrics(answer)).not.toHaveProperty('AirtableRateLimited');
    expect(answer.log).toMatchObject([{ airtableRetries: 1, airtableFailures: 1 }]);
  });
});

describe('when Twilio fails', () => {
  const { handler, path, asks } = callbackNamed('twilio-conversations');
  const workerWrites = () => world.ask(handler, asks, { path });

  test.each([
    ['says that it is busy', { kind: 'rate-limited' }],
    ['has an error of its own', { kind: 'server-error' }],
    ['breaks the connection', { kind: 'connection-reset' }],
  ] as const)('each request to which it %s is published', async (_what, fault) => {
    world.twilio.faults.next(1, fault);

    const answer = await workerWrites();

    expect(answer.status).toBe(200);
    expect(serviceMetrics(answer)).toMatchObject({ TwilioRequests: 2, TwilioFailures: 1 });
    expect(answer.log).toMatchObject([{ twilioFailures: 1, twilioRetries: 1 }]);
  });

  test('so is a request that it rejects', async () => {
    world.twilio.faults.always({ kind: 'rejected', status: 403, code: 20003, message: 'Suspended' });

    expect(serviceMetrics(await workerWrites())).toMatchObject({ TwilioRequests: 1, TwilioFailures: 1 });
  });

  test('but a deleted conversation is a valid response', async () => {
    world.twilio.faults.always({ kind: 'rejected', status: 404, code: 20404, message: 'Not found' });

    const answer = await workerWrites();

    expect(answer.status).toBe(403);
    expect(serviceMetrics(answer)).not.toHaveProperty('TwilioFailures');
  });
});

describe('an opt-out', () => {
  const writes = (Body: string, parameters: Readonly<Record<string, string>> = {}) =>
    tellOf(world, 'onMessageAdded', {
      ConversationSid: `CH${'a'.repeat(32)}`,
      Author: CUSTOMER_NUMBER,
      Body,
      ...parameters,
    });

  test('is published for every customer that it changes, and so is its revocation', async () => {
    await startFive({
      customers: [
        { id: 1, name: 'Jane Roe', owner: ANA, sms: CUSTOMER_NUMBER },
        { id: 2, name: 'Jane Roe', owner: ANA, whatsapp: CUSTOMER_NUMBER },
        { id: 3, name: 'Joe', owner: ANA, sms: '+14155550199' },
      ],
    });

    expect(serviceMetrics(await writes('STOP'))).toMatchObject({ OptOuts: 2 });
    expect(serviceMetrics(await writes('START'))).toMatchObject({ OptIns: 2 });
  });

  test('that is delivered twice is published once', async () => {
    const message = { MessageSid: `IM${'b'.repeat(32)}`, DateCreated: '2026-11-25T10:00:00.000Z' };
    const first = await writes('STOP', message);

    expect(serviceMetrics(first)).toMatchObject({ OptOuts: 1 });
    expect(serviceMetrics(await writes('STOP', message))).not.toHaveProperty('OptOuts');
  });

  test('from an address that no customer has is published as such', async () => {
    const answer = await writes('STOP', { Author: '+14155550188' });

    expect(serviceMetrics(answer)).toMatchObject({ OptOutsWithoutCustomer: 1 });
    expect(serviceMetrics(answer)).not.toHaveProperty('OptOuts');
  });

  test('that could not be recorded is published as such', async () => {
    world.database.fail('server-error');

    const answer = await writes('STOP');

    expect(answer.status).toBe(503);
    expect(serviceMetrics(answer)).toMatchObject({ OptOutsNotKept: 1 });
    expect(serviceMetrics(answer)).not.toHaveProperty('OptOuts');
  });
});

test('a conversation that gets no worker is published', async () => {
  const { handler, path, asks } = callbackNamed('routing');
  world.twilio.faults.always(
    { kind: 'rejected', status: 400, code: 50438, message: 'No such user' },
    ({ method }) => method === 'POST',
  );

  const answer = await world.ask(handler, asks, { path });

  expect(answer.body).toMatchObject({ error: 'ConversationWithoutWorker' });
  expect(answer.metrics[0]).toMatchObject({ values: { Errors: 1 } });
  expect(serviceMetrics(answer)).toMatchObject({ ConversationsWithoutWorker: 1 });
});
