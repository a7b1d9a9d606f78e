import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { enqueueTo } from '../../../lambdas/inbox/queue/enqueue';
import { changeAtTwilio } from '../../world/conversations';
import { ANA, BOB, InboxWorld } from '../../world/inbox-world';
import { closeWorlds } from '../../world/world';

const JANE = '+15558675310';
const LANDLINE = 30_006;

let inbox: InboxWorld;
let chatSid = '';
beforeEach(async () => {
  inbox = await InboxWorld.start({ customers: [{ id: 541, name: 'Jane Roe', sms: JANE, owner: ANA }] });
  chatSid = String((await inbox.receive(JANE, 'Hello')).conversationSid);
});
afterEach(() => inbox.close());
afterAll(closeWorlds);

let ids = 0;
/** A new send id. */
function newId(): string {
  ids += 1;
  return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`;
}

const send = (text: string, sendId = newId(), identity = ANA) =>
  inbox.call(identity, 'send', { params: { chatSid }, body: { sendId, content: { kind: 'text', text } } });

const sent = () => inbox.twilio.messages(chatSid).filter(({ author }) => author === ANA);
const posts = () =>
  inbox.twilio.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/Messages'));

const failNextSend = (fault: Parameters<typeof inbox.twilio.faults.next>[1]) =>
  inbox.twilio.faults.next(1, fault, ({ method, path }) => method === 'POST' && path.endsWith('/Messages'));

describe('a send', () => {
  test('is in the chat, in the list and on the worker’s other devices, under the worker’s name', async () => {
    const live = await inbox.connect(ANA);
    const sendId = newId();
    const result = (await send('Good morning', sendId)).ok;
    expect(result).toMatchObject({
      outcome: 'sent',
      message: {
        text: 'Good morning',
        sendId,
        author: { kind: 'me', name: 'Ana' },
        delivery: { state: 'sent' },
      },
    });
    expect((await live.next('message')).message).toMatchObject({ text: 'Good morning', sendId });
    const [chat] = (await inbox.call(ANA, 'chats')).ok.chats;
    expect(chat).toMatchObject({ unread: 0, lastLine: { text: 'Good morning', author: { kind: 'me' } } });
    expect(posts()).toHaveLength(1);
    expect(posts()[0]?.requestsWebhooks).toBe(false);
  });

  test('shows how far it got, and why it failed', async () => {
    const live = await inbox.connect(ANA);
    await send('Are you there?');
    await inbox.twilio.passTime(5_000);
    await inbox.queue.settled();
    await live.next('delivery', ({ delivery }) => delivery.state === 'delivered');
    await inbox.twilio.setPhone(JANE, LANDLINE);
    await send('And now?');
    await inbox.twilio.passTime(5_000);
    await inbox.queue.settled();
    const failed = await live.next('delivery', ({ delivery }) => delivery.state === 'failed');
    expect(failed.delivery).toEqual({
      state: 'failed',
      code: LANDLINE,
      reason:
        'Not delivered. Jane Roe’s number is a landline, or it takes no texts. Check the number, or call.',
      action: 'check-number',
    });
    const { messages } = (await inbox.call(ANA, 'messages', { params: { chatSid } })).ok;
    expect(messages.map(({ delivery }) => delivery?.state ?? null)).toEqual(['failed', 'delivered', null]);
    expect((await inbox.call(ANA, 'chats')).ok.chats[0]?.lastLine?.delivery).toBe('failed');
  });

  test('that failed, of which the event was lost, says why as soon as Twilio does', async () => {
    await inbox.twilio.setPhone(JANE, LANDLINE);
    await send('And now?');
    inbox.twilio.webhookFaults.next(10, 'lost', (event) => event === 'onDeliveryUpdated');
    await inbox.twilio.passTime(5_000);
    await inbox.queue.settled();
    const newest = async () =>
      (await inbox.call(ANA, 'messages', { params: { chatSid } })).ok.messages[0]?.delivery;
    inbox.twilio.faults.always({ kind: 'server-error' }, ({ path }) => path.endsWith('/Receipts'));
    expect(await newest()).toMatchObject({ state: 'failed', code: null });
    expect(inbox.log).toContain('The reason of a failed message was not read');
    inbox.twilio.faults.clear();
    const asked = () => inbox.twilio.requests.filter(({ path }) => path.endsWith('/Receipts')).length;
    const before = asked();
    expect(await newest()).toMatchObject({ state: 'failed', code: LANDLINE });
    expect(await newest()).toMatchObject({ state: 'failed', code: LANDLINE });
    expect(asked()).toBe(before + 1);
  });

  test('that failed without a code takes the code of a later report, and keeps it', async () => {
    await send('And now?');
    const report = (errorCode: number | null) => {
      const message = { conversationSid: chatSid, serviceSid: null, messageSid: String(sent()[0]?.sid) };
      const event = { kind: 'delivery', ...message, status: 'failed', errorCode } as const;
      return enqueueTo(inbox.queue.queueUrl, process.env)(event);
    };
    const code = async () => {
      await inbox.queue.settled();
      const { messages } = (await inbox.call(ANA, 'messages', { params: { chatSid } })).ok;
      return messages[0]?.delivery?.code;
    };
    await report(null);
    expect(await code()).toBeNull();
    await report(LANDLINE);
    expect(await code()).toBe(LANDLINE);
    await report(null);
    await report(30_003);
    expect(await code()).toBe(LANDLINE);
  });

  test('with the same id again, one after the other or at once, is sent once', async () => {
    const sendId = newId();
    const replies = await Promise.all([send('Once', sendId), send('Once', sendId), send('Once', sendId)]);
    expect(replies.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    expect(replies.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect((await send('Once', sendId)).ok).toMatchObject({ outcome: 'sent', message: { text: 'Once' } });
    expect(sent()).toHaveLength(1);
  });

  test('of a colleague with the same id is another send, which this chat does not take', async () => {
    const sendId = newId();
    await send('Mine', sendId);
    expect((await send('Hers', sendId, BOB)).error.error).toBe('not-found');
  });

  test('that is blank or too long is not sent', async () => {
    expect((await send('  \n')).error.error).toBe('bad-request');
    expect((await send('x'.repeat(1_601))).error.error).toBe('bad-request');
    expect(sent()).toEqual([]);
  });
});

describe('Twilio fails', () => {
  test('429: the send is repeated', async () => {
    failNextSend({ kind: 'rate-limited' });
    expect((await send('Patience')).ok.outcome).toBe('sent');
    expect(sent()).toHaveLength(1);
  });

  test('the answer is lost after the message was stored: it is found, and not sent again', async () => {
    failNextSend({ kind: 'response-lost' });
    expect((await send('Lost and found')).ok).toMatchObject({
      outcome: 'sent',
      message: { text: 'Lost and found' },
    });
    expect(sent()).toHaveLength(1);
    expect(posts()).toHaveLength(1);
  });

  test('500 before the message was stored: perhaps not sent, and the same id never sends it', async () => {
    const sendId = newId();
    failNextSend({ kind: 'server-error' });
    expect((await send('Perhaps', sendId)).ok).toMatchObject({ outcome: 'unknown', sendId });
    expect((await send('Perhaps', sendId)).ok).toMatchObject({ outcome: 'unknown' });
    expect(sent()).toEqual([]);
    expect((await send('Perhaps')).ok.outcome).toBe('sent');
    expect(sent()).toHaveLength(1);
  });
});

describe('who opted out', () => {
  test('gets no message, even if the browser sends one; after START it goes on', async () => {
    await inbox.receive(JANE, 'STOP');
    expect((await inbox.call(ANA, 'chat', { params: { chatSid } })).ok.composer).toEqual({
      state: 'opted-out',
      since: expect.any(String),
    });
    expect((await send('One more thing')).error.error).toBe('opted-out');
    expect(posts()).toEqual([]);
    await inbox.receive(JANE, 'START');
    expect((await send('Welcome back')).ok.outcome).toBe('sent');
  });
});

test('a worker who was taken out of the chat at Twilio meanwhile sends nothing, and learns of it', async () => {
  const live = await inbox.connect(ANA);
  const own = inbox.twilio.participants(chatSid).find(({ identity }) => identity === ANA);
  await changeAtTwilio(inbox.world, 'DELETE', `/Conversations/${chatSid}/Participants/${own?.sid}`);
  expect((await send('Still me?')).error.error).toBe('not-found');
  await live.next('chat-removed');
  expect((await inbox.call(ANA, 'chats')).ok.chats).toEqual([]);
});

test('a delivery event of a message that the index never saw repairs the index', async () => {
  // As if the function had ended between Twilio's answer and the index.
  const message = { Author: ANA, Body: 'Unseen', Attributes: '{"send_id":"x"}' };
  await changeAtTwilio(inbox.world, 'POST', `/Conversations/${chatSid}/Messages`, message);
  expect((await inbox.call(ANA, 'chats')).ok.chats[0]?.lastLine?.text).toBe('Hello');
  await inbox.twilio.passTime(5_000);
  await inbox.queue.settled();
  expect((await inbox.call(ANA, 'chats')).ok.chats[0]?.lastLine).toMatchObject({
    text: 'Unseen',
    delivery: 'delivered',
  });
});
