import { afterAll, afterEach, expect, test } from '@jest/globals';
import { changeAtTwilio, conversationWith } from '../../world/conversations';
import { ANA, BOB, InboxWorld } from '../../world/inbox-world';
import { until } from '../../world/until';
import { closeWorlds } from '../../world/world';

const JANE = '+15558675310';
const JOE = '+15558675322';

let inbox: InboxWorld;
afterEach(() => inbox.close());
afterAll(closeWorlds);

const begin = async (settings: Readonly<Record<string, string>> = {}) => {
  inbox = await InboxWorld.start({
    customers: [
      { id: 541, name: 'Jane Roe', sms: JANE, owner: ANA },
      { id: 542, name: 'Joe', sms: JOE, owner: ANA },
    ],
    settings: { DEFAULT_WORKER: BOB, ...settings },
  });
};
const save = (identity: string, isActive: boolean) =>
  inbox.workers.save({ subject: `sub-${identity}`, identity, name: identity, isActive, isAvailable: true });
const tellRemoved = async (identity = ANA) => {
  inbox.queue.put(
    JSON.stringify({ kind: 'worker-removed', subject: `sub-${identity}`, identity, page: null }),
  );
  await inbox.queue.settled();
};
const remove = async (identity = ANA) => {
  await save(identity, false);
  await tellRemoved(identity);
};
const additions = () =>
  inbox.twilio.requests.filter(({ form, method }) => method === 'POST' && form['Identity'] !== undefined);

test('a removed worker’s sockets close, and each open chat goes to a colleague, who is notified', async () => {
  await begin();
  const { conversationSid: janes } = await inbox.receive(JANE, 'Hello');
  const { conversationSid: joes } = await inbox.receive(JOE, 'Hello');
  await inbox.call(ANA, 'close', { params: { chatSid: String(joes) } });
  const anas = await inbox.connect(ANA);
  const bobs = await inbox.connect(BOB);
  await remove();
  expect((await bobs.next('chat')).chat).toMatchObject({ sid: janes, unread: 1 });
  expect(inbox.workersOf(janes)).toEqual([BOB]);
  expect((await inbox.call(BOB, 'chats')).ok.chats.map(({ sid }) => sid)).toEqual([janes]);
  await until(
    () => anas.isClosed && inbox.sockets.connections === 1,
    () => 'the end of the connection',
  );
  await bobs.catchUp();
  expect(JSON.stringify(await inbox.items())).not.toContain(`worker#${ANA}","sk":{"S":"connection#`);
});

test('doing it again, twice at once and with one left in the middle, gives each chat one colleague', async () => {
  await begin();
  const { conversationSid: janes } = await inbox.receive(JANE, 'Hello');
  const { conversationSid: joes } = await inbox.receive(JOE, 'Hello');
  await save(ANA, false);
  // As a crash after the colleague was added leaves it.
  await changeAtTwilio(inbox.world, 'POST', `/Conversations/${joes}/Participants`, { Identity: BOB });
  await Promise.all([tellRemoved(), tellRemoved()]);
  await tellRemoved();
  expect([inbox.workersOf(janes), inbox.workersOf(joes)]).toEqual([[BOB], [BOB]]);
  expect(inbox.queue.deadLetters).toEqual([]);
});

test('a worker who was invited again meanwhile keeps chats and sockets', async () => {
  await begin();
  const { conversationSid } = await inbox.receive(JANE, 'Hello');
  const live = await inbox.connect(ANA);
  await save(ANA, false);
  await save(ANA, true);
  await tellRemoved();
  expect(inbox.workersOf(conversationSid)).toEqual([ANA]);
  await live.catchUp();
  expect(live.isClosed).toBe(false);
});

test('more chats than a page has are all passed on, also those that the index does not know', async () => {
  await begin();
  const sids = Array.from({ length: 53 }, (_, index) => {
    const { sid } = conversationWith(inbox.world, [`+1555867${4000 + index}`]);
    return sid;
  });
  for (const sid of sids) {
    await changeAtTwilio(inbox.world, 'POST', `/Conversations/${sid}/Participants`, { Identity: ANA });
  }
  await remove();
  expect(sids.filter((sid) => inbox.workersOf(sid).join() !== BOB)).toEqual([]);
  expect(inbox.queue.deadLetters).toEqual([]);
});

test('without a colleague the chats stay, are counted for the alarm, and go to the next one who is there', async () => {
  await begin();
  const { conversationSid } = await inbox.receive(JANE, 'Hello');
  await save(BOB, false);
  await remove();
  expect(inbox.workersOf(conversationSid)).toContain(ANA);
  await inbox.sweep();
  expect(inbox.log).toContain('"ChatsWithoutWorker":1');
  await save(BOB, true);
  await inbox.sweep();
  expect(inbox.workersOf(conversationSid)).toEqual([BOB]);
});

/** Ana's conversations, of which the index knows nothing. They are too old for the sweep to find them at Twilio. */
const unknownChats = async (count: number) => {
  const dateCreated = new Date(Date.now() - 10 * 24 * 60 * 60_000);
  const sids = Array.from({ length: count }, (_, index) => {
    const { sid } = conversationWith(inbox.world, [`+1555867${4000 + index}`], { dateCreated });
    return sid;
  });
  for (const sid of sids) {
    await changeAtTwilio(inbox.world, 'POST', `/Conversations/${sid}/Participants`, { Identity: ANA });
  }
  return sids;
};

test('without a colleague the sweep knows all chats, also of a worker who never signed in', async () => {
  await begin();
  const sids = await unknownChats(6);
  await save(BOB, false);
  await remove();
  await inbox.sweep();
  expect(inbox.log).toContain('"ChatsWithoutWorker":6');
  await save(BOB, true);
  await inbox.sweep();
  expect(sids.filter((sid) => inbox.workersOf(sid).join() !== BOB)).toEqual([]);
});

test('a chat that Twilio fails to show holds up no other, and comes again alone', async () => {
  await begin();
  const [first = '', broken = '', last = ''] = await unknownChats(3);
  inbox.twilio.faults.always({ kind: 'rejected', status: 501, code: 20_501, message: 'no' }, ({ path }) =>
    path.includes(broken),
  );
  await remove();
  expect([inbox.workersOf(first), inbox.workersOf(last)]).toEqual([[BOB], [BOB]]);
  expect(inbox.queue.deadLetters.filter((body) => !body.includes(broken))).toEqual([]);
  inbox.twilio.faults.clear();
  for (const body of inbox.queue.deadLetters) inbox.queue.put(body);
  await inbox.queue.settled();
  await inbox.sweep();
  expect(inbox.workersOf(broken)).toEqual([BOB]);
});

test('where Frontline routes, only a chat that has another worker loses the one who left', async () => {
  await begin({ ROUTING: 'frontline' });
  const { conversationSid: janes } = await inbox.receive(JANE, 'Hello');
  const { conversationSid: joes } = await inbox.receive(JOE, 'Hello');
  await changeAtTwilio(inbox.world, 'POST', `/Conversations/${joes}/Participants`, { Identity: BOB }, true);
  await inbox.queue.settled();
  const before = additions().length;
  await remove();
  expect([inbox.workersOf(janes), inbox.workersOf(joes)]).toEqual([[ANA], [BOB]]);
  expect(additions()).toHaveLength(before);
  expect(inbox.log).toContain('no colleague could be added');
});
