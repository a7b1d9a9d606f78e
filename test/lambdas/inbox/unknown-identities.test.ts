import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { changeAtTwilio } from '../../world/conversations';
import { ANA, BOB, InboxWorld } from '../../world/inbox-world';
import { closeWorlds } from '../../world/world';

const JANE = '+15558675310';
const JOE = '+15558675322';
/** An owner as a person writes one, which is not a worker's identity. */
const WRITTEN = 'Ana Lopez';
const CAPITALS = ANA.replace('ana', 'Ana');

let inbox: InboxWorld;
afterEach(() => inbox.close());
afterAll(closeWorlds);

const begin = async (settings: Readonly<Record<string, string>>) => {
  inbox = await InboxWorld.start({
    customers: [
      { id: 541, name: 'Jane Roe', sms: JANE, owner: WRITTEN },
      { id: 542, name: 'Joe', sms: JOE, owner: CAPITALS },
    ],
    settings,
  });
};
const unassigned = async (identity: string) =>
  (await inbox.call(identity, 'chats', { query: { filter: 'unassigned' } })).ok.chats.map(({ sid }) => sid);
/** An open conversation of Jane with a worker, of which no event came. */
const conversationOf = (identity: string) =>
  inbox.twilio.createConversation({
    participants: [{ address: JANE, proxyAddress: '+15017122661' }, { identity }],
  }).sid;

describe('where the service routes, an identity without a worker record', () => {
  test('gets no chat as an owner, however it is written: the default worker does, also one who is away', async () => {
    await begin({ DEFAULT_WORKER: `${WRITTEN},${BOB}` });
    await inbox.call(BOB, 'setAvailability', { body: { isAvailable: false } });
    expect(inbox.workersOf((await inbox.receive(JANE, 'Hello')).conversationSid)).toEqual([BOB]);
    expect(inbox.workersOf((await inbox.receive(JOE, 'Hello')).conversationSid)).toEqual([BOB]);
  });

  test('gets none where there is no other: the chat can be taken, is counted, and the log names the identity', async () => {
    await begin({ DEFAULT_WORKER: 'left@example.com' });
    const { conversationSid: sid } = await inbox.receive(JANE, 'Hello');
    expect(inbox.workersOf(sid)).toEqual([]);
    expect(inbox.log).toContain(`${WRITTEN} could not be added: no active worker of the inbox`);
    await inbox.sweep();
    expect(inbox.log).toContain('"ChatsWithoutWorker":1');
    expect(await unassigned(BOB)).toEqual([sid]);
    await inbox.call(BOB, 'take', { params: { chatSid: String(sid) } });
    expect(inbox.workersOf(sid)).toEqual([BOB]);
  });

  test('does not hide a chat that it is in: the next message brings a worker', async () => {
    await begin({ DEFAULT_WORKER: BOB });
    const sid = conversationOf(WRITTEN);
    await inbox.receive(JANE, 'Hello');
    expect(inbox.workersOf(sid)).toContain(BOB);
  });

  test('does not hide a chat in which nothing happens: the sweep gives it a worker, or shows it to all', async () => {
    await begin({ DEFAULT_WORKER: '' });
    const sid = conversationOf(WRITTEN);
    await inbox.sweep();
    expect(inbox.log).toContain('"ChatsWithoutWorker":1');
    expect(await unassigned(ANA)).toEqual([sid]);
    await inbox.workers.save({
      ...{ subject: 'sub-new', identity: WRITTEN, name: 'Ana Lopez' },
      ...{ isActive: true, isAvailable: true },
    });
    expect(await unassigned(ANA)).toEqual([]);
  });

  test('does not take over the chats of a removed worker', async () => {
    await begin({ DEFAULT_WORKER: BOB });
    const { conversationSid: sid } = await inbox.receive(JANE, 'Hello');
    await changeAtTwilio(
      inbox.world,
      'POST',
      `/Conversations/${sid}/Participants`,
      { Identity: WRITTEN },
      true,
    );
    const bob = { subject: `sub-${BOB}`, identity: BOB, name: 'Bob', isAvailable: true };
    await inbox.workers.save({ ...bob, isActive: false });
    inbox.queue.put(
      JSON.stringify({ kind: 'worker-removed', subject: bob.subject, identity: BOB, page: null }),
    );
    await inbox.queue.settled();
    expect(inbox.workersOf(sid)).toEqual([BOB, WRITTEN]);
    expect(await unassigned(ANA)).toEqual([sid]);
  });
});

test('where Frontline routes, an identity without a record may be its worker, whose chats no other takes', async () => {
  await begin({ ROUTING: 'frontline' });
  const { conversationSid: sid } = await inbox.receive(JANE, 'Hello');
  expect(inbox.workersOf(sid)).toEqual([WRITTEN]);
  await inbox.sweep();
  expect(inbox.log).not.toContain('"ChatsWithoutWorker":1');
  expect(await unassigned(BOB)).toEqual([]);
  expect((await inbox.call(BOB, 'take', { params: { chatSid: String(sid) } })).status).toBe(404);
});

test('of twenty default workers the one who is available gets each chat', async () => {
  const identities = Array.from({ length: 20 }, (_, at) => `worker-${at}@example.com`);
  await begin({ DEFAULT_WORKER: identities.join(',') });
  for (const [at, identity] of identities.entries()) {
    const worker = { subject: `sub-${identity}`, identity, name: identity, isActive: true };
    await inbox.workers.save({ ...worker, isAvailable: at === 7 });
  }
  for (let at = 0; at < 8; at += 1) {
    const { conversationSid } = await inbox.receive(`+1415555020${at}`, 'Hello');
    expect(inbox.workersOf(conversationSid)).toEqual(['worker-7@example.com']);
  }
});
