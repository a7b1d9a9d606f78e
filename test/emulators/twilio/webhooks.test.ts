import { describe, expect, test } from '@jest/globals';
import { ACCOUNT_SID, aTwilio, CUSTOMER, officialClient, SMS_NUMBER } from './account';
import { aReceiver, eventsIn, type WebhookResponse } from './webhook-receiver';

const WORKER = 'ana@example.com';
const REST_WITH_EVENTS = { xTwilioWebhookEnabled: 'true' } as const;
const EVERY_EVENT = [
  ...['onConversationAdd', 'onConversationAdded', 'onConversationUpdate', 'onConversationUpdated'],
  ...['onConversationRemove', 'onConversationRemoved', 'onConversationStateUpdated'],
  ...['onParticipantAdd', 'onParticipantAdded', 'onParticipantUpdate', 'onParticipantUpdated'],
  ...['onParticipantRemove', 'onParticipantRemoved', 'onMessageAdd', 'onMessageAdded'],
];

/** An emulator of Twilio with all event filters, and the service that it notifies. */
async function withService(
  response?: (event: string) => WebhookResponse | undefined,
  settings: { filters?: readonly string[]; eventTimeoutMs?: number } = {},
) {
  const receiver = await aReceiver(response && (({ params }) => response(params['EventType'] ?? '')));
  const twilio = await aTwilio();
  const url = `${receiver.url}/callbacks/twilio-conversations`;
  twilio.configureWebhooks({ preUrl: url, postUrl: url, filters: EVERY_EVENT, ...settings });
  return { twilio, receiver, client: officialClient(twilio).conversations.v1 };
}

describe('webhooks', () => {
  test('are signed, and have the format of Twilio', async () => {
    const { receiver, client, twilio } = await withService();
    twilio.configureWebhooks({
      postUrl: `${receiver.url}/callbacks/twilio-conversations?env=prod`,
      filters: ['onConversationAdded'],
    });

    await client.conversations.create({ friendlyName: 'José & Co, 50% off', ...REST_WITH_EVENTS });

    expect(receiver.received).toMatchObject([
      {
        signed: true,
        path: '/callbacks/twilio-conversations?env=prod',
        params: { FriendlyName: 'José & Co, 50% off' },
        headers: {
          'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
          'user-agent': 'TwilioProxy/1.1',
          'i-twilio-idempotency-token': expect.stringMatching(/^[0-9a-f-]{36}$/),
          'x-home-region': 'us1',
        },
      },
    ]);
    expect(twilio.webhookLog).toMatchObject([{ event: 'onConversationAdded', status: 200, body: '' }]);
  });

  test('are not sent for REST changes, unless the call requests them', async () => {
    const { receiver, client, twilio } = await withService();

    const { sid } = await client.conversations.create();
    await client.conversations(sid).participants.create({ identity: WORKER });
    expect(receiver.received).toEqual([]);

    await client.conversations(sid).messages.create({ body: 'Hello', ...REST_WITH_EVENTS });
    expect(eventsIn(receiver.received)).toEqual(['onMessageAdd', 'onMessageAdded']);
    expect(twilio.requests.map(({ requestsWebhooks }) => requestsWebhooks)).toEqual([false, false, true]);
  });

  test('are sent for the events in the filters', async () => {
    const { receiver, client } = await withService(undefined, { filters: ['onConversationAdded'] });

    await client.conversations.create(REST_WITH_EVENTS);

    expect(eventsIn(receiver.received)).toEqual(['onConversationAdded']);
  });

  test('come in pairs for every change', async () => {
    const { receiver, client } = await withService();

    const { sid } = await client.conversations.create(REST_WITH_EVENTS);
    const conversation = client.conversations(sid);
    const participant = await conversation.participants.create({ identity: WORKER, ...REST_WITH_EVENTS });
    await conversation.participants(participant.sid).update({ attributes: '{"a":1}', ...REST_WITH_EVENTS });
    await conversation.participants(participant.sid).remove(REST_WITH_EVENTS);
    await conversation.update({ state: 'inactive', ...REST_WITH_EVENTS });
    await conversation.remove(REST_WITH_EVENTS);

    expect(eventsIn(receiver.received)).toEqual([
      ...['onConversationAdd', 'onConversationAdded'],
      ...['onParticipantAdd', 'onParticipantAdded'],
      ...['onParticipantUpdate', 'onParticipantUpdated'],
      ...['onParticipantRemove', 'onParticipantRemoved'],
      ...['onConversationUpdate', 'onConversationUpdated', 'onConversationStateUpdated'],
      ...['onConversationRemove', 'onConversationRemoved'],
    ]);
    expect(receiver.received.every(({ signed }) => signed)).toBe(true);
  });

  test('of a participant carry their documented parameters, before and after', async () => {
    const { receiver, client, twilio } = await withService();
    const { sid } = twilio.createConversation();

    const participant = await client.conversations(sid).participants.create({
      'messagingBinding.address': CUSTOMER,
      'messagingBinding.proxyAddress': SMS_NUMBER,
      ...REST_WITH_EVENTS,
    });

    const [before, after] = receiver.received;
    const both = {
      AccountSid: ACCOUNT_SID,
      Source: 'API',
      ChatServiceSid: twilio.conversationServiceSid,
      ConversationSid: sid,
      RoleSid: participant.roleSid,
      Attributes: '{}',
      'MessagingBinding.Type': 'sms',
      'MessagingBinding.Address': CUSTOMER,
      'MessagingBinding.ProxyAddress': SMS_NUMBER,
    };
    expect(before?.params).toEqual({ EventType: 'onParticipantAdd', ...both });
    expect(after?.params).toEqual({
      EventType: 'onParticipantAdded',
      ...both,
      ParticipantSid: participant.sid,
      DateCreated: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      RetryCount: '0',
    });
  });
});

describe('a response to a pre event', () => {
  test('changes a conversation', async () => {
    const response = {
      friendly_name: 'Jane Roe',
      attributes: '{"avatar":"https://x/y.png"}',
      state: 'closed',
    };
    const { client, receiver } = await withService(() => ({ status: 200, body: JSON.stringify(response) }));

    const created = await client.conversations.create({ friendlyName: 'Unknown', ...REST_WITH_EVENTS });

    expect(created).toMatchObject({
      friendlyName: 'Jane Roe',
      attributes: '{"avatar":"https://x/y.png"}',
      state: 'active',
    });
    expect(receiver.received.map(({ params }) => params['FriendlyName'])).toEqual(['Unknown', 'Jane Roe']);
  });

  test('changes a message', async () => {
    const response = { body: 'H***o', author: 'filter', attributes: '{"was":1}' };
    const { client, twilio } = await withService(() => ({ status: 200, body: JSON.stringify(response) }));
    const { sid } = twilio.createConversation();

    await client.conversations(sid).messages.create({ body: 'Hello', ...REST_WITH_EVENTS });

    expect(twilio.messages(sid)).toMatchObject([response]);
  });

  test.each([400, 403, 404, 422, 500, 503])('with status %d rejects the change', async (status) => {
    const { client, twilio, receiver } = await withService(() => ({ status, body: '{"body":"Changed"}' }));
    const { sid } = twilio.createConversation();

    const created = client.conversations(sid).messages.create({ body: 'Hello', ...REST_WITH_EVENTS });

    await expect(created).rejects.toMatchObject({ code: 50056 });
    expect(twilio.messages(sid)).toEqual([]);
    expect(eventsIn(receiver.received)).toEqual(['onMessageAdd']);
  });

  test.each([
    ['an empty object', { status: 200, body: '{}' }],
    ['an empty body', { status: 200, body: '' }],
    ['a text', { status: 200, body: 'success' }],
    ['another 2xx with any body', { status: 204 }],
  ])('that is %s changes nothing', async (_what, response) => {
    const { client, twilio } = await withService(() => response);
    const { sid } = twilio.createConversation();

    await client.conversations(sid).messages.create({ body: 'Hello', ...REST_WITH_EVENTS });

    expect(twilio.messages(sid)).toMatchObject([{ body: 'Hello' }]);
  });

  test('that is late changes nothing', async () => {
    const silent = (event: string) => (event === 'onMessageAdd' ? undefined : { status: 200 });
    const { client, twilio } = await withService(silent, { eventTimeoutMs: 3_000 });
    const { sid } = twilio.createConversation();

    await client.conversations(sid).messages.create({ body: 'Hello', ...REST_WITH_EVENTS });

    expect(twilio.messages(sid)).toMatchObject([{ body: 'Hello' }]);
    expect(twilio.webhookLog).toMatchObject([
      { event: 'onMessageAdd', status: null, error: 'No response within 3000 ms' },
      { event: 'onMessageAdded', status: 200 },
    ]);
  });

  test('that is missing, because the connection is refused, changes nothing', async () => {
    const { client, twilio } = await withService();
    const gone = await aTwilio();
    await gone.close();
    twilio.configureWebhooks({ preUrl: `${gone.url}/callbacks`, filters: EVERY_EVENT });

    await client.conversations.create({ friendlyName: 'Jane', ...REST_WITH_EVENTS });

    expect(twilio.conversations()).toMatchObject([{ friendlyName: 'Jane' }]);
    expect(twilio.webhookLog).toMatchObject([
      { status: null, error: expect.stringMatching(/fetch failed: .+/) },
    ]);
  });

  test.each([
    ['of the wrong type', { attributes: { avatar: 'https://x/y.png' } }, 50057],
    ['that are not JSON', { attributes: 'avatar' }, 50304],
    ['over the limit', { friendly_name: 'x'.repeat(257) }, 50003],
  ])('with values %s is an error for the caller of the change', async (_what, response, code) => {
    const { client, twilio } = await withService(() => ({ status: 200, body: JSON.stringify(response) }));

    await expect(client.conversations.create(REST_WITH_EVENTS)).rejects.toMatchObject({ code });

    expect(twilio.conversations()).toEqual([]);
  });
});

describe('a response to a post event', () => {
  test('undoes nothing', async () => {
    const { client, twilio } = await withService((event) => ({
      status: event.endsWith('Added') ? 500 : 200,
    }));

    await client.conversations.create(REST_WITH_EVENTS);

    expect(twilio.conversations()).toHaveLength(1);
    expect(twilio.webhookLog.map(({ event, status }) => [event, status])).toEqual([
      ['onConversationAdd', 200],
      ['onConversationAdded', 500],
    ]);
  });
});
