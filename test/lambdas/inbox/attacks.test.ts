import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ANA, BOB, InboxWorld } from '../../world/inbox-world';
import { closeWorlds } from '../../world/world';

const JANE = '+15558675310';
const BOBS = '+15558675322';

let inbox: InboxWorld;
let janes = '';
let bobs = '';
beforeEach(async () => {
  inbox = await InboxWorld.start({
    customers: [
      { id: 541, name: 'Jane Roe', sms: JANE, owner: ANA },
      { id: 543, name: 'Janet', sms: '+15558675311', owner: ANA },
      { id: 542, name: 'Bobs own', sms: BOBS, owner: BOB },
    ],
    columns: { contentSid: null },
    templates: [{ category: 'Long', text: '長'.repeat(1_500) }],
    settings: { CUSTOMER_VISIBILITY: 'owner' },
  });
  const picture = { contentType: 'image/png', bytes: Buffer.from('png') };
  janes = String((await inbox.receive(JANE, 'Secret', [picture])).conversationSid);
  bobs = String((await inbox.receive(BOBS, 'Hello')).conversationSid);
});
afterEach(() => inbox.close());
afterAll(closeWorlds);

const SEND_ID = '00000000-0000-4000-8000-000000000001';
const say = (text: string) => ({ kind: 'text', text }) as const;

describe('a worker with guessed ids', () => {
  test('gets no file of another chat, by any of its ids', async () => {
    const { messages } = (await inbox.call(ANA, 'messages', { params: { chatSid: janes } })).ok;
    const [{ sid: messageSid = '', media = [] } = {}] = messages;
    const mediaSid = String(media[0]?.sid);
    expect(
      (await inbox.call(ANA, 'media', { params: { chatSid: janes, messageSid, mediaSid } })).status,
    ).toBe(200);
    const own = (await inbox.call(BOB, 'messages', { params: { chatSid: bobs } })).ok.messages[0];
    for (const params of [
      { chatSid: janes, messageSid, mediaSid },
      { chatSid: bobs, messageSid, mediaSid },
      { chatSid: bobs, messageSid: String(own?.sid), mediaSid },
    ]) {
      expect((await inbox.call(BOB, 'media', { params })).error.error).toBe('not-found');
    }
  });

  test('with a colleague’s send id sends a message of their own, and learns nothing', async () => {
    await inbox.call(ANA, 'send', {
      params: { chatSid: janes },
      body: { sendId: SEND_ID, content: say('Mine') },
    });
    const body = { sendId: SEND_ID, content: say('Mine too') };
    const reply = (await inbox.call(BOB, 'send', { params: { chatSid: bobs }, body })).ok;
    expect(reply).toMatchObject({ outcome: 'sent', message: { text: 'Mine too', chatSid: bobs } });
    expect((await inbox.call(BOB, 'send', { params: { chatSid: janes }, body })).error.error).toBe(
      'bad-request',
    );
    expect(inbox.twilio.messages(janes).map((message) => message.body)).toEqual(['Secret', 'Mine']);
  });

  test('with a colleague’s start id starts no chat with their customer', async () => {
    const start = { startId: SEND_ID, channel: 'sms', content: say('Hi') } as const;
    await inbox.call(ANA, 'startChat', { body: { ...start, customerId: '543' } });
    const { status } = await inbox.call(BOB, 'startChat', { body: { ...start, customerId: '543' } });
    expect(status).toBe(404);
  });

  test('with a colleague’s cursors sees only their own lists', async () => {
    const { nextCursor } = (await inbox.call(ANA, 'customers', { query: { limit: '1' } })).ok;
    expect(nextCursor).not.toBeNull();
    const cursor = String(nextCursor);
    const customers = await inbox.call(BOB, 'customers', { query: { cursor } });
    expect(JSON.stringify(customers.status === 200 ? customers.ok : customers.error)).not.toContain('Jane');
    await inbox.receive('+15558675311', 'Me too');
    const page = (await inbox.call(ANA, 'chats', { query: { limit: '1' } })).ok;
    const { chats } = (await inbox.call(BOB, 'chats', { query: { cursor: String(page.nextCursor) } })).ok;
    expect(chats.every(({ sid }) => sid === bobs)).toBe(true);
  });
});

describe('what a customer sends', () => {
  const kindsOf = async () =>
    (await inbox.call(ANA, 'messages', { params: { chatSid: janes } })).ok.messages[0]?.media ?? [];

  test.each([
    'image/svg+xml',
    'IMAGE/SVG+XML; charset=utf-8',
    'text/html',
    'application/xhtml+xml',
    'image/png/../svg+xml',
    'image/png\u0000',
    'text/xml',
  ])('%j is a download, and never shown inline', async (contentType) => {
    await inbox.receive(JANE, 'Look', [{ contentType, bytes: Buffer.from('<svg onload="alert(1)"/>') }]);
    expect((await kindsOf()).map(({ kind }) => kind)).toEqual(['file']);
  });

  test('has a name on one line, without characters that turn its end about', async () => {
    const file = {
      ...{ sid: `ME${'1'.repeat(32)}`, contentType: 'application/octet-stream', size: 1, category: 'media' },
      filename: '\u202Etxt.exe\n\u0007',
    };
    inbox.twilio.createMessage(janes, { author: JANE, body: '', media: [file] });
    expect((await kindsOf()).map(({ filename }) => filename)).toEqual(['txt.exe']);
  });

  test('is text, also if it looks like a page', async () => {
    const script = '<img src=x onerror="alert(1)">{{notes}}';
    await inbox.receive(JANE, script);
    const { messages } = (await inbox.call(ANA, 'messages', { params: { chatSid: janes } })).ok;
    expect(messages[0]?.text).toBe(script);
    expect((await inbox.call(ANA, 'chats')).ok.chats[0]?.lastLine?.text).toBe(script);
  });
});

describe('a customer that a worker adds', () => {
  const add = (name: string, sms = '+15558675377') =>
    inbox.call(ANA, 'addCustomer', { body: { name, sms, whatsapp: null } });

  test('with a formula as a name is that text, for which Airtable evaluates nothing', async () => {
    const name = '=HYPERLINK("https://evil.example","Jane")';
    expect((await add(name)).ok.name).toBe(name);
    const [created] = inbox.world.airtable.requests.filter(({ method }) => method === 'POST').slice(-1);
    expect(JSON.stringify(created)).not.toContain('typecast');
    expect(JSON.stringify(created)).not.toContain('filterByFormula');
  });

  test('has a name on one line, and one that can be seen', async () => {
    expect((await add(' Jane\n\u202Eeor ')).ok.name).toBe('Jane eor');
    for (const name of ['', ' \n', '\u200b\u2800', '\u0000']) {
      expect((await add(name, '+15558675378')).error.error).toBe('bad-request');
    }
  });
});

test('a template that is as long as a message may be, in any script, is sent', async () => {
  const [template] = (await inbox.call(ANA, 'chatTemplates', { params: { chatSid: janes } })).ok.templates;
  const body = { sendId: SEND_ID, content: { kind: 'template', templateId: String(template?.id) } } as const;
  const sent = (await inbox.call(ANA, 'send', { params: { chatSid: janes }, body })).ok;
  expect(sent).toMatchObject({ outcome: 'sent', message: { isTemplate: true, text: '長'.repeat(1_500) } });
  const attributes = String(inbox.twilio.messages(janes).at(-1)?.attributes);
  expect(Buffer.byteLength(attributes)).toBeLessThan(4_096);
});
