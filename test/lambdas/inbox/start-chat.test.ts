import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Content } from '../../../lambdas/inbox/api';
import { changeAtTwilio } from '../../world/conversations';
import { ANA, BOB, InboxWorld } from '../../world/inbox-world';
import { closeWorlds } from '../../world/world';

const JANE = '+15558675310';
const APPROVED = `HX${'1'.repeat(32)}`;
const PENDING = `HX${'2'.repeat(32)}`;
const NAMED = `HX${'3'.repeat(32)}`;

const content = (sid: string, body: string, variables: Readonly<Record<string, string>>, status: string) => ({
  sid,
  friendlyName: 'a template',
  variables,
  types: { 'twilio/text': { body } },
  approval: { status },
});

let inbox: InboxWorld;
beforeEach(async () => {
  inbox = await InboxWorld.start({
    customers: [
      { id: 541, name: 'Jane Roe', sms: JANE, whatsapp: JANE, owner: ANA, notes: 'Likes tea.' },
      { id: 542, name: 'Long Name', whatsapp: '+15558675388', notes: 'x'.repeat(300), owner: ANA },
      { id: 543, name: 'Opted Out', sms: '+15558675377', opt_out: 'yes', owner: ANA },
      { id: 544, name: 'Only WhatsApp', whatsapp: '+15558675366', owner: ANA },
    ],
    columns: { contentSid: null },
    templates: [
      {
        category: 'Hello',
        text: 'Hello {{name|there}}, can we talk?',
        whatsAppApproved: true,
        contentSid: APPROVED,
      },
      { category: 'Hello', text: 'Not approved {{name}}', contentSid: PENDING },
      { category: 'Notes', text: 'Is this right: {{notes}}', contentSid: NAMED },
      { category: 'Plain', text: 'Just text for {{name}}' },
    ],
    templateColumns: { contentSid: 'singleLineText' },
    contents: [
      content(APPROVED, 'Hello {{1}}, can we talk?', { 1: 'Ann' }, 'approved'),
      content(PENDING, 'Not approved {{1}}', { 1: 'Ann' }, 'pending'),
      content(NAMED, 'Is this right: {{notes}}', { notes: 'A note' }, 'approved'),
    ],
  });
});
afterEach(() => inbox.close());
afterAll(closeWorlds);

let ids = 0;
function newId(): string {
  ids += 1;
  return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`;
}

const start = (
  customerId: string,
  channel: 'sms' | 'whatsapp',
  first: Content | null,
  startId = newId(),
  identity = ANA,
) => inbox.call(identity, 'startChat', { body: { startId, customerId, channel, content: first } });

const text = (words: string): Content => ({ kind: 'text', text: words });
const requests = (method: string, path: RegExp) =>
  inbox.twilio.requests.filter((request) => request.method === method && path.test(request.path));

const templatesOf = async (customerId: string, channel: 'sms' | 'whatsapp') => {
  const { templates } = (
    await inbox.call(ANA, 'customerTemplates', { params: { customerId }, query: { channel } })
  ).ok;
  return templates;
};

describe('a chat by SMS', () => {
  test('is created with our number and messaging service, the customer first, and the message', async () => {
    const { outcome, ...started } = (await start('541', 'sms', text('Hello Jane'))).ok;
    expect(outcome).toBe('started');
    expect(started).toMatchObject({
      chat: {
        name: 'Jane Roe',
        channel: 'sms',
        customerId: '541',
        lastLine: { text: 'Hello Jane' },
        unread: 0,
      },
      first: { outcome: 'sent', message: { text: 'Hello Jane' } },
    });
    expect(requests('POST', /\/Conversations$/)[0]?.form['MessagingServiceSid']).toBe(`MG${'1'.repeat(32)}`);
    const added = requests('POST', /\/Participants$/).map(({ form }) => form);
    expect(added).toEqual([
      expect.objectContaining({
        'MessagingBinding.Address': JANE,
        'MessagingBinding.ProxyAddress': '+15017122661',
      }),
      { Identity: ANA },
    ]);
  });

  test('begun twice with the same id is one chat with one message', async () => {
    const startId = newId();
    await start('541', 'sms', text('Hello Jane'), startId);
    const again = (await start('541', 'sms', text('Hello Jane'), startId)).ok;
    expect(again.outcome).toBe('started');
    expect(inbox.twilio.conversations()).toHaveLength(1);
    expect(inbox.twilio.messages(String(inbox.twilio.conversations()[0]?.sid))).toHaveLength(1);
  });

  test('opens the worker’s own chat with this customer if there is one', async () => {
    const { conversationSid } = await inbox.receive(JANE, 'Hello');
    const reply = (await start('541', 'sms', text('Hello Jane'))).ok;
    expect(reply).toMatchObject({ outcome: 'open', chat: { sid: conversationSid } });
    expect(inbox.twilio.messages(String(conversationSid))).toHaveLength(1);
  });

  test('says whose it is if a colleague has it, though the index does not know', async () => {
    inbox.twilio.createConversation({
      participants: [{ address: JANE, proxyAddress: '+15017122661' }, { identity: BOB }],
    });
    const reply = (await start('541', 'sms', text('Hello Jane'))).ok;
    expect(reply).toEqual({ outcome: 'elsewhere', worker: { identity: BOB, name: 'Bob' }, sid: null });
    expect(inbox.twilio.conversations()).toHaveLength(1);
  });

  test('can be taken if it has no worker', async () => {
    inbox.twilio.createConversation({ participants: [{ address: JANE, proxyAddress: '+15017122661' }] });
    const reply = (await start('541', 'sms', text('Hello Jane'))).ok;
    expect(reply).toMatchObject({ outcome: 'elsewhere', worker: null, sid: expect.stringMatching(/^CH/) });
    const chatSid = reply.outcome === 'elsewhere' ? String(reply.sid) : '';
    expect((await inbox.call(ANA, 'take', { params: { chatSid } })).ok.chat.name).toBe('Jane Roe');
  });

  test('is refused for who opted out, and for a channel that the customer does not have', async () => {
    expect((await start('543', 'sms', text('Hello'))).error.error).toBe('opted-out');
    expect((await start('544', 'sms', text('Hello'))).error.error).toBe('not-allowed');
    expect(inbox.twilio.conversations()).toEqual([]);
  });
});

describe('a chat by WhatsApp', () => {
  test('starts with an approved template only, filled in', async () => {
    expect((await start('541', 'whatsapp', text('Hello'))).error.error).toBe('window-closed');
    expect((await start('541', 'whatsapp', null)).error.error).toBe('window-closed');
    const [hello] = await templatesOf('541', 'whatsapp');
    const started = (await start('541', 'whatsapp', { kind: 'template', templateId: String(hello?.id) })).ok;
    expect(started).toMatchObject({
      outcome: 'started',
      first: { outcome: 'sent', message: { text: 'Hello Jane Roe, can we talk?', isTemplate: true } },
    });
    const [sent] = requests('POST', /\/Messages$/);
    expect(sent?.form).toMatchObject({ ContentSid: APPROVED, ContentVariables: '{"1":"Jane Roe"}' });
  });

  test('says why a template is not offered', async () => {
    const shown = (options: Awaited<ReturnType<typeof templatesOf>>) =>
      options.map(({ preview, notOffered }) => preview ?? notOffered);
    expect(shown(await templatesOf('541', 'whatsapp'))).toEqual([
      'Hello Jane Roe, can we talk?',
      'WhatsApp has not approved it.',
      'Is this right: Likes tea.',
      'WhatsApp has not approved it, so it can be sent within 24 hours only.',
    ]);
    expect(shown(await templatesOf('542', 'whatsapp'))[2]).toBe('What fills in notes is too long.');
    expect(shown(await templatesOf('544', 'whatsapp'))[2]).toBe('There is nothing to fill in for notes.');
    expect(shown(await templatesOf('541', 'sms'))).toEqual([
      'Hello Jane Roe, can we talk?',
      'Not approved Jane Roe',
      'Is this right: Likes tea.',
      'Just text for Jane Roe',
    ]);
  });

  test('takes free text within 24 hours of the customer’s last message, and then templates only', async () => {
    const { conversationSid } = await inbox.receive(`whatsapp:${JANE}`, 'Hello');
    const params = { chatSid: String(conversationSid) };
    const send = (words: string) =>
      inbox.call(ANA, 'send', { params, body: { sendId: newId(), content: text(words) } });
    expect((await inbox.call(ANA, 'chat', { params })).ok.composer).toEqual({
      state: 'open',
      closesAt: expect.any(String),
    });
    expect((await send('Within')).ok.outcome).toBe('sent');
    await inbox.store.changeChat(params.chatSid, (chat) => chat && { ...chat, lastInboundAt: DAYS_AGO });
    // The index may lack an event, so Twilio is asked before a worker is refused.
    expect((await send('Still within')).ok.outcome).toBe('sent');
  });

  test('closes the composer after 24 hours', async () => {
    const sid = inbox.twilio.createConversation({
      participants: [
        { address: `whatsapp:${JANE}`, proxyAddress: 'whatsapp:+15017122662' },
        { identity: ANA },
      ],
    }).sid;
    await inbox.call(ANA, 'session');
    await inbox.queue.settled();
    const params = { chatSid: sid };
    expect((await inbox.call(ANA, 'chat', { params })).ok.composer).toEqual({
      state: 'templates-only',
      since: null,
    });
    const body = { sendId: newId(), content: text('Hello?') };
    expect((await inbox.call(ANA, 'send', { params, body })).error.error).toBe('window-closed');
    const { templates } = (await inbox.call(ANA, 'chatTemplates', { params })).ok;
    const template: Content = { kind: 'template', templateId: String(templates[0]?.id) };
    const sent = (await inbox.call(ANA, 'send', { params, body: { sendId: newId(), content: template } })).ok;
    expect(sent.outcome).toBe('sent');
  });
});

const DAYS_AGO = new Date(Date.now() - 3 * 24 * 60 * 60_000).toISOString();

describe('transfer, close, take', () => {
  test('the colleague is added before the worker leaves; each is notified', async () => {
    const { conversationSid } = await inbox.receive(JANE, 'Hello');
    const params = { chatSid: String(conversationSid) };
    const [ana, bob] = [await inbox.connect(ANA), await inbox.connect(BOB)];
    expect((await inbox.call(ANA, 'transfer', { params, body: { to: BOB } })).status).toBe(200);
    await ana.next('chat-removed', ({ sid }) => sid === conversationSid);
    expect((await bob.next('chat')).chat).toMatchObject({
      sid: conversationSid,
      unread: 1,
      name: 'Jane Roe',
    });
    const order = inbox.twilio.requests
      .filter(({ path }) => path.includes('/Participants'))
      .flatMap(({ method, form }) => (method === 'GET' ? [] : [form['Identity'] ?? method]));
    expect(order.slice(-2)).toEqual([BOB, 'DELETE']);
    expect((await inbox.call(ANA, 'chat', { params })).error.error).toBe('not-found');
    const history = (await inbox.call(BOB, 'messages', { params })).ok.messages;
    expect(history.map((message) => message.text)).toEqual(['Hello']);
  });

  test('nothing is handed to who is not in the team, or not active', async () => {
    const { conversationSid } = await inbox.receive(JANE, 'Hello');
    const params = { chatSid: String(conversationSid) };
    for (const to of ['cara@example.com', 'stranger@example.com', ANA]) {
      expect((await inbox.call(ANA, 'transfer', { params, body: { to } })).error.error).toBe('not-allowed');
    }
  });

  test('a closed chat can be read, takes no message, and the customer’s next message starts a new one', async () => {
    const { conversationSid } = await inbox.receive(JANE, 'Hello');
    const params = { chatSid: String(conversationSid) };
    expect((await inbox.call(ANA, 'close', { params })).ok.state).toBe('closed');
    expect((await inbox.call(ANA, 'close', { params })).ok.state).toBe('closed');
    expect((await inbox.call(ANA, 'messages', { params })).ok.messages).toHaveLength(1);
    const body = { sendId: newId(), content: text('Too late') };
    expect((await inbox.call(ANA, 'send', { params, body })).error.error).toBe('chat-closed');
    await inbox.receive(JANE, 'Again');
    const all = (await inbox.call(ANA, 'chats')).ok.chats.map(({ state }) => state);
    expect(all).toEqual(['open', 'closed']);
    const closed = (await inbox.call(ANA, 'chats', { query: { filter: 'closed' } })).ok.chats;
    expect(closed.map(({ sid }) => sid)).toEqual([conversationSid]);
    const { otherChats } = (await inbox.call(ANA, 'chat', { params })).ok;
    expect(otherChats).toEqual([
      expect.objectContaining({ state: 'open', worker: expect.objectContaining({ isMe: true }) }),
    ]);
  });

  test('a chat closed at Twilio meanwhile is found closed by the next send', async () => {
    const { conversationSid } = await inbox.receive(JANE, 'Hello');
    const params = { chatSid: String(conversationSid) };
    await changeAtTwilio(inbox.world, 'POST', `/Conversations/${conversationSid}`, { State: 'closed' });
    const body = { sendId: newId(), content: text('Too late') };
    expect((await inbox.call(ANA, 'send', { params, body })).error.error).toBe('chat-closed');
    expect((await inbox.call(ANA, 'chats')).ok.chats[0]?.state).toBe('closed');
  });
});

describe('a customer’s chats', () => {
  test('of a colleague’s chat one sees channel, worker and state, and no text', async () => {
    const { conversationSid } = await inbox.receive(JANE, 'Do not read this');
    const params = { chatSid: String(conversationSid) };
    await inbox.call(ANA, 'transfer', { params, body: { to: BOB } });
    const reply = await inbox.call(ANA, 'customer', { params: { customerId: '541' } });
    expect(reply.ok.chats).toEqual([
      {
        channel: 'sms',
        state: 'open',
        worker: { identity: BOB, name: 'Bob', isMe: false },
        lastActivityAt: expect.any(String),
        sid: null,
        canTake: false,
      },
    ]);
    expect(JSON.stringify(reply.ok)).not.toContain('Do not read');
    // The new worker may open the customer, because he talks with her.
    expect((await inbox.call(BOB, 'customer', { params: { customerId: '541' } })).ok.name).toBe('Jane Roe');
  });
});
