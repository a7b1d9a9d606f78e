import { describe, expect, test } from '@jest/globals';
import { aTwilio, CUSTOMER, SMS_NUMBER, WHATSAPP_NUMBER } from './account';
import { aReceiver } from './webhook-receiver';

const WORKER = 'ana@example.com';

describe('POST /simulate/inbound', () => {
  test('accepts a form as curl sends it, and returns the outcome', async () => {
    const receiver = await aReceiver();
    const postUrl = `${receiver.url}/callbacks/twilio-conversations`;
    const twilio = await aTwilio({ webhooks: { postUrl, filters: ['onMessageAdded'] } });

    const response = await fetch(`${twilio.url}/simulate/inbound`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: `From=whatsapp:${CUSTOMER}&Body=Hello there`,
    });

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      accepted: true,
      error: null,
      autocreated: true,
      webhooks: [{ event: 'onMessageAdded', url: postUrl, status: 200 }],
      conversation: {
        state: 'active',
        problems: [],
        participants: [
          { messaging_binding: { address: `whatsapp:${CUSTOMER}`, proxy_address: WHATSAPP_NUMBER } },
        ],
        messages: [{ author: `whatsapp:${CUSTOMER}`, body: 'Hello there' }],
      },
    });
  });

  test.each([
    ['no sender', { Body: 'Hello' }, /From/],
    ['a sender that is not a number', { From: 'Jane', Body: 'Hello' }, /Jane is not an address/],
    ['a number that is not ours', { From: CUSTOMER, To: '+15005550006', Body: 'Hello' }, /proxy address/],
  ])('rejects %s', async (_what, body, message) => {
    const twilio = await aTwilio();

    const response = await post(`${twilio.url}/simulate/inbound`, body);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ message: expect.stringMatching(message) });
    expect(twilio.conversations()).toEqual([]);
  });
});

describe('POST /simulate/worker-message', () => {
  test('sends as a worker, and reports when the service rejects it', async () => {
    const receiver = await aReceiver(({ params }) => ({ status: params['Body'] === 'Hi' ? 200 : 403 }));
    const twilio = await aTwilio({ webhooks: { preUrl: receiver.url, filters: ['onMessageAdd'] } });
    const { sid: ConversationSid } = twilio.createConversation({ participants: [{ identity: WORKER }] });
    const send = (Body: string) =>
      post(`${twilio.url}/simulate/worker-message`, { Identity: WORKER, ConversationSid, Body });

    const published = await send('Hi');
    const rejected = await send('Buy now');

    expect(await published.json()).toMatchObject({ accepted: true, webhooks: [{ status: 200 }] });
    expect(rejected.status).toBe(409);
    expect(await rejected.json()).toMatchObject({
      accepted: false,
      error: { code: 50056 },
      webhooks: [{ event: 'onMessageAdd', status: 403 }],
    });
    expect(twilio.messages(ConversationSid).map(({ body }) => body)).toEqual(['Hi']);
  });
});

describe('GET /simulate/conversations', () => {
  test('shows everything, without counting as a request to Twilio', async () => {
    const twilio = await aTwilio();
    const participants = [{ address: CUSTOMER, proxyAddress: SMS_NUMBER }];
    const { sid } = twilio.createConversation({ friendlyName: 'Jane', participants });

    const response = await fetch(`${twilio.url}/simulate/conversations`);

    expect(await response.json()).toMatchObject({
      conversations: [
        { sid, friendly_name: 'Jane', participants: [{ conversation_sid: sid }], messages: [] },
      ],
    });
    expect(twilio.requests).toEqual([]);
  });
});

function post(url: string, body: object): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}
