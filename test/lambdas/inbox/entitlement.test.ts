import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AssignmentClaims } from '../../../lambdas/inbox/store/assignment-claims';
import { createDynamoClient } from '../../../lambdas/replica/dynamo-client';
import { conversationWith } from '../../world/conversations';
import { ANA, BOB, InboxWorld } from '../../world/inbox-world';
import { closeWorlds } from '../../world/world';

const JANE = '+15558675310';
const START_ID = '00000000-0000-4000-8000-000000000001';

let inbox: InboxWorld;
beforeEach(async () => {
  inbox = await InboxWorld.start({ customers: [{ id: 541, name: 'Jane Roe', sms: JANE, owner: ANA }] });
});
afterEach(() => inbox.close());
afterAll(closeWorlds);

const body = { startId: START_ID, customerId: '541', channel: 'sms', content: null } as const;

/** An open chat of Ana's customer that no worker is in. */
async function chatWithoutWorker(): Promise<string> {
  inbox.twilio.createConversation({ participants: [{ address: JANE, proxyAddress: '+15017122661' }] });
  const reply = (await inbox.call(ANA, 'startChat', { body })).ok;
  return reply.outcome === 'elsewhere' ? String(reply.sid) : '';
}

test('while the customers cannot be read, no worker may take a colleague’s customer', async () => {
  const params = { chatSid: await chatWithoutWorker() };
  const query = { filter: 'unassigned' } as const;
  expect((await inbox.call(ANA, 'chats', { query })).ok.chats).toHaveLength(1);
  expect((await inbox.call(BOB, 'chats', { query })).ok.chats).toEqual([]);
  expect((await inbox.call(BOB, 'take', { params })).status).toBe(404);
  inbox.world.database.fail('throttled', process.env['REPLICA_TABLE_NAME']);
  try {
    expect((await inbox.call(BOB, 'chats', { query })).status).toBe(503);
    expect((await inbox.call(BOB, 'take', { params })).status).toBe(503);
  } finally {
    inbox.world.database.fail(null);
  }
  expect(inbox.twilio.participants(params.chatSid).map(({ identity }) => identity)).not.toContain(BOB);
});

test('while a chat is being given to a worker, it is still hidden from who may not see its customer', async () => {
  const params = { chatSid: await chatWithoutWorker() };
  const client = createDynamoClient(process.env);
  const claims = new AssignmentClaims({ client, table: process.env['INBOX_TABLE_NAME'] ?? '' });
  const asked = claims.hold(params.chatSid, 'routing', new Date(), async () => [
    (await inbox.call(ANA, 'take', { params })).error.error,
    (await inbox.call(BOB, 'take', { params })).error.error,
  ]);
  expect(await asked).toEqual(['in-progress', 'not-found']);
  client.destroy();
});

describe('a group message of a number that no customer has, and a customer', () => {
  const arrive = async (settings: Readonly<Record<string, string>>) => {
    await inbox.close();
    const customers = [{ id: 541, name: 'Jane Roe', sms: JANE, owner: ANA }];
    inbox = await InboxWorld.start({ customers, settings });
    // The index has the first one.
    const { sid: chatSid } = conversationWith(inbox.world, ['+14155550177', JANE]);
    inbox.twilio.createMessage(chatSid, { author: JANE, body: 'Secret' });
    inbox.queue.put(JSON.stringify({ kind: 'conversation', conversationSid: chatSid, serviceSid: null }));
    await inbox.queue.settled();
    return { chatSid };
  };

  test('is taken by who may see the customer only', async () => {
    const params = await arrive({ ROUTING: 'frontline' });
    expect((await inbox.call(BOB, 'take', { params })).error.error).toBe('not-found');
    expect(inbox.twilio.participants(params.chatSid).map(({ identity }) => identity)).not.toContain(BOB);
    expect((await inbox.call(ANA, 'take', { params })).status).toBe(200);
  });

  test('goes to the customer’s owner, and not to a default worker', async () => {
    const params = await arrive({ DEFAULT_WORKER: BOB });
    expect((await inbox.call(ANA, 'messages', { params })).status).toBe(200);
    expect((await inbox.call(BOB, 'messages', { params })).error.error).toBe('not-found');
  });
});

test('a late repeat of a start does not lead back into a chat that was handed on', async () => {
  const started = (await inbox.call(ANA, 'startChat', { body })).ok;
  const chatSid = started.outcome === 'started' ? started.chat.sid : '';
  await inbox.call(ANA, 'transfer', { params: { chatSid }, body: { to: BOB } });
  const again = (await inbox.call(ANA, 'startChat', { body })).ok;
  expect(again).toEqual({ outcome: 'elsewhere', worker: { identity: BOB, name: 'Bob' }, sid: null });
  expect((await inbox.call(ANA, 'messages', { params: { chatSid } })).status).toBe(404);
});

test('who was taken out of the team gets nothing more over an open connection', async () => {
  const received = await inbox.receive(JANE, 'Hello');
  const ana = await inbox.connect(ANA);
  const worker = { identity: ANA, name: 'Ana', isAvailable: true, subject: `sub-${ANA}` };
  await inbox.workers.save({ ...worker, isActive: false });
  await inbox.receive(JANE, 'Secret');
  expect(inbox.twilio.messages(String(received.conversationSid))).toHaveLength(2);
  await ana.catchUp();
  expect(JSON.stringify(ana.events)).not.toContain('Secret');
});

test.each([
  ['cursor', Buffer.from('x'.repeat(2_000)).toString('base64url')],
  ['cursor', ''],
  ['changedSince', '-271821-04-20T00:00:00Z'],
])('a forged %s of a list is a bad request', async (name, value) => {
  expect((await inbox.call(ANA, 'chats', { query: { [name]: value } })).status).toBe(400);
});
