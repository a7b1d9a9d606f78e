import { describe, expect, test } from '@jest/globals';
import { aTwilio, CUSTOMER, call, SMS_NUMBER, WHATSAPP_NUMBER } from './account';
import { aReceiver } from './webhook-receiver';

const WORKER = 'ana@example.com';
const WHATSAPP = `whatsapp:${CUSTOMER}`;
const HOUR = 3_600_000;
const TEMPLATE = `HX${'a'.repeat(32)}`;

/** An emulator with a conversation on each channel, whose service gets receipts. */
async function withCustomer(options: Parameters<typeof aTwilio>[0] = {}) {
  const receiver = await aReceiver();
  const twilio = await aTwilio({
    contents: [
      {
        sid: TEMPLATE,
        friendlyName: 'hello',
        types: { 'twilio/text': { body: 'Hello' } },
        approval: { status: 'approved' },
      },
    ],
    webhooks: { postUrl: receiver.url, filters: ['onDeliveryUpdated'] },
    ...options,
  });
  const conversation = (address: string, proxyAddress: string) =>
    twilio.createConversation({ participants: [{ identity: WORKER }, { address, proxyAddress }] }).sid;
  const sids = { sms: conversation(CUSTOMER, SMS_NUMBER), whatsapp: conversation(WHATSAPP, WHATSAPP_NUMBER) };
  /** Sends a message, and returns the statuses and codes that the service gets within a minute. */
  async function outcome(channel: 'sms' | 'whatsapp', form: Record<string, string> = { Body: 'Hello' }) {
    receiver.received.length = 0;
    await call(twilio, `POST /v1/Conversations/${sids[channel]}/Messages`, { Author: WORKER, ...form });
    await twilio.passTime(60_000);
    return receiver.received.map(({ params }) => [params['Status'], params['ErrorCode'] ?? null]);
  }
  return { twilio, receiver, sids, outcome };
}

describe('a message to a customer', () => {
  test('is sent and delivered as time passes, and its receipt says so', async () => {
    const { twilio, receiver, sids } = await withCustomer();
    const path = `/v1/Conversations/${sids.sms}/Messages`;
    await call(twilio, `POST ${path}`, { Body: 'Hello', Author: WORKER });
    const [message] = twilio.messages(sids.sms);
    const shown = () => call(twilio, `GET ${path}/${message?.sid}`);

    const before = await shown();
    await twilio.passTime(500);
    const sent = await shown();
    await twilio.passTime(5_000);
    const receipts = await call(twilio, `GET ${path}/${message?.sid}/Receipts`);

    expect(before.body).toMatchObject({ delivery: null });
    expect(sent.body).toMatchObject({ delivery: { total: 1, sent: 'all', delivered: 'none', read: 'none' } });
    expect(receipts.body).toMatchObject({
      delivery_receipts: [
        {
          status: 'delivered',
          error_code: 0,
          message_sid: message?.sid,
          participant_sid: twilio.participants(sids.sms)[1]?.sid,
          channel_message_sid: expect.stringMatching(/^SM/),
        },
      ],
    });
    expect(receiver.received.map(({ params }) => params)).toEqual([
      {
        AccountSid: expect.any(String),
        EventType: 'onDeliveryUpdated',
        ChatServiceSid: twilio.conversationServiceSid,
        ConversationSid: sids.sms,
        MessageSid: message?.sid,
        ParticipantSid: twilio.participants(sids.sms)[1]?.sid,
        DeliveryReceiptSid: expect.stringMatching(/^DY/),
        ChannelMessageSid: expect.stringMatching(/^SM/),
        Status: 'sent',
        DateCreated: expect.any(String),
        DateUpdated: expect.any(String),
        RetryCount: '0',
      },
      expect.objectContaining({ Status: 'delivered' }),
    ]);
  });

  test('has its receipts before the call returns, if the timing says so', async () => {
    const { twilio, sids } = await withCustomer({ timing: { sentAfterMs: 0, deliveredAfterMs: 0 } });

    const created = await call(twilio, `POST /v1/Conversations/${sids.sms}/Messages`, { Body: 'Hello' });

    expect(created.body).toMatchObject({ delivery: { delivered: 'all' } });
  });

  test('has its receipts by itself if the clock ticks, also while the service is slow', async () => {
    const received: string[] = [];
    const receiver = await aReceiver(({ params }) => {
      received.push(`${params['ConversationSid']} ${params['Status']}`);
      return undefined;
    });
    const { twilio, sids } = await withCustomer({
      ...{ ticks: true, timing: { sentAfterMs: 5, deliveredAfterMs: 10 } },
      webhooks: { postUrl: receiver.url, filters: ['onDeliveryUpdated'], eventTimeoutMs: 60_000 },
    });
    await twilio.receiveMessage({ from: WHATSAPP, body: 'Hello' });

    for (const sid of Object.values(sids)) {
      await call(twilio, `POST /v1/Conversations/${sid}/Messages`, { Body: 'Hello' });
    }
    while (received.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));

    expect(received.toSorted()).toEqual([`${sids.sms} sent`, `${sids.whatsapp} sent`].toSorted());
  });

  test('is read on WhatsApp only', async () => {
    const { twilio, sids, outcome } = await withCustomer();
    await twilio.receiveMessage({ from: WHATSAPP, body: 'Hello' });
    await outcome('sms');
    await outcome('whatsapp');

    await twilio.readMessages(CUSTOMER);
    await twilio.readMessages(WHATSAPP);

    const statuses = (sid: string) =>
      twilio.messages(sid).flatMap((message) => twilio.receipts(message.sid).map(({ status }) => status));
    expect([statuses(sids.sms), statuses(sids.whatsapp)]).toEqual([['delivered'], ['read']]);
  });

  test('from the customer themselves, or to workers only, has no receipt', async () => {
    const { twilio, receiver, outcome } = await withCustomer();
    const { sid } = twilio.createConversation({ participants: [{ identity: WORKER }] });

    await twilio.receiveMessage({ from: CUSTOMER, body: 'Hello' });
    await call(twilio, `POST /v1/Conversations/${sid}/Messages`, { Body: 'Hello' });
    await twilio.passTime(60_000);

    expect(receiver.received).toEqual([]);
    expect(await outcome('sms')).toHaveLength(2);
  });

  test('fails after a STOP, until a START', async () => {
    const { twilio, outcome } = await withCustomer();

    await twilio.receiveMessage({ from: CUSTOMER, body: ' stop ' });
    const stopped = await outcome('sms');
    await twilio.receiveMessage({ from: CUSTOMER, body: 'START' });

    expect(stopped).toEqual([['failed', '21610']]);
    expect(await outcome('sms')).toEqual([
      ['sent', null],
      ['delivered', null],
    ]);
  });

  test.each([
    [
      'a landline',
      'sms',
      'landline',
      [
        ['sent', null],
        ['undelivered', '30006'],
      ],
    ],
    [
      'a phone that is off',
      'sms',
      'off',
      [
        ['sent', null],
        ['undelivered', '30003'],
      ],
    ],
    [
      'a filtered number',
      'sms',
      30007,
      [
        ['sent', null],
        ['undelivered', '30007'],
      ],
    ],
    ['a landline', 'whatsapp', 'landline', [['failed', '63003']]],
    ['a phone without WhatsApp', 'whatsapp', 63024, [['failed', '63024']]],
    ['a phone that is off', 'whatsapp', 'off', [['sent', null]]],
  ] as const)('to %s by %s ends so', async (_what, channel, state, expected) => {
    const { twilio, outcome } = await withCustomer();
    await twilio.receiveMessage({ from: WHATSAPP, body: 'Hello' });

    await twilio.setPhone(channel === 'sms' ? CUSTOMER : WHATSAPP, state);

    expect(await outcome(channel)).toEqual(expected);
  });

  test('on WhatsApp waits for the phone to be on', async () => {
    const { twilio, receiver, outcome } = await withCustomer();
    await twilio.receiveMessage({ from: WHATSAPP, body: 'Hello' });
    await twilio.setPhone(WHATSAPP, 'off');
    await outcome('whatsapp');

    await twilio.setPhone(WHATSAPP, 'on');

    expect(receiver.received.map(({ params }) => params['Status'])).toEqual(['sent', 'delivered']);
  });

  test("on WhatsApp is delivered within 24 hours of the customer's last message, templates always", async () => {
    const { twilio, outcome } = await withCustomer();
    const delivered = [
      ['sent', null],
      ['delivered', null],
    ];

    const unasked = await outcome('whatsapp');
    await twilio.receiveMessage({ from: WHATSAPP, body: 'Hello' });
    const within = await outcome('whatsapp');
    await twilio.passTime(24 * HOUR);
    const later = await outcome('whatsapp');
    const template = await outcome('whatsapp', { ContentSid: TEMPLATE });

    expect([unasked, within, later, template]).toEqual([
      [['failed', '63016']],
      delivered,
      [['failed', '63016']],
      delivered,
    ]);
  });

  test.each([
    ['rejected', '63040'],
    ['paused', '63041'],
    ['disabled', '63042'],
    ['pending', '63016'],
  ])('on WhatsApp by a template that is %s fails', async (status, code) => {
    const { twilio, outcome } = await withCustomer();
    twilio.contents.setApproval(TEMPLATE, { status });

    expect(await outcome('whatsapp', { ContentSid: TEMPLATE })).toEqual([['failed', code]]);
  });
});
