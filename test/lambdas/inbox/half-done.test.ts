import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readConfiguration } from '../../../lambdas/config';
import { credentialsCache } from '../../../lambdas/container';
import { Deadline } from '../../../lambdas/http-client/deadline';
import { applyEvent } from '../../../lambdas/inbox/events/apply-event';
import { indexMessage } from '../../../lambdas/inbox/messages/index-message';
import { type Inbox, openInbox } from '../../../lambdas/inbox/open-inbox';
import { ChatStore } from '../../../lambdas/inbox/store/chat-store';
import { DeliveryStore } from '../../../lambdas/inbox/store/delivery-store';
import { createDynamoClient } from '../../../lambdas/replica/dynamo-client';
import { RequestLog } from '../../../lambdas/telemetry/request-log';
import { changeAtTwilio } from '../../world/conversations';
import { ANA, BOB, CARA, InboxWorld } from '../../world/inbox-world';
import { closeWorlds } from '../../world/world';

const JANE = '+15558675310';
const OURS = '+15017122661';

let inbox: InboxWorld;
let client: ReturnType<typeof createDynamoClient>;
beforeEach(async () => {
  inbox = await InboxWorld.start({ customers: [{ id: 541, name: 'Jane Roe', sms: JANE, owner: ANA }] });
  client = createDynamoClient(process.env);
});
afterEach(async () => {
  client.destroy();
  await inbox.close();
});
afterAll(closeWorlds);

let ids = 0;
function newId(): string {
  ids += 1;
  return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`;
}

async function open(): Promise<Inbox> {
  const deadline = Deadline.in(20_000);
  const credentials = await credentialsCache().load(deadline, () => {});
  const configuration = readConfiguration(process.env);
  return openInbox({ configuration, credentials, deadline, requestLog: new RequestLog() });
}

const workersIn = (sid: string) =>
  inbox.twilio
    .participants(sid)
    .flatMap(({ identity }) => identity ?? [])
    .sort();

describe('a function that ends while it indexes a message', () => {
  class EndingChats extends ChatStore {
    override async changeChat(): Promise<never> {
      throw new Error('The function ended');
    }
  }
  class EndingDeliveries extends DeliveryStore {
    override async setKnown(): Promise<never> {
      throw new Error('The function ended');
    }
  }

  test.each(['before the chat', 'after the chat'])('%s: the delivery event completes it', async (when) => {
    const conversationSid = String((await inbox.receive(JANE, 'Hello')).conversationSid);
    const message = inbox.twilio.createMessage(conversationSid, { author: ANA, body: 'Good morning' });
    const opened = await open();
    const access = { client, table: String(process.env['INBOX_TABLE_NAME']) };
    const ending =
      when === 'before the chat'
        ? { ...opened, chats: new EndingChats(access) }
        : { ...opened, deliveries: new EndingDeliveries(access) };
    const resource = await opened.chatApi(null).message(conversationSid, message.sid);
    await expect(indexMessage(ending, conversationSid, resource)).rejects.toThrow('The function ended');
    const event = { conversationSid, serviceSid: null, messageSid: message.sid, errorCode: null };
    await applyEvent(await open(), { kind: 'delivery', ...event, status: 'delivered' });
    expect((await inbox.call(ANA, 'chats')).ok.chats[0]?.lastLine).toMatchObject({
      text: 'Good morning',
      delivery: 'delivered',
    });
  });

  test('a delivery that was reported before its message was indexed is in the list', async () => {
    const conversationSid = String((await inbox.receive(JANE, 'Hello')).conversationSid);
    const message = inbox.twilio.createMessage(conversationSid, { author: ANA, body: 'Good morning' });
    const opened = await open();
    await opened.deliveries.report(conversationSid, message.sid, 'read', null, new Date());
    await indexMessage(
      opened,
      conversationSid,
      await opened.chatApi(null).message(conversationSid, message.sid),
    );
    expect((await inbox.call(ANA, 'chats')).ok.chats[0]?.lastLine).toMatchObject({ delivery: 'read' });
  });
});

describe('a transfer', () => {
  test('to two colleagues at once hands the chat to one', async () => {
    await inbox.workers.save({
      ...{ subject: `sub-${CARA}`, identity: CARA, name: 'Cara' },
      ...{ isActive: true, isAvailable: true },
    });
    const params = { chatSid: String((await inbox.receive(JANE, 'Hello')).conversationSid) };
    const replies = await Promise.all(
      [BOB, CARA, BOB, CARA].map((to) => inbox.call(ANA, 'transfer', { params, body: { to } })),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(workersIn(params.chatSid)).toHaveLength(1);
    expect(workersIn(params.chatSid)).not.toContain(ANA);
    const refused = replies.find(({ status }) => status !== 200);
    expect(['in-progress', 'not-found']).toContain(refused?.error.error);
  });

  test('that Twilio is slow to show does not bring the worker back', async () => {
    const params = { chatSid: String((await inbox.receive(JANE, 'Hello')).conversationSid) };
    const before = inbox.twilio.participants(params.chatSid);
    const own = before.find(({ identity }) => identity === ANA);
    await inbox.call(ANA, 'transfer', { params, body: { to: BOB } });
    expect((await inbox.store.chat(params.chatSid))?.members[String(own?.sid)]).toMatchObject({
      hasLeft: true,
      wasRemoved: true,
    });
  });
});

describe('a start whose pair Twilio says is taken, without naming the conversation,', () => {
  const start = (startId: string) =>
    inbox.call(ANA, 'startChat', {
      body: { startId, customerId: '541', channel: 'sms', content: { kind: 'text', text: 'Hello Jane' } },
    });
  const unnamed = {
    kind: 'rejected',
    status: 409,
    code: 50_416,
    message: 'A binding exists already',
  } as const;
  const isAdding = ({ method, path }: { method: string; path: string }) =>
    method === 'POST' && path.endsWith('/Participants');

  test('is the chat of the first attempt, which stays with its messages', async () => {
    const startId = newId();
    const started = (await start(startId)).ok;
    const sid = started.outcome === 'started' ? started.chat.sid : '';
    // As if the index had lost it, so that Twilio is asked.
    await inbox.store.changeChat(sid, (chat) => chat && { ...chat, proxyAddress: '+15550000000' });
    inbox.twilio.faults.next(1, unnamed, isAdding);
    expect((await start(startId)).ok).toMatchObject({ outcome: 'started', chat: { sid } });
    expect(inbox.twilio.messages(sid)).toHaveLength(1);
    expect(workersIn(sid)).toEqual([ANA]);
  });

  test('keeps a conversation that has participants or messages', async () => {
    const startId = newId();
    const started = (await start(startId)).ok;
    const sid = started.outcome === 'started' ? started.chat.sid : '';
    await inbox.store.changeChat(sid, (chat) => chat && { ...chat, proxyAddress: '+15550000000' });
    const customer = inbox.twilio.participants(sid).find(({ identity }) => identity === null);
    await changeAtTwilio(inbox.world, 'DELETE', `/Conversations/${sid}/Participants/${customer?.sid}`);
    inbox.twilio.faults.next(1, unnamed, isAdding);
    expect((await start(startId)).ok.outcome).toBe('elsewhere');
    expect(inbox.twilio.messages(sid)).toHaveLength(1);
  });

  test('leaves no empty conversation behind', async () => {
    inbox.twilio.faults.next(1, unnamed, isAdding);
    expect((await start(newId())).ok.outcome).toBe('elsewhere');
    expect(inbox.twilio.conversations()).toEqual([]);
  });
});

test('a worker who is the 106th participant may write, and the customer after them is guarded', async () => {
  const crowd = Array.from({ length: 105 }, (_, at) => ({ identity: `worker-${at}@example.com` }));
  const { sid } = inbox.twilio.createConversation({
    participants: [...crowd, { identity: ANA }, { address: JANE, proxyAddress: OURS }],
  });
  const opened = await open();
  await applyEvent(opened, { kind: 'conversation', conversationSid: sid, serviceSid: null });
  const send = (text: string) =>
    inbox.call(ANA, 'send', {
      params: { chatSid: sid },
      body: { sendId: newId(), content: { kind: 'text', text } },
    });
  expect((await send('Hello')).ok.outcome).toBe('sent');
  await inbox.receive(JANE, 'STOP');
  expect((await send('Hello again')).error.error).toBe('opted-out');
});

test('a chat whose only worker left the team is among the unassigned ones, until a colleague takes it', async () => {
  await inbox.close();
  inbox = await InboxWorld.start({
    customers: [{ id: 541, name: 'Jane Roe', sms: JANE, owner: BOB }],
    settings: { ROUTING: 'frontline' },
  });
  const { sid } = inbox.twilio.createConversation({
    participants: [{ address: JANE, proxyAddress: OURS }, { identity: CARA }],
  });
  const opened = await open();
  await applyEvent(opened, { kind: 'conversation', conversationSid: sid, serviceSid: null });
  await applyEvent(await open(), { kind: 'sweep' });
  const unassigned = async (identity: string) =>
    (await inbox.call(identity, 'chats', { query: { filter: 'unassigned' } })).ok.chats.map(
      (chat) => chat.sid,
    );
  expect(await unassigned(BOB)).toEqual([sid]);
  expect(await unassigned(ANA)).toEqual([]);
  expect((await inbox.call(BOB, 'take', { params: { chatSid: sid } })).ok.chat.sid).toBe(sid);
  expect(await unassigned(BOB)).toEqual([]);
});

test('a message that Twilio never answers ends as perhaps sent, and is posted once', async () => {
  const params = { chatSid: String((await inbox.receive(JANE, 'Hello')).conversationSid) };
  const isPost = ({ method, path }: { method: string; path: string }) =>
    method === 'POST' && path.endsWith('/Messages');
  inbox.twilio.faults.next(1, { kind: 'stalled' }, isPost);
  const body = { sendId: newId(), content: { kind: 'text', text: 'Are you there?' } } as const;
  expect((await inbox.call(ANA, 'send', { params, body })).ok).toMatchObject({ outcome: 'unknown' });
  expect((await inbox.call(ANA, 'send', { params, body })).ok).toMatchObject({ outcome: 'unknown' });
  expect(inbox.twilio.requests.filter(isPost)).toHaveLength(1);
});

test('a worker who was taken out of a chat, of which the event was lost, does not read what is written there', async () => {
  const params = { chatSid: String((await inbox.receive(JANE, 'Hello')).conversationSid) };
  const own = inbox.twilio.participants(params.chatSid).find(({ identity }) => identity === ANA);
  await changeAtTwilio(inbox.world, 'DELETE', `/Conversations/${params.chatSid}/Participants/${own?.sid}`);
  inbox.twilio.createMessage(params.chatSid, { author: JANE, body: 'For your successor' });
  // As a first page, and as a later one by a forged cursor.
  const cursor = Buffer.from('Order=desc&PageSize=50').toString('base64url');
  for (const query of [{ cursor }, {}]) {
    const reply = await inbox.call(ANA, 'messages', { params, query });
    expect(reply.error.error).toBe('not-found');
  }
  expect((await inbox.call(ANA, 'chats')).ok.chats).toEqual([]);
});

test('nor does one who was taken out of a chat that was closed later, as long as Twilio lists its workers', async () => {
  const params = { chatSid: String((await inbox.receive(JANE, 'Hello')).conversationSid) };
  const own = inbox.twilio.participants(params.chatSid).find(({ identity }) => identity === ANA);
  const path = `/Conversations/${params.chatSid}`;
  await changeAtTwilio(inbox.world, 'POST', `${path}/Participants`, { Identity: BOB });
  await changeAtTwilio(inbox.world, 'DELETE', `${path}/Participants/${own?.sid}`);
  inbox.twilio.createMessage(params.chatSid, { author: JANE, body: 'For your successor' });
  await inbox.store.changeChat(params.chatSid, (chat) => chat && { ...chat, isClosed: true });
  expect((await inbox.call(ANA, 'messages', { params })).error.error).toBe('not-found');
});
