import { describe, expect, test } from '@jest/globals';
import { ACCOUNT_SID, aTwilio, CUSTOMER, officialClient, SMS_NUMBER, WHATSAPP_NUMBER } from './account';
import { aReceiver, eventsIn, type ReceivedWebhook, type WebhookResponse } from './webhook-receiver';

const WORKER = 'ana@example.com';
const FILTERS = ['onConversationAdd', 'onConversationAdded', 'onParticipantAdded', 'onMessageAdded'];

async function withService(
  response: (
    webhook: ReceivedWebhook,
  ) => WebhookResponse | undefined | Promise<WebhookResponse | undefined> = () => ({
    status: 200,
  }),
  filters: readonly string[] = FILTERS,
  routingTimeoutMs = 60_000,
) {
  const receiver = await aReceiver(response);
  const twilio = await aTwilio({ now: () => new Date('2024-01-02T03:04:05.678Z') });
  twilio.configureWebhooks({
    preUrl: `${receiver.url}/pre`,
    postUrl: `${receiver.url}/post`,
    routingUrl: `${receiver.url}/callbacks/routing`,
    filters,
    eventTimeoutMs: 60_000,
    routingTimeoutMs,
  });
  return { twilio, receiver };
}

describe("a customer's first message", () => {
  test('creates a conversation, calls the routing callback, and then arrives', async () => {
    const { twilio, receiver } = await withService();

    const received = await twilio.receiveMessage({ from: CUSTOMER, to: SMS_NUMBER, body: 'Hello' });

    expect(received).toMatchObject({ accepted: true, autocreated: true });
    expect(eventsIn(receiver.received)).toEqual([
      'onConversationAdd',
      'onConversationAdded',
      'onParticipantAdded',
      '/callbacks/routing',
      'onMessageAdded',
    ]);
    expect(receiver.received.every(({ signed }) => signed)).toBe(true);
    expect(received.webhooks).toEqual(twilio.webhookLog);
    const sid = received.conversationSid ?? '';
    expect(twilio.participants(sid)).toMatchObject([
      { identity: null, messagingBinding: { type: 'sms', address: CUSTOMER, proxyAddress: SMS_NUMBER } },
    ]);
    expect(twilio.messages(sid)).toMatchObject([{ author: CUSTOMER, body: 'Hello' }]);
    expect(twilio.conversation(sid)).toMatchObject({ state: 'active', problems: [] });
  });

  test('is in the pre event before its conversation exists', async () => {
    const { twilio, receiver } = await withService();

    await twilio.receiveMessage({ from: `whatsapp:${CUSTOMER}`, body: 'Hello' });

    const [first] = receiver.received;
    expect(first?.params).toEqual({
      AccountSid: ACCOUNT_SID,
      EventType: 'onConversationAdd',
      Source: 'WHATSAPP',
      ChatServiceSid: twilio.conversationServiceSid,
      Attributes: '{}',
      MessagingServiceSid: expect.stringMatching(/^MG/),
      'MessagingBinding.Address': `whatsapp:${CUSTOMER}`,
      'MessagingBinding.ProxyAddress': WHATSAPP_NUMBER,
      MessageBody: 'Hello',
      State: 'active',
    });
  });

  test("gets its conversation's name and picture from the service", async () => {
    const changes = { friendly_name: 'Jane Roe', attributes: '{"avatar":"https://x/y.png"}' };
    const { twilio, receiver } = await withService(({ params }) => ({
      status: 200,
      body: params['EventType'] === 'onConversationAdd' ? JSON.stringify(changes) : '{}',
    }));

    const { conversationSid } = await twilio.receiveMessage({ from: CUSTOMER, body: 'Hello' });

    const routing = receiver.received.find(({ path }) => path === '/callbacks/routing');
    expect(routing?.params).toEqual({
      ConversationSid: conversationSid,
      'MessagingBinding.Address': CUSTOMER,
      'MessagingBinding.ProxyAddress': SMS_NUMBER,
      FriendlyName: 'Jane Roe',
      Attributes: changes.attributes,
      ConversationServiceSid: twilio.conversationServiceSid,
      State: 'active',
      DateCreated: '2024-01-02T03:04:05.678Z',
      DateUpdated: '2024-01-02T03:04:05.678Z',
    });
  });

  test('reaches the worker that the routing callback adds by REST', async () => {
    const { twilio } = await withService(async ({ path, params }) => {
      if (path === '/callbacks/routing') {
        const { conversations } = officialClient(twilio).conversations.v1;
        await conversations(params['ConversationSid'] ?? '').participants.create({ identity: WORKER });
      }
      return { status: 200 };
    });

    const { conversationSid } = await twilio.receiveMessage({ from: CUSTOMER, body: 'Hello' });

    const identities = twilio.participants(conversationSid ?? '').map(({ identity }) => identity);
    expect(identities).toEqual([null, WORKER]);
  });

  test('is lost with its conversation when the service rejects the conversation', async () => {
    const { twilio, receiver } = await withService(() => ({ status: 500 }));

    const received = await twilio.receiveMessage({ from: CUSTOMER, body: 'Hello' });

    expect(received).toMatchObject({
      accepted: false,
      conversationSid: null,
      messageSid: null,
      error: { code: 50056 },
    });
    expect(twilio.conversations()).toEqual([]);
    expect(eventsIn(receiver.received)).toEqual(['onConversationAdd']);
  });

  test('is lost when the service rejects the customer, and leaves an empty conversation', async () => {
    const { twilio } = await withService(
      ({ params }) => ({ status: params['EventType'] === 'onParticipantAdd' ? 403 : 200 }),
      [...FILTERS, 'onParticipantAdd'],
    );

    const received = await twilio.receiveMessage({ from: CUSTOMER, body: 'Hello' });

    const [left] = twilio.conversations();
    expect(received).toMatchObject({ accepted: false, conversationSid: left?.sid, messageSid: null });
    expect(twilio.participants(left?.sid ?? '')).toEqual([]);
  });

  test.each([
    ['returns an error', { status: 500 }, undefined],
    ['does not return in time', undefined, 100],
  ])('stays without a worker when routing %s', async (_what, response, timeoutMs) => {
    const { twilio } = await withService(
      ({ path }) => (path === '/callbacks/routing' ? response : { status: 200 }),
      FILTERS,
      timeoutMs,
    );

    const received = await twilio.receiveMessage({ from: CUSTOMER, body: 'Hello' });

    const sid = received.conversationSid ?? '';
    expect(received.accepted).toBe(true);
    expect(twilio.conversation(sid)?.problems).toMatchObject([{ code: 48010 }]);
    expect(twilio.participants(sid)).toHaveLength(1);
    expect(twilio.messages(sid)).toHaveLength(1);
  });

  test('and a simultaneous second one share one conversation', async () => {
    const { twilio } = await withService();

    const received = await Promise.all(
      ['One', 'Two'].map((body) => twilio.receiveMessage({ from: CUSTOMER, body })),
    );

    expect(received.map(({ autocreated }) => autocreated)).toEqual([true, false]);
    expect(twilio.conversations()).toHaveLength(1);
    const sid = received[0]?.conversationSid ?? '';
    expect(twilio.messages(sid).map(({ body }) => body)).toEqual(['One', 'Two']);
  });

  test('can be delivered without any callback', async () => {
    const { twilio, receiver } = await withService();

    const received = await twilio.receiveMessage({ from: CUSTOMER, body: 'Hello', serviceEvents: false });

    expect(received).toMatchObject({ accepted: true, webhooks: [] });
    expect(receiver.received).toEqual([]);
  });
});

describe("a customer's further message", () => {
  test('arrives in the conversation that holds both addresses', async () => {
    const { twilio, receiver } = await withService();
    const { sid } = twilio.createConversation({
      participants: [{ identity: WORKER }, { address: CUSTOMER, proxyAddress: SMS_NUMBER }],
    });

    const received = await twilio.receiveMessage({ from: CUSTOMER, body: 'STOP' });

    expect(received).toMatchObject({ accepted: true, autocreated: false, conversationSid: sid });
    const [added] = receiver.received;
    expect(receiver.received).toHaveLength(1);
    expect(added?.params).toEqual({
      AccountSid: ACCOUNT_SID,
      EventType: 'onMessageAdded',
      Source: 'SMS',
      ChatServiceSid: twilio.conversationServiceSid,
      ConversationSid: sid,
      MessageSid: received.messageSid,
      MessagingServiceSid: expect.stringMatching(/^MG/),
      Index: '0',
      DateCreated: '2024-01-02T03:04:05.678Z',
      Body: 'STOP',
      Author: CUSTOMER,
      ParticipantSid: twilio.participants(sid)[1]?.sid,
      Attributes: '{}',
      RetryCount: '0',
    });
  });

  test('creates another conversation after the first was closed', async () => {
    const { twilio } = await withService();
    const first = await twilio.receiveMessage({ from: CUSTOMER, body: 'One' });
    const { conversations } = officialClient(twilio).conversations.v1;
    await conversations(first.conversationSid ?? '').update({ state: 'closed' });

    const second = await twilio.receiveMessage({ from: CUSTOMER, body: 'Two' });

    expect(second.autocreated).toBe(true);
    expect(second.conversationSid).not.toBe(first.conversationSid);
  });

  test('from a WhatsApp user id has a conversation of its own, which REST can join too', async () => {
    const { twilio } = await withService();
    const address = 'whatsapp:US.13491208655302741918';

    const first = await twilio.receiveMessage({ from: address, body: 'One' });
    const second = await twilio.receiveMessage({ from: address, body: 'Two' });

    const { sid } = twilio.createConversation();
    const added = officialClient(twilio).conversations.v1.conversations(sid).participants.create({
      'messagingBinding.address': address,
      'messagingBinding.proxyAddress': WHATSAPP_NUMBER,
    });
    expect([first.autocreated, second.autocreated]).toEqual([true, false]);
    await expect(added).rejects.toMatchObject({ code: 50416 });
  });

  test('creates another conversation on another channel', async () => {
    const { twilio } = await withService();

    await twilio.receiveMessage({ from: CUSTOMER, body: 'One' });
    await twilio.receiveMessage({ from: `whatsapp:${CUSTOMER}`, body: 'Two' });

    const authors = twilio.conversations().map(({ sid }) => twilio.messages(sid)[0]?.author);
    expect(authors).toEqual([CUSTOMER, `whatsapp:${CUSTOMER}`]);
  });
});

describe('a message to a number that is not ours', () => {
  test('is rejected, because Twilio would not receive it', async () => {
    const { twilio } = await withService();

    const received = twilio.receiveMessage({ from: CUSTOMER, to: '+15005550006', body: 'Hello' });

    await expect(received).rejects.toMatchObject({ code: 50413 });
    expect(twilio.webhookLog).toEqual([]);
  });
});

describe("a worker's message", () => {
  const WITH_PRE_EVENT = [...FILTERS, 'onMessageAdd'];

  test('comes from the app: marked as theirs, after a pre event', async () => {
    const { twilio, receiver } = await withService(undefined, WITH_PRE_EVENT);
    const { sid } = twilio.createConversation({ participants: [{ identity: WORKER }] });

    const sent = await twilio.sendAsWorker({ conversationSid: sid, identity: WORKER, body: 'Hi Jane' });

    expect(sent).toMatchObject({ accepted: true, messageSid: twilio.messages(sid)[0]?.sid });
    const [before, after] = receiver.received;
    expect(receiver.received).toHaveLength(2);
    expect(before?.params).toEqual({
      AccountSid: ACCOUNT_SID,
      EventType: 'onMessageAdd',
      Source: 'SDK',
      ClientIdentity: WORKER,
      ChatServiceSid: twilio.conversationServiceSid,
      ConversationSid: sid,
      Body: 'Hi Jane',
      Author: WORKER,
      ParticipantSid: twilio.participants(sid)[0]?.sid,
      Attributes: '{}',
    });
    expect(after?.params).toMatchObject({
      EventType: 'onMessageAdded',
      ClientIdentity: WORKER,
      MessageSid: sent.messageSid,
    });
  });

  test('is not published when the service rejects it', async () => {
    const { twilio } = await withService(() => ({ status: 403 }), WITH_PRE_EVENT);
    const { sid } = twilio.createConversation({ participants: [{ identity: WORKER }] });

    const sent = await twilio.sendAsWorker({ conversationSid: sid, identity: WORKER, body: 'Hi' });

    expect(sent).toMatchObject({ accepted: false, messageSid: null, webhooks: [{ status: 403 }] });
    expect(twilio.messages(sid)).toEqual([]);
  });

  test('is rejected if they are not a participant', async () => {
    const { twilio } = await withService();
    const { sid } = twilio.createConversation();

    const sent = await twilio.sendAsWorker({ conversationSid: sid, identity: WORKER, body: 'Hi' });

    expect(sent).toMatchObject({ accepted: false, error: { code: 50430 } });
  });
});
