import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ChatList } from '../../../lambdas/inbox/api';
import { changeAtTwilio } from '../../world/conversations';
import { ANA, BOB, InboxWorld } from '../../world/inbox-world';
import { closeWorlds } from '../../world/world';

const JANE = '+15558675310';

let inbox: InboxWorld;
beforeEach(async () => {
  inbox = await InboxWorld.start({ customers: [{ id: 541, name: 'Jane Roe', sms: JANE, owner: ANA }] });
});
afterEach(() => inbox.close());
afterAll(closeWorlds);

describe('a customer writes', () => {
  test('the owner has the chat with its last line and one unread message', async () => {
    await inbox.receive(JANE, 'Hello there');
    const { chats, unreadChats } = (await inbox.call(ANA, 'chats')).ok;
    expect(chats).toEqual([
      expect.objectContaining({
        channel: 'sms',
        customerId: '541',
        name: 'Jane Roe',
        address: JANE,
        state: 'open',
        unread: 1,
        readIndex: null,
        isOptedOut: false,
        lastLine: {
          text: 'Hello there',
          media: null,
          author: { kind: 'customer', name: 'Jane Roe' },
          delivery: null,
        },
      }),
    ]);
    expect(unreadChats).toBe(1);
    expect((await inbox.call(BOB, 'chats')).ok.chats).toEqual([]);
  });

  test('an open socket gets the message and the row', async () => {
    await inbox.receive(JANE, 'First');
    const live = await inbox.connect(ANA);
    const others = await inbox.connect(BOB);
    await inbox.receive(JANE, 'Second');
    const { message } = await live.next('message');
    expect(message).toMatchObject({
      text: 'Second',
      author: { kind: 'customer', name: 'Jane Roe' },
      index: 1,
    });
    expect((await live.next('chat')).chat).toMatchObject({ unread: 2, lastLine: { text: 'Second' } });
    await others.catchUp();
    expect(others.events).toEqual([{ kind: 'pong' }]);
  });

  test('a sign of life is answered', async () => {
    const live = await inbox.connect(ANA);
    live.send('{"kind":"ping"}');
    await live.next('pong');
  });

  test('a picture has a line without text and an address that is asked for', async () => {
    const bytes = Buffer.from('not really a picture');
    const { conversationSid, messageSid } = await inbox.receive(JANE, '', [
      { contentType: 'image/png', bytes },
    ]);
    const [chat] = (await inbox.call(ANA, 'chats')).ok.chats;
    expect(chat?.lastLine).toMatchObject({ text: '', media: 'image' });
    const params = { chatSid: String(conversationSid) };
    const { messages } = (await inbox.call(ANA, 'messages', { params })).ok;
    const [file] = messages[0]?.media ?? [];
    expect(file).toMatchObject({ contentType: 'image/png', kind: 'image', size: bytes.length });
    const media = { ...params, messageSid: String(messageSid), mediaSid: String(file?.sid) };
    const { url, expiresAt } = (await inbox.call(ANA, 'media', { params: media })).ok;
    expect(await (await fetch(url)).text()).toBe(bytes.toString());
    expect(Date.parse(String(expiresAt))).toBeGreaterThan(Date.now());
    expect((await inbox.call(BOB, 'media', { params: media })).error.error).toBe('not-found');
  });
});

describe('reading', () => {
  test('clears what is unread up to the index, forwards only, and tells Twilio and other devices', async () => {
    const { conversationSid } = await inbox.receive(JANE, 'One');
    await inbox.receive(JANE, 'Two');
    const live = await inbox.connect(ANA);
    const params = { chatSid: String(conversationSid) };
    const read = (index: number) => inbox.call(ANA, 'read', { params, body: { index } });
    expect((await read(0)).ok).toMatchObject({ unread: 1, readIndex: 0 });
    expect((await read(1)).ok).toMatchObject({ unread: 0, readIndex: 1 });
    expect((await read(0)).ok).toMatchObject({ unread: 0, readIndex: 1 });
    await live.next('chat', ({ chat }) => chat.unread === 0);
    const own = inbox.twilio.participants(params.chatSid).find(({ identity }) => identity === ANA);
    expect(own?.lastReadMessageIndex).toBe(1);
    expect((await inbox.call(ANA, 'chats', { query: { filter: 'unread' } })).ok.chats).toEqual([]);
  });

  test('an index beyond the last message does not read what comes later', async () => {
    const { conversationSid } = await inbox.receive(JANE, 'One');
    const params = { chatSid: String(conversationSid) };
    await inbox.call(ANA, 'read', { params, body: { index: 900 } });
    await inbox.receive(JANE, 'Two');
    expect((await inbox.call(ANA, 'chats')).ok.chats[0]?.unread).toBe(1);
  });

  test('more than 99 unread messages are counted as 100', async () => {
    const { conversationSid } = await inbox.receive(JANE, 'Number 0');
    for (let number = 1; number < 105; number += 1) {
      inbox.twilio.createMessage(String(conversationSid), { author: JANE, body: `Number ${number}` });
    }
    const params = { chatSid: String(conversationSid) };
    await inbox.call(ANA, 'messages', { params, query: { limit: '100' } });
    expect((await inbox.call(ANA, 'chats')).ok.chats[0]?.unread).toBe(100);
  });
});

describe('the history', () => {
  test('is paged from the newest message, over gaps', async () => {
    const { conversationSid } = await inbox.receive(JANE, 'Number 0');
    const chatSid = String(conversationSid);
    for (let number = 1; number < 7; number += 1) {
      if (number === 3) inbox.twilio.skipIndexes(chatSid, 5);
      inbox.twilio.createMessage(chatSid, { author: JANE, body: `Number ${number}` });
    }
    const first = (await inbox.call(ANA, 'messages', { params: { chatSid }, query: { limit: '4' } })).ok;
    const cursor = String(first.nextCursor);
    const rest = (await inbox.call(ANA, 'messages', { params: { chatSid }, query: { cursor } })).ok;
    const texts = [...first.messages, ...rest.messages].map(({ text }) => text);
    expect(texts).toEqual([6, 5, 4, 3, 2, 1, 0].map((number) => `Number ${number}`));
    expect(rest.nextCursor).toBeNull();
  });

  test('opening a chat finds a message whose event was lost', async () => {
    const { conversationSid } = await inbox.receive(JANE, 'One');
    inbox.twilio.createMessage(String(conversationSid), { author: JANE, body: 'Lost' });
    await inbox.call(ANA, 'messages', { params: { chatSid: String(conversationSid) } });
    expect((await inbox.call(ANA, 'chats')).ok.chats[0]).toMatchObject({
      unread: 2,
      lastLine: { text: 'Lost' },
    });
  });
});

describe('after a lost connection', () => {
  test('the rows that changed since are given, and those that were left', async () => {
    const { conversationSid } = await inbox.receive(JANE, 'One');
    const { asOf } = (await inbox.call(ANA, 'chats')).ok;
    await inbox.receive('+15558675311', 'From a stranger');
    const params = { chatSid: String(conversationSid) };
    await inbox.call(ANA, 'transfer', { params, body: { to: BOB } });
    const mine = (await inbox.call(ANA, 'chats', { query: { changedSince: asOf } })).ok;
    expect(mine.removed).toEqual([{ sid: conversationSid, changedAt: expect.any(String) }]);
    const his = (await inbox.call(BOB, 'chats', { query: { changedSince: asOf } })).ok;
    expect(his.chats.map(({ sid }) => sid)).toContain(conversationSid);
  });

  test('more changes than a page holds are on further pages', async () => {
    const { asOf } = (await inbox.call(ANA, 'chats')).ok;
    const sids: string[] = [];
    for (const number of [1, 2, 3]) {
      const from = `+1555867531${number}`;
      const participants = [{ identity: ANA }, { address: from, proxyAddress: '+15017122661' }];
      inbox.twilio.createConversation({ participants });
      sids.push(String((await inbox.receive(from, 'Hello')).conversationSid));
    }
    await inbox.call(ANA, 'transfer', { params: { chatSid: String(sids[1]) }, body: { to: BOB } });
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const query = { changedSince: asOf, limit: '1', ...(cursor !== null && { cursor }) };
      const page: ChatList = (await inbox.call(ANA, 'chats', { query })).ok;
      found.push(...[...page.chats, ...page.removed].map(({ sid }) => sid));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(found).toEqual([sids[0], sids[2], sids[1]]);
  });
});

describe('where Twilio lists no workers of a closed chat any more', () => {
  let chatSid = '';
  let file = { chatSid: '', messageSid: '', mediaSid: '' };
  const listNone = () =>
    inbox.twilio.faults.always(
      { kind: 'other-response', status: 200, body: '{"participants":[]}' },
      ({ method, path }) => method === 'GET' && path.endsWith('/Participants'),
    );
  beforeEach(async () => {
    const picture = { contentType: 'image/png', bytes: Buffer.from('picture') };
    chatSid = String((await inbox.receive(JANE, 'Look', [picture])).conversationSid);
    const [message] = (await inbox.call(ANA, 'messages', { params: { chatSid } })).ok.messages;
    file = { chatSid, messageSid: String(message?.sid), mediaSid: String(message?.media[0]?.sid) };
  });

  test('its worker reads it, opens a file and keeps it in the list', async () => {
    await inbox.call(ANA, 'close', { params: { chatSid } });
    listNone();
    expect((await inbox.call(ANA, 'media', { params: file })).status).toBe(200);
    expect((await inbox.call(ANA, 'messages', { params: { chatSid } })).status).toBe(200);
    expect((await inbox.call(ANA, 'chats')).ok.chats).toHaveLength(1);
  });

  test('the event of its closing leaves it in the list', async () => {
    listNone();
    await changeAtTwilio(inbox.world, 'POST', `/Conversations/${chatSid}`, { State: 'closed' }, true);
    await inbox.queue.settled();
    expect((await inbox.call(ANA, 'chats')).ok.chats).toMatchObject([{ sid: chatSid, state: 'closed' }]);
  });

  test('a send says that it is closed, and a file opens, though the event of its closing was lost', async () => {
    await changeAtTwilio(inbox.world, 'POST', `/Conversations/${chatSid}`, { State: 'closed' });
    listNone();
    const body = {
      sendId: '11111111-aaaa-bbbb-cccc-000000000002',
      content: { kind: 'text', text: 'Hello' } as const,
    };
    const reply = await inbox.call(ANA, 'send', { params: { chatSid }, body });
    expect(reply.error.error).toBe('chat-closed');
    expect((await inbox.call(ANA, 'media', { params: file })).status).toBe(200);
    expect((await inbox.call(ANA, 'chats')).ok.chats).toMatchObject([{ sid: chatSid, state: 'closed' }]);
  });
});

test('no text, name or number of a customer is in the logs or on the queue', async () => {
  const { conversationSid } = await inbox.receive(JANE, 'A very private matter');
  const params = { chatSid: String(conversationSid) };
  await inbox.call(ANA, 'send', {
    params,
    body: {
      sendId: '11111111-aaaa-bbbb-cccc-000000000001',
      content: { kind: 'text', text: 'Quite so, dear' },
    },
  });
  await inbox.queue.settled();
  for (const text of ['private matter', 'Quite so', 'Jane', JANE]) {
    expect(inbox.queue.delivered.join('\n')).not.toContain(text);
    expect(inbox.log).not.toContain(text);
  }
});
