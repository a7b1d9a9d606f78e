import { describe, expect, test } from '@jest/globals';
import { openTwilioAccount } from '../../../cli/twilio/twilio-account';
import { MESSAGING_SERVICE } from '../../../emulators/twilio/sids';
import { Deadline } from '../../../lambdas/http-client/deadline';
import { RequestLog } from '../../../lambdas/telemetry/request-log';
import { TwilioConversation } from '../../../lambdas/twilio/conversation';
import { FrontlineUsers } from '../../../lambdas/twilio/frontline-users';
import { ParticipantConversations } from '../../../lambdas/twilio/participant-conversations';
import { TwilioClient } from '../../../lambdas/twilio/twilio-client';
import { ACCOUNT_SID, AUTH_TOKEN, aTwilio, CUSTOMER, call, SMS_NUMBER } from './account';
import { OPERATIONS, operationOf, requestProblems, responseProblems } from './api-description';

const WORKER = 'ana@example.com';
const TEMPLATE = `HX${'a'.repeat(32)}`;

/** An account in which every kind of resource exists. */
async function fullAccount() {
  const twilio = await aTwilio({
    users: [{ identity: WORKER }],
    contents: [
      {
        sid: TEMPLATE,
        friendlyName: 'hello',
        types: { 'twilio/text': { body: 'Hello' } },
        approval: { status: 'approved' },
      },
    ],
    timing: { sentAfterMs: 0, deliveredAfterMs: 0 },
  });
  const { sid } = twilio.createConversation({
    friendlyName: 'Jane',
    participants: [{ identity: WORKER }, { address: CUSTOMER, proxyAddress: SMS_NUMBER }],
  });
  return { twilio, sid };
}

describe("the emulator, held to Twilio's published API description,", () => {
  test('returns what each operation says', async () => {
    const { twilio, sid } = await fullAccount();
    const service = `/v1/Services/${twilio.conversationServiceSid}`;
    const user = encodeURIComponent(WORKER);
    const participants = `/v1/Conversations/${sid}/Participants`;
    const messages = `/v1/Conversations/${sid}/Messages`;
    const numbers = `/2010-04-01/Accounts/${ACCOUNT_SID}/IncomingPhoneNumbers`;
    const problems: string[] = [];
    const seen = new Set<string | undefined>();
    async function check(operation: string, form: Readonly<Record<string, string>> = {}) {
      const { status, body } = await call(twilio, operation, form);
      const [method = '', path = ''] = operation.split(' ');
      seen.add(operationOf(method, path)?.operation);
      problems.push(...responseProblems(method, path, status, body));
      return JSON.stringify(body).match(/"sid":"(\w+)"/)?.[1] ?? '';
    }

    await check(`GET /2010-04-01/Accounts/${ACCOUNT_SID}.json`);
    await check(`GET ${numbers}.json`, { PhoneNumber: SMS_NUMBER, PageSize: '20' });
    const number = (await call(twilio, `GET ${numbers}.json`)).body;
    const numberSid = JSON.stringify(number).match(/PN\w+/)?.[0];
    await check(`GET ${numbers}/${numberSid}.json`);
    await check(`POST ${numbers}/${numberSid}.json`, { SmsUrl: '' });
    await check('GET /v1/Services');
    await check(`GET ${service}`);
    await check('POST /v1/Services', { FriendlyName: 'Another' });
    const messaging = '/messaging/v1/Services';
    await check(`GET ${messaging}`);
    const another = await check(`POST ${messaging}`, {
      FriendlyName: 'A',
      UseInboundWebhookOnNumber: 'true',
    });
    await check(`GET ${messaging}/${another}`);
    await check(`POST ${messaging}/${another}`, { InboundRequestUrl: 'https://a.example' });
    twilio.configure({
      messagingServices: twilio.configuration.messagingServices.map((one) => ({ ...one, senders: [] })),
    });
    await check(`POST ${messaging}/${another}/PhoneNumbers`, { PhoneNumberSid: numberSid ?? '' });
    await check(`GET ${messaging}/${another}/PhoneNumbers`);
    await check(`GET ${messaging}/${another}/PhoneNumbers/${numberSid}`);
    const senders = '/messaging/v2/Channels/Senders';
    const sender = await check(`GET ${senders}`, { Channel: 'whatsapp' });
    await check(`GET ${senders}/${sender}`);
    await check(`POST ${messaging}/${another}/ChannelSenders`, { Sid: sender });
    await check(`GET ${messaging}/${another}/ChannelSenders`);
    await check(`GET ${messaging}/${another}/ChannelSenders/${sender}`);
    await check('GET /v1/Configuration');
    await check('POST /v1/Configuration', { DefaultInactiveTimer: 'PT10M' });
    const address = await check('POST /v1/Configuration/Addresses', { Type: 'sms', Address: SMS_NUMBER });
    await check('GET /v1/Configuration/Addresses');
    await check(`GET /v1/Configuration/Addresses/${address}`);
    await check(`POST /v1/Configuration/Addresses/${address}`, { FriendlyName: 'Texts' });
    await check(`DELETE /v1/Configuration/Addresses/${address}`);
    for (const path of ['/v1/Configuration/Webhooks', `${service}/Configuration/Webhooks`]) {
      await check(`GET ${path}`);
      await check(`POST ${path}`, { Filters: 'onMessageAdded', Method: 'POST' });
    }
    for (const path of ['/v1/Content', `/v1/Content/${TEMPLATE}`, `/v1/Content/${TEMPLATE}/ApprovalRequests`])
      await check(`GET ${path}`);
    for (const path of ['/v1/ContentAndApprovals', '/v2/Content', '/v2/ContentAndApprovals'])
      await check(`GET ${path}`);
    const other = await check('POST /v1/Conversations', { FriendlyName: 'Other' });
    await check('GET /v1/Conversations');
    await check(`GET ${service}/Conversations`);
    await check(`GET /v1/Conversations/${other}`);
    await check(`POST /v1/Conversations/${other}`, { State: 'closed' });
    await check(`DELETE /v1/Conversations/${other}`);
    const message = await check(`POST ${messages}`, { Body: 'Hello', Author: WORKER });
    await check(`POST ${messages}`, { ContentSid: TEMPLATE });
    await check(`GET ${messages}`, { Order: 'desc' });
    await check(`GET ${messages}/${message}`);
    await check(`GET ${messages}/${message}/Receipts`);
    const [receipt] = twilio.receipts(message);
    await check(`GET ${messages}/${message}/Receipts/${receipt?.sid}`);
    await check(`POST ${messages}/${message}`, { Body: 'Hi' });
    await check(`DELETE ${messages}/${message}`);
    const participant = await check(`POST ${participants}`, { Identity: 'ben' });
    await check(`GET ${participants}`);
    await check(`GET ${participants}/${participant}`);
    await check(`POST ${participants}/${participant}`, { LastReadMessageIndex: '0' });
    await check(`DELETE ${participants}/${participant}`);
    await check('GET /v1/ParticipantConversations', { Address: CUSTOMER });
    await check('POST /v1/Users', { Identity: 'eva' });
    await check('GET /v1/Users');
    await check(`GET /v1/Users/${user}`);
    await check(`POST /v1/Users/${user}`, { IsAvailable: 'true' });
    await check(`GET ${service}/Users/eva`);
    await check(`POST ${service}/Users/eva`, { FriendlyName: 'Eva' });
    await check(`DELETE ${service}/Users/eva`);
    await check(`GET /v1/Users/${user}/Conversations`);
    await check(`GET /v1/Users/${user}/Conversations/${sid}`);
    await check(`POST /v1/Users/${user}/Conversations/${sid}`, { LastReadMessageIndex: '0' });
    await check(`DELETE /v1/Users/${user}/Conversations/${sid}`);

    expect(problems).toEqual([]);
    expect(OPERATIONS.filter(({ operation }) => !seen.has(operation))).toEqual([]);
    expect(twilio.requests.flatMap(requestProblems)).toEqual([]);
  });
});

describe('the requests of our code are those of the description:', () => {
  test('the service', async () => {
    const { twilio, sid } = await fullAccount();
    const requestLog = new RequestLog();
    const client = new TwilioClient(
      { accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN, twilioApiKey: null },
      { deadline: Deadline.in(5_000), requestLog },
    );
    const serviceSid = twilio.conversationServiceSid;
    for (const place of [serviceSid, null]) {
      const conversation = new TwilioConversation(client, {
        apiUrl: twilio.url,
        serviceSid: place,
        conversationSid: sid,
      });
      await conversation.tryToAddWorker('ben');
      const [participant] = await conversation.participants();
      await conversation.participant(participant?.sid ?? '');
      await conversation.setParticipantAttributes(participant?.sid ?? '', '{"customer_id":"98"}');
      await conversation.read();
      await conversation.update({ FriendlyName: 'Jane Roe', Attributes: '{}' });
    }
    await new FrontlineUsers(client, twilio.url, requestLog).availabilityOf(WORKER);
    await new ParticipantConversations(client, twilio.url).openAt(CUSTOMER);

    expect(twilio.requests.length).toBeGreaterThan(10);
    expect(twilio.requests.flatMap(requestProblems)).toEqual([]);
  });

  test('the commands', async () => {
    const { twilio } = await fullAccount();
    const serviceSid = twilio.conversationServiceSid;
    const account = openTwilioAccount({
      accountSid: ACCOUNT_SID,
      authToken: AUTH_TOKEN,
      apiKey: null,
      apiUrl: twilio.url,
    });

    await account.readAccount();
    const [number] = await account.listNumbers();
    if (number === undefined) throw new Error('The account has no number');
    await account.findNumber(number.number);
    await account.clearIncomingMessages(number);
    await account.readConversationServices();
    await account.setDefaultService(serviceSid);
    await account.createConversationService('Inbox');
    const { messaging } = account;
    const messagingSid = await messaging.createService('Inbox');
    await account.setDefaultMessagingService(messagingSid);
    await messaging.deferToSender(messagingSid);
    await messaging.listNumbers(MESSAGING_SERVICE);
    await messaging.listSenders(MESSAGING_SERVICE);
    await messaging.addNumber(MESSAGING_SERVICE, number.sid);
    for (const sender of (await messaging.listWhatsAppSenders()) ?? []) {
      await messaging.addSender(MESSAGING_SERVICE, sender);
    }
    await account.readAccountWebhooks();
    const webhooks = await account.readWebhooks(serviceSid);
    await account.setWebhooks(serviceSid, {
      ...webhooks,
      postUrl: 'https://a.example',
      filters: ['onMessageAdd'],
    });
    await account.setWebhooks(serviceSid, webhooks);
    for (let time = 0; time < 2; time += 1) {
      await account.openConversationsAt(SMS_NUMBER, { serviceSid, friendlyName: 'Texts' });
    }
    for (const address of await account.listAddresses()) await account.removeAddress(address);
    await account.frontlineUserState(WORKER);
    await account.findContent(TEMPLATE);

    expect(twilio.requests.length).toBeGreaterThan(15);
    expect(twilio.requests.flatMap(requestProblems)).toEqual([]);
  });
});
