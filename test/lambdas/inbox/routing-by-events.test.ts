import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { changeAtTwilio } from '../../world/conversations';
import { ANA, BOB, CARA, InboxWorld } from '../../world/inbox-world';
import { closeWorlds } from '../../world/world';

const JANE = '+15558675310';
const JOES = '+15558675322';
const STRANGER = '+15558675399';

let inbox: InboxWorld;
afterEach(() => inbox.close());
afterAll(closeWorlds);

const CUSTOMERS = [
  { id: 541, name: 'Jane Roe', sms: JANE, owner: ANA },
  { id: 542, name: 'Joe', sms: JOES, owner: CARA },
];

const begin = async (settings: Readonly<Record<string, string>> = {}) => {
  inbox = await InboxWorld.start({ customers: CUSTOMERS, settings: { DEFAULT_WORKER: BOB, ...settings } });
};
const assignments = () =>
  inbox.twilio.requests.filter(({ form, method }) => method === 'POST' && form['Identity'] !== undefined);

describe('where the service routes', () => {
  test('a new chat gets its customer’s owner, once for all of its events, with its messages unread', async () => {
    await begin();
    const { conversationSid } = await inbox.receive(JANE, 'Hello');
    expect(inbox.workersOf(conversationSid)).toEqual([ANA]);
    expect(assignments()).toHaveLength(1);
    expect((await inbox.call(ANA, 'chats')).ok.chats[0]).toMatchObject({ sid: conversationSid, unread: 1 });
  });

  test('an unknown number, and the customer of a worker who is not active, get the default worker', async () => {
    await begin();
    expect(inbox.workersOf((await inbox.receive(STRANGER, 'Hello')).conversationSid)).toEqual([BOB]);
    expect(inbox.workersOf((await inbox.receive(JOES, 'Hello')).conversationSid)).toEqual([BOB]);
  });

  test('an owner who is not available gets no new chat; back again, the next one', async () => {
    await begin();
    const live = await inbox.connect(ANA);
    await inbox.call(ANA, 'setAvailability', { body: { isAvailable: false } });
    expect((await live.next('worker')).worker.isAvailable).toBe(false);
    const first = await inbox.receive(JANE, 'Hello');
    expect(inbox.workersOf(first.conversationSid)).toEqual([BOB]);
    await inbox.call(BOB, 'close', { params: { chatSid: String(first.conversationSid) } });
    await inbox.call(ANA, 'setAvailability', { body: { isAvailable: true } });
    expect(inbox.workersOf((await inbox.receive(JANE, 'Again')).conversationSid)).toEqual([ANA]);
  });

  test('a chat whose last worker left gets one, and the customer’s waiting messages are unread', async () => {
    await begin();
    const { conversationSid } = await inbox.receive(JANE, 'Hello');
    const own = inbox.twilio.participants(String(conversationSid)).find(({ identity }) => identity === ANA);
    await inbox.call(ANA, 'setAvailability', { body: { isAvailable: false } });
    const path = `/Conversations/${conversationSid}/Participants/${own?.sid}`;
    await changeAtTwilio(inbox.world, 'DELETE', path, {}, true);
    await inbox.receive(JANE, 'Are you there?');
    expect(inbox.workersOf(conversationSid)).toEqual([BOB]);
    expect((await inbox.call(BOB, 'chats')).ok.chats[0]).toMatchObject({ sid: conversationSid, unread: 2 });
  });

  test('the sweep finds a chat of which every event was lost', async () => {
    await begin();
    const lost = await inbox.twilio.receiveMessage({ from: JANE, body: 'Hello', serviceEvents: false });
    expect(inbox.workersOf(lost.conversationSid)).toEqual([]);
    await inbox.sweep();
    expect(inbox.workersOf(lost.conversationSid)).toEqual([ANA]);
    expect((await inbox.call(ANA, 'chats')).ok.chats[0]).toMatchObject({
      unread: 1,
      lastLine: { text: 'Hello' },
    });
  });

  test('the sweep gives the chats of a worker who was taken out of the team to another', async () => {
    await begin();
    const { conversationSid } = await inbox.receive(JANE, 'Hello');
    expect(inbox.workersOf(conversationSid)).toEqual([ANA]);
    const ana = { identity: ANA, name: 'Ana', isAvailable: true, subject: `sub-${ANA}` };
    await inbox.workers.save({ ...ana, isActive: false });
    await inbox.sweep();
    await inbox.sweep();
    expect(inbox.workersOf(conversationSid)).toEqual([BOB]);
    expect((await inbox.call(BOB, 'chats')).ok.chats[0]).toMatchObject({ sid: conversationSid, unread: 1 });
  });

  test('the sweep counts the chats that no worker takes, for the alarm, and gives them a worker later', async () => {
    await begin();
    inbox.twilio.faults.always(
      { kind: 'rejected', status: 400, code: 50_200, message: 'no' },
      ({ form }) => form['Identity'] !== undefined,
    );
    const { conversationSid } = await inbox.receive(STRANGER, 'Hello');
    await inbox.sweep();
    expect(inbox.log).toContain('"ChatsWithoutWorker":1');
    const params = { chatSid: String(conversationSid) };
    const waiting = (await inbox.call(ANA, 'chats', { query: { filter: 'unassigned' } })).ok.chats;
    expect(waiting).toEqual([expect.objectContaining({ sid: conversationSid, lastLine: null, unread: 0 })]);
    inbox.twilio.faults.clear();
    const [first, second] = await Promise.all([
      inbox.call(ANA, 'take', { params }),
      inbox.call(BOB, 'take', { params }),
    ]);
    expect([first.status, second.status].sort()).toEqual([200, 409]);
    expect(inbox.workersOf(conversationSid)).toHaveLength(1);
    await inbox.sweep();
    expect(inbox.workersOf(conversationSid)).toHaveLength(1);
  });
});

test('where Frontline routes, its callback adds the worker and the inbox learns of it', async () => {
  await begin({ ROUTING: 'frontline' });
  const { conversationSid } = await inbox.receive(JANE, 'Hello');
  expect(inbox.workersOf(conversationSid)).toEqual([ANA]);
  expect(assignments()).toHaveLength(1);
  expect((await inbox.call(ANA, 'chats')).ok.chats[0]).toMatchObject({ sid: conversationSid, unread: 1 });
});

describe('events that come twice, late or not at all', () => {
  test('end in the same list', async () => {
    await begin();
    const { conversationSid } = await inbox.receive(JANE, 'One');
    await inbox.receive(JANE, 'Two');
    const before = (await inbox.call(ANA, 'chats')).ok.chats;
    for (const body of [...inbox.queue.delivered].reverse()) inbox.queue.put(body);
    await inbox.queue.settled();
    expect((await inbox.call(ANA, 'chats')).ok.chats).toEqual(before);
    expect(inbox.workersOf(conversationSid)).toEqual([ANA]);
  });

  test('an event that fails comes again', async () => {
    await begin();
    inbox.twilio.faults.next(6, { kind: 'server-error' }, ({ method }) => method === 'GET');
    await inbox.receive(JANE, 'One');
    expect((await inbox.call(ANA, 'chats')).ok.chats[0]).toMatchObject({
      lastLine: { text: 'One' },
      unread: 1,
    });
    expect(inbox.queue.deadLetters).toEqual([]);
  });

  test('Twilio is answered though the queue takes nothing, and the loss is counted', async () => {
    await begin();
    inbox.queue.faults.always({ kind: 'service-failed' });
    const { accepted, webhooks } = await inbox.twilio.receiveMessage({ from: JANE, body: 'Hello' });
    expect(accepted).toBe(true);
    expect(webhooks.every(({ status }) => status === 200)).toBe(true);
    expect(inbox.log).toContain('InboxEventsLost');
  });
});

describe('the first sign-in', () => {
  test('builds the list from Twilio, with what was read in Frontline', async () => {
    await begin();
    const { sid } = inbox.twilio.createConversation({
      participants: [{ address: JANE, proxyAddress: '+15017122661' }, { identity: ANA }],
    });
    for (const body of ['One', 'Two', 'Three']) inbox.twilio.createMessage(sid, { author: JANE, body });
    const read = { LastReadMessageIndex: '0' };
    await changeAtTwilio(inbox.world, 'POST', `/Users/${encodeURIComponent(ANA)}/Conversations/${sid}`, read);
    const live = await inbox.connect(ANA);
    await inbox.call(ANA, 'session');
    await inbox.queue.settled();
    expect((await live.next('chat')).chat).toMatchObject({ sid, unread: 2, lastLine: { text: 'Three' } });
    const requests = inbox.twilio.requests.length;
    await inbox.call(ANA, 'session');
    await inbox.queue.settled();
    expect(inbox.twilio.requests).toHaveLength(requests);
  });

  test('completes a chat that Twilio fails to show at first, beside the others', async () => {
    await begin();
    const begun = [JANE, '+15558675399'].map((address) => {
      const participants = [{ address, proxyAddress: '+15017122661' }, { identity: ANA }];
      const { sid } = inbox.twilio.createConversation({ participants });
      for (const body of ['One', 'Two']) inbox.twilio.createMessage(sid, { author: address, body });
      return sid;
    });
    const [broken = '', other] = begun;
    const path = `/Users/${encodeURIComponent(ANA)}/Conversations/${broken}`;
    await changeAtTwilio(inbox.world, 'POST', path, { LastReadMessageIndex: '0' });
    const fault = { kind: 'rejected', status: 501, code: 20_501, message: 'no' } as const;
    inbox.twilio.faults.next(1, fault, (request) =>
      request.path.endsWith(`/Conversations/${broken}/Messages`),
    );
    await inbox.call(ANA, 'session');
    await inbox.queue.settled();
    const { chats } = (await inbox.call(ANA, 'chats')).ok;
    expect(chats.find(({ sid }) => sid === other)).toMatchObject({ unread: 2, lastLine: { text: 'Two' } });
    expect(chats.find(({ sid }) => sid === broken)).toMatchObject({ unread: 1, lastLine: { text: 'Two' } });
    expect(inbox.log).toContain(broken);
  });
});

describe('a deleted customer', () => {
  test('leaves neither name nor last line, though the chat goes on by its number', async () => {
    await begin();
    const { conversationSid } = await inbox.receive(JANE, 'My secret');
    const [record] = inbox.world.airtable.base.tables[0]?.records ?? [];
    await inbox.deleteRecord(String(record?.id));
    const [chat] = (await inbox.call(ANA, 'chats')).ok.chats;
    expect(chat).toMatchObject({
      sid: conversationSid,
      name: JANE,
      customerId: null,
      lastLine: { text: '' },
    });
    expect(JSON.stringify(await inbox.items())).not.toMatch(/Jane|My secret/);
  });
});
