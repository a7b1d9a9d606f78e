import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ROUTES, type RouteName } from '../../../lambdas/inbox/api';
import { ANA, BOB, CARA, InboxWorld } from '../../world/inbox-world';
import { closeWorlds } from '../../world/world';

const JANE = '+15558675310';
const UNKNOWN = `CH${'0'.repeat(32)}`;

let inbox: InboxWorld;
let chatSid = '';
let messageSid = '';
let recordId = '';
beforeAll(async () => {
  inbox = await InboxWorld.start({
    customers: [
      { id: 541, name: 'Jane Roe', sms: JANE, owner: ANA },
      { name: 'Without an id', sms: '+15558675399', owner: ANA },
    ],
  });
  const received = await inbox.receive(JANE, 'Secret');
  chatSid = String(received.conversationSid);
  messageSid = String(received.messageSid);
  recordId = String(inbox.world.airtable.base.tables[0]?.records[1]?.id);
});
afterAll(async () => {
  await inbox.close();
  await closeWorlds();
});

const NAMES = Object.keys(ROUTES).filter((name): name is RouteName => Object.hasOwn(ROUTES, name));
const START_ID = 'aaaaaaaa-0000-0000-0000-000000000001';

/** A request of every route about this chat and customer. */
function requestOf(sid: string, customerId: string) {
  const sms = { kind: 'text', text: 'Hi' };
  return {
    params: { chatSid: sid, messageSid, mediaSid: `ME${'0'.repeat(32)}`, customerId },
    query: { channel: 'sms' },
    body: {
      isAvailable: true,
      sendId: START_ID,
      startId: START_ID,
      content: sms,
      index: 0,
      to: BOB,
      customerId,
      channel: 'sms',
      name: '',
      sms: null,
      whatsapp: null,
    },
  };
}

/** As `call`, but for any route with any parts. */
async function callAny(identity: string | null, name: RouteName, sid = chatSid, customerId = '541') {
  const { method, path } = ROUTES[name];
  const request = requestOf(sid, customerId);
  const params = new Map(Object.entries(request.params));
  const target = path.replace(/:(\w+)/g, (_whole, param: string) =>
    encodeURIComponent(params.get(param) ?? ''),
  );
  const response = await fetch(`${inbox.gateway.url}/api${target}${method === 'GET' ? '?channel=sms' : ''}`, {
    method,
    headers: { ...(identity !== null && { authorization: `Bearer sub-${identity}` }) },
    ...(method !== 'GET' && { body: JSON.stringify(request.body) }),
  });
  return { status: response.status, text: await response.text() };
}

/** An error body without its request id, which may contain any digits. */
const withoutId = (text: string) => JSON.stringify({ ...JSON.parse(text), requestId: '' });

test.each(NAMES)('%s without a token is 401', async (name) => {
  expect((await callAny(null, name)).status).toBe(401);
});

test.each(NAMES)(
  '%s for a token without a worker, and for a worker who is not active, is 403',
  async (name) => {
    for (const identity of ['stranger@example.com', CARA]) {
      const { status, text } = await callAny(identity, name);
      expect(status).toBe(403);
      expect(JSON.parse(text)).toMatchObject({ error: 'not-active' });
    }
  },
);

const ABOUT_CHATS = NAMES.filter((name) => ROUTES[name].path.includes(':chatSid'));
const ABOUT_CUSTOMERS = NAMES.filter(
  (name) => ROUTES[name].path.includes(':customerId') || name === 'startChat',
);

test.each(ABOUT_CHATS)(
  '%s of a colleague’s chat is the same 404 as of one that does not exist',
  async (name) => {
    const others = await callAny(BOB, name);
    const none = await callAny(BOB, name, UNKNOWN);
    expect([others.status, none.status]).toEqual([404, 404]);
    expect(withoutId(others.text)).toEqual(withoutId(none.text));
    expect(withoutId(others.text)).not.toMatch(/Jane|Secret|867/);
  },
);

test.each(ABOUT_CUSTOMERS)('%s of a colleague’s customer is 404, by either id', async (name) => {
  for (const id of ['541', recordId, 'no-such-customer']) {
    const { status, text } = await callAny(BOB, name, chatSid, id);
    expect(status).toBe(404);
    expect(withoutId(text)).not.toMatch(/Jane|Secret|867/);
  }
});

test('an unknown path is 404, and a body that is not JSON is 400', async () => {
  const post = (path: string, body: string) =>
    fetch(`${inbox.gateway.url}/api${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer sub-${ANA}` },
      body,
    });
  expect((await post('/nothing', '{}')).status).toBe(404);
  expect((await post(`/chats/${chatSid}/read`, '{')).status).toBe(400);
  expect((await post(`/chats/${chatSid}/read`, '{"index":-1}')).status).toBe(400);
  expect((await post('/chats/CHnone/read', '{"index":1}')).status).toBe(400);
  expect((await post(`/chats/${chatSid}/read`, 'x'.repeat(70_000))).status).toBe(400);
});

test('another host’s name for this machine gets nothing', async () => {
  const { port } = new URL(inbox.gateway.url);
  const { request } = await import('node:http');
  const status = await new Promise((resolve) => {
    request(
      { host: '127.0.0.1', port, path: '/api/session', headers: { host: 'evil.example' } },
      (response) => resolve(response.statusCode),
    ).end();
  });
  expect(status).toBe(403);
});

test('a ticket for the live socket is good once', async () => {
  const { url } = (await inbox.call(ANA, 'liveTicket')).ok;
  const { LiveClient } = await import('../../world/live-client');
  const first = await LiveClient.connect(url);
  await expect(LiveClient.connect(url)).rejects.toThrow('refused with 401');
  await expect(LiveClient.connect(url.replace(/ticket=.*/, 'ticket=forged'))).rejects.toThrow(
    'refused with 401',
  );
  first.close();
});

test('a worker who is taken out of the team loses access with the next request', async () => {
  const worker = {
    identity: 'dan@example.com',
    name: 'Dan',
    isAvailable: true,
    subject: 'sub-dan@example.com',
  };
  await inbox.workers.save({ ...worker, isActive: true });
  expect((await inbox.call(worker.identity, 'session')).ok.worker.name).toBe('Dan');
  await inbox.workers.save({ ...worker, isActive: false });
  expect((await inbox.call(worker.identity, 'session')).status).toBe(403);
});
