import { describe, expect, test } from '@jest/globals';
import { NO_WEBHOOKS } from '../../../emulators/twilio/account-configuration';
import { ACCOUNT_SID, aTwilio, CUSTOMER, officialClient, SMS_NUMBER } from './account';
import { aReceiver, eventsIn } from './webhook-receiver';

const OTHER_SERVICE = 'ISbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb';
const OTHER_MESSAGING_SERVICE = 'MGbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb';
const UNKNOWN = 'ISffffffffffffffffffffffffffffffff';

async function withServices() {
  const twilio = await aTwilio();
  twilio.configure({
    services: [
      ...twilio.configuration.services,
      { sid: OTHER_SERVICE, friendlyName: 'Support chat', webhooks: NO_WEBHOOKS },
    ],
  });
  return { twilio, conversations: officialClient(twilio).conversations.v1 };
}

describe("the account's defaults", () => {
  test('are those of a new Frontline account', async () => {
    const { twilio, conversations } = await withServices();

    const configuration = await conversations.configuration().fetch();

    expect(configuration).toMatchObject({
      accountSid: ACCOUNT_SID,
      defaultChatServiceSid: twilio.conversationServiceSid,
      defaultMessagingServiceSid: expect.stringMatching(/^MG[0-9a-f]{32}$/),
    });
  });

  test('are changed one by one', async () => {
    const { twilio, conversations } = await withServices();

    await conversations.configuration().update({ defaultChatServiceSid: OTHER_SERVICE });
    await conversations.configuration().update({ defaultMessagingServiceSid: OTHER_MESSAGING_SERVICE });

    expect(twilio.configuration).toMatchObject({
      defaultChatServiceSid: OTHER_SERVICE,
      defaultMessagingServiceSid: OTHER_MESSAGING_SERVICE,
    });
  });

  test.each([
    ['an unknown conversation service', { defaultChatServiceSid: UNKNOWN }],
    ['a SID of another resource', { defaultMessagingServiceSid: 'IS1' }],
  ])('are not %s', async (_what, changes) => {
    const { twilio, conversations } = await withServices();
    const before = twilio.configuration;

    await expect(conversations.configuration().update(changes)).rejects.toMatchObject({ status: 400 });

    expect(twilio.configuration).toEqual(before);
  });
});

describe('conversation services', () => {
  test('are listed page by page, and fetched', async () => {
    const { twilio, conversations } = await withServices();

    const listed = await conversations.services.list({ pageSize: 1 });
    const other = await conversations.services(OTHER_SERVICE).fetch();

    expect(listed.map(({ sid, friendlyName }) => [sid, friendlyName])).toEqual([
      [twilio.conversationServiceSid, 'Frontline Service'],
      [OTHER_SERVICE, 'Support chat'],
    ]);
    expect(other).toMatchObject({ accountSid: ACCOUNT_SID, friendlyName: 'Support chat' });
    await expect(conversations.services(UNKNOWN).fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
  });

  test("other than Frontline's have no conversations here, and say so", async () => {
    const { conversations } = await withServices();

    const inOther = conversations.services(OTHER_SERVICE).conversations.list();
    const inUnknown = conversations.services(UNKNOWN).conversations.list();

    await expect(inOther).rejects.toMatchObject({ status: 501 });
    await expect(inUnknown).rejects.toMatchObject({ status: 404 });
  });
});

describe('webhooks', () => {
  test('of a service and of the account are separate, and an update keeps absent parameters', async () => {
    const { twilio, conversations } = await withServices();
    const service = conversations.services(twilio.conversationServiceSid).configuration.webhooks();
    const account = conversations.configuration.webhooks();

    await service.update({
      preWebhookUrl: 'https://a.example/pre',
      postWebhookUrl: 'https://a.example/post',
      filters: ['onMessageAdd', 'onMessageAdded'],
      method: 'GET',
    });
    await service.update({ postWebhookUrl: 'https://b.example/post' });
    await account.update({ postWebhookUrl: 'https://c.example', filters: ['onUserAdded'] });

    expect(await service.fetch()).toMatchObject({
      accountSid: ACCOUNT_SID,
      chatServiceSid: twilio.conversationServiceSid,
      preWebhookUrl: 'https://a.example/pre',
      postWebhookUrl: 'https://b.example/post',
      filters: ['onMessageAdd', 'onMessageAdded'],
      method: 'GET',
    });
    expect(await account.fetch()).toMatchObject({
      preWebhookUrl: null,
      postWebhookUrl: 'https://c.example',
      filters: ['onUserAdded'],
      method: 'POST',
    });
    expect(await conversations.services(OTHER_SERVICE).configuration.webhooks().fetch()).toMatchObject({
      preWebhookUrl: null,
      filters: [],
    });
  });

  test('are removed by a blank', async () => {
    const { twilio, conversations } = await withServices();
    twilio.configureWebhooks({ preUrl: 'https://a.example', filters: ['onMessageAdd', 'onMessageAdded'] });
    const webhooks = conversations.services(twilio.conversationServiceSid).configuration.webhooks();

    await webhooks.update({ preWebhookUrl: '', filters: ['onMessageAdd'] });
    expect(await webhooks.fetch()).toMatchObject({ preWebhookUrl: null, filters: ['onMessageAdd'] });
    await webhooks.update({ filters: [''] });

    expect(await webhooks.fetch()).toMatchObject({ filters: [] });
  });

  test.each([
    ['an unknown event', { filters: ['onConversationAdd', 'onMassageAdded'] }],
    ['a text that is not a URL', { preWebhookUrl: 'a.example' }],
    ['another method', { method: 'PUT' }],
  ])('are not set to %s', async (_what, changes) => {
    const { twilio, conversations } = await withServices();
    const webhooks = conversations.services(twilio.conversationServiceSid).configuration.webhooks();

    await expect(webhooks.update(changes)).rejects.toMatchObject({ status: 400, code: 20001 });

    expect(twilio.configuration.services[0]?.webhooks).toEqual(NO_WEBHOOKS);
  });

  test('that REST sets are sent', async () => {
    const { twilio, conversations } = await withServices();
    const receiver = await aReceiver();

    await conversations
      .services(twilio.conversationServiceSid)
      .configuration.webhooks()
      .update({
        preWebhookUrl: `${receiver.url}/pre`,
        postWebhookUrl: `${receiver.url}/post`,
        filters: ['onConversationAdd', 'onMessageAdded'],
      });
    await twilio.receiveMessage({ from: CUSTOMER, to: SMS_NUMBER, body: 'Hello' });

    expect(receiver.received.map(({ path, params }) => [path, params['EventType']])).toEqual([
      ['/pre', 'onConversationAdd'],
      ['/post', 'onMessageAdded'],
    ]);
  });

  test('by GET have their parameters in the signed URL', async () => {
    const { twilio, conversations } = await withServices();
    const receiver = await aReceiver();

    await conversations
      .services(twilio.conversationServiceSid)
      .configuration.webhooks()
      .update({ postWebhookUrl: `${receiver.url}/post`, filters: ['onMessageAdded'], method: 'GET' });
    await twilio.receiveMessage({ from: CUSTOMER, to: SMS_NUMBER, body: 'Hello' });

    const [received] = receiver.received;
    expect(received).toMatchObject({ params: {}, signed: true });
    expect(received?.path).toMatch(/^\/post\?.*EventType=onMessageAdded.*&Body=Hello/);
  });

  test("of the account are replaced by a service's own", async () => {
    const { twilio, conversations } = await withServices();
    const ofAccount = await aReceiver();
    const ofService = await aReceiver();
    const filters = ['onConversationAdded'];
    await conversations.configuration.webhooks().update({ postWebhookUrl: ofAccount.url, filters });

    await twilio.receiveMessage({ from: CUSTOMER, body: 'Hello' });
    twilio.configureWebhooks({ postUrl: ofService.url, filters });
    await twilio.receiveMessage({ from: '+14155550124', body: 'Hello' });

    expect(eventsIn(ofAccount.received)).toEqual(filters);
    expect(eventsIn(ofService.received)).toEqual(filters);
  });
});

test('a wrong token changes no setting', async () => {
  const twilio = await aTwilio();
  const before = twilio.configuration;
  const { conversations, api } = officialClient(twilio, 'another token');

  const requests = [
    conversations.v1.configuration().fetch(),
    conversations.v1.configuration().update({ defaultChatServiceSid: UNKNOWN }),
    conversations.v1.services.list(),
    conversations.v1.addressConfigurations.create({ type: 'sms', address: SMS_NUMBER }),
    api.v2010.accounts(ACCOUNT_SID).fetch(),
    api.v2010.accounts(ACCOUNT_SID).incomingPhoneNumbers.list(),
  ];

  for (const request of requests) await expect(request).rejects.toMatchObject({ status: 401, code: 20003 });
  expect(twilio.configuration).toEqual(before);
});
