import { describe, expect, test } from '@jest/globals';
import { aBase, customersTable } from '../../../emulators/airtable/base-data';
import { startGateway } from '../../../emulators/gateway/gateway';
import { phoneCustomers } from '../../../emulators/phone/phone-customers';
import { phonePages } from '../../../emulators/phone/phone-pages';
import { aTwilio, CUSTOMER, call, closedAfterTest, SMS_NUMBER, WHATSAPP_NUMBER } from '../twilio/account';
import { aReceiver } from '../twilio/webhook-receiver';

const WHATSAPP = `whatsapp:${CUSTOMER}`;
const HOUR = 3_600_000;

/** The phone's page for a base with one customer, as the gateway serves it. */
async function withPhone(options: Parameters<typeof aTwilio>[0] = {}) {
  const twilio = await aTwilio({ timing: { sentAfterMs: 0, deliveredAfterMs: 0 }, ...options });
  const rows = [
    { name: 'Jane', sms: '(415) 555-0123', whatsapp: 'US.13491208655302741918' },
    { name: 'Ewan', sms: 'ask her' },
  ];
  const base = aBase([customersTable(rows)]);
  const passed: unknown[] = [];
  const pages = phonePages({
    twilio,
    customers: () => phoneCustomers(base, 'US'),
    onTimePassed: async (...time) => {
      passed.push(time);
    },
  });
  const { url } = closedAfterTest(await startGateway({ routes: {}, pages }));
  const post = (operation: string, body: object, type = 'application/json') =>
    fetch(`${url}/phone/api/${operation}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: JSON.stringify(body),
    });
  const get = async (path: string, query: Record<string, string> = {}): Promise<unknown> =>
    (await fetch(`${url}/phone/api/${path}?${new URLSearchParams(query)}`)).json();
  return { twilio, url, post, get, passed };
}

describe("the customer's phone", () => {
  test('has a page with its script and style, which nothing else may frame or extend', async () => {
    const { url } = await withPhone();

    const [page, script, style, other] = await Promise.all(
      ['/phone', '/phone/main.js', '/phone/main.css', '/phone/main.ts'].map((path) => fetch(url + path)),
    );

    expect(page?.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(await page?.text()).toContain('<script type="module" src="/phone/main.js">');
    expect(script?.headers.get('content-type')).toMatch(/^text\/javascript/);
    expect(style?.headers.get('content-type')).toMatch(/^text\/css/);
    expect(other?.status).toBe(404);
  });

  test('belongs to the customers of the base who can be reached, with their addresses', async () => {
    const { get } = await withPhone();

    expect(await get('customers')).toEqual({
      customers: [{ name: 'Jane', sms: CUSTOMER, whatsapp: 'US.13491208655302741918' }],
      senders: [SMS_NUMBER, WHATSAPP_NUMBER],
    });
  });

  test('writes and sends pictures to the team, and shows what has arrived', async () => {
    const { twilio, url, post, get } = await withPhone();
    const picture = `${url}/phone/api/picture?${new URLSearchParams({ address: CUSTOMER, filename: 'a.png' })}`;

    await post('message', { address: CUSTOMER, text: 'Hello <b>you</b>' });
    await fetch(picture, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: Buffer.from('png'),
    });
    const [conversation] = twilio.conversations();
    const messages = `POST /v1/Conversations/${conversation?.sid}/Messages`;
    await call(twilio, messages, { Body: 'Hi Jane' });
    await post('state', { address: CUSTOMER, state: 'off' });
    await call(twilio, messages, { Body: 'Are you there?' });

    const media = [{ sid: expect.any(String), contentType: 'image/png', filename: 'a.png', size: 3 }];
    expect(await get('thread', { address: CUSTOMER })).toMatchObject({
      state: 'off',
      isOptedOut: false,
      messages: [
        { isOwn: true, text: 'Hello <b>you</b>', status: null },
        { isOwn: true, text: '', media },
        { isOwn: false, text: 'Hi Jane', status: 'delivered' },
      ],
    });
    const sid = twilio.messages(conversation?.sid ?? '')[1]?.media[0]?.sid;
    expect(await (await fetch(`${url}/phone/media/${sid}`)).text()).toBe('png');
  });

  test("lets WhatsApp's 24 hours pass for one customer, and says so", async () => {
    const { get, post, passed } = await withPhone();
    await post('message', { address: WHATSAPP, text: 'Hello' });

    await post('time', { address: WHATSAPP, hours: 24 });

    const thread = await get('thread', { address: WHATSAPP });
    const ends = new Date(JSON.stringify(thread).match(/"windowEnds":"([^"]+)"/)?.[1] ?? '');
    expect(ends.getTime()).toBeLessThanOrEqual(Date.now());
    expect(passed).toEqual([[{ address: WHATSAPP, proxyAddress: WHATSAPP_NUMBER }, 24 * HOUR]]);
  });

  test('reads its WhatsApp messages', async () => {
    const { twilio, post } = await withPhone();
    await post('message', { address: WHATSAPP, text: 'Hello' });
    const sid = twilio.conversations()[0]?.sid ?? '';
    await call(twilio, `POST /v1/Conversations/${sid}/Messages`, { Body: 'Hi' });

    await post('read', { address: WHATSAPP });

    expect(twilio.receipts(twilio.messages(sid)[1]?.sid ?? '')).toMatchObject([{ status: 'read' }]);
  });

  test('shows what happens between Twilio and the service, as it happens', async () => {
    const receiver = await aReceiver();
    const filters = ['onMessageAdded'];
    const { twilio, get, post } = await withPhone({ webhooks: { postUrl: receiver.url, filters } });
    const waiting = get('activity', { after: '0' });

    await post('message', { address: CUSTOMER, text: 'Hello' });
    const first = await waiting;
    await call(twilio, 'GET /v1/Conversations', { State: 'active' });

    expect(first).toMatchObject({
      entries: [{ id: 1, to: 'service', name: 'onMessageAdded', status: 200, parameters: { Body: 'Hello' } }],
      last: 1,
    });
    expect(await get('activity', { after: '1' })).toMatchObject({
      entries: [{ id: 2, to: 'twilio', name: 'GET /v1/Conversations', parameters: { State: 'active' } }],
    });
  });

  test.each([
    ['message', { address: CUSTOMER, text: 'Hi' }, 'text/plain', 400],
    ['message', { address: 'Jane', text: 'Hi' }, 'application/json', 400],
    ['state', { address: CUSTOMER, state: 'broken' }, 'application/json', 400],
    ['picture?address=%2B14155550123', {}, 'text/html', 415],
    ['nonsense', {}, 'application/json', 404],
  ])('rejects %s %j as %s', async (operation, body, type, status) => {
    const { twilio, post } = await withPhone();

    expect((await post(operation, body, type)).status).toBe(status);
    expect(twilio.conversations()).toEqual([]);
  });
});
