import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { readConfiguration } from '../../../lambdas/config';
import { credentialsCache } from '../../../lambdas/container';
import { Deadline } from '../../../lambdas/http-client/deadline';
import { applyEvent } from '../../../lambdas/inbox/events/apply-event';
import { openInbox } from '../../../lambdas/inbox/open-inbox';
import { rotate } from '../../../lambdas/inbox/routing/sweep';
import { RequestLog } from '../../../lambdas/telemetry/request-log';
import { changeAtTwilio } from '../../world/conversations';
import { ANA, BOB, InboxWorld } from '../../world/inbox-world';
import { closeWorlds } from '../../world/world';

const JANE = '+15558675310';
const STRANGER = '+15558675399';

let inbox: InboxWorld;
beforeEach(async () => {
  inbox = await InboxWorld.start({
    customers: [{ id: 541, name: 'Jane Roe', sms: JANE, owner: ANA }],
    settings: { DEFAULT_WORKER: BOB },
  });
});
afterEach(() => inbox.close());
afterAll(closeWorlds);

const lost = async (from: string) => {
  const { conversationSid } = await inbox.twilio.receiveMessage({
    from,
    body: 'Hello',
    serviceEvents: false,
  });
  return String(conversationSid);
};
const refuseWorkers = () =>
  inbox.twilio.faults.always(
    { kind: 'rejected', status: 400, code: 50_200, message: 'no' },
    ({ form }) => form['Identity'] !== undefined,
  );
const unassigned = async () =>
  (await inbox.call(BOB, 'chats', { query: { filter: 'unassigned' } })).ok.chats.map(({ sid }) => sid);

/** A sweep with so much time. @returns the number of chats without a worker that it counted */
async function sweepWithin(milliseconds: number): Promise<number | undefined> {
  const deadline = Deadline.in(milliseconds);
  const credentials = await credentialsCache().load(deadline, () => {});
  const configuration = readConfiguration(process.env);
  const requestLog = new RequestLog();
  await applyEvent(openInbox({ configuration, credentials, deadline, requestLog }), { kind: 'sweep' });
  return requestLog.events.get('ChatsWithoutWorker');
}

test('a sweep without time for the chats still closes sockets, and counts every chat that waits', async () => {
  await inbox.receive(JANE, 'Hello');
  const live = await inbox.connect(ANA);
  refuseWorkers();
  await inbox.receive(STRANGER, 'Hello');
  await inbox.receive('+15558675398', 'Hello');
  inbox.twilio.faults.clear();
  const ana = { identity: ANA, name: 'Ana', isAvailable: true, subject: `sub-${ANA}` };
  await inbox.workers.save({ ...ana, isActive: false });
  expect(await sweepWithin(11_000)).toBe(3);
  expect(inbox.sockets.connections).toBe(0);
  live.close();
  expect(await sweepWithin(60_000)).toBe(0);
});

test('a conversation that Twilio fails to show holds up no other', async () => {
  const broken = await lost(STRANGER);
  const janes = await lost(JANE);
  inbox.twilio.faults.always({ kind: 'server-error' }, ({ path }) => path.includes(broken));
  await inbox.sweep();
  expect(inbox.workersOf(janes)).toEqual([ANA]);
  expect(inbox.log).toContain('The next sweep tries it again');
  expect(inbox.queue.deadLetters).toEqual([]);
  inbox.twilio.faults.clear();
  await inbox.sweep();
  expect(inbox.workersOf(broken)).toEqual([BOB]);
});

test('a sweep that may not list conversations serves and counts the chats, then fails, so that an alarm reports it', async () => {
  refuseWorkers();
  const { conversationSid } = await inbox.receive(JANE, 'Hello');
  inbox.twilio.faults.clear();
  inbox.twilio.faults.always(
    { kind: 'rejected', status: 401, code: 20_003, message: 'no' },
    ({ method, path }) => method === 'GET' && path.endsWith('/Conversations'),
  );
  await inbox.sweep();
  expect(inbox.workersOf(conversationSid)).toEqual([ANA]);
  expect(inbox.log).toContain('"ChatsWithoutWorker":0');
  expect(inbox.queue.deadLetters).toEqual(['{"kind":"sweep"}']);
});

test('where no worker is active, no owner is tried for any chat', async () => {
  for (const identity of [ANA, BOB]) {
    await inbox.workers.save({
      subject: `sub-${identity}`,
      identity,
      name: identity,
      isAvailable: true,
      isActive: false,
    });
  }
  await inbox.receive(JANE, 'Hello');
  await inbox.sweep();
  expect(inbox.log).toContain('the inbox has no active worker');
  expect(inbox.log).toContain('"ChatsWithoutWorker":1');
  expect(inbox.log).not.toContain('exactly this identity');
});

test('a chat whose conversation was deleted, of which the event was lost, does not count', async () => {
  refuseWorkers();
  const { conversationSid } = await inbox.receive(STRANGER, 'Hello');
  expect(await unassigned()).toEqual([conversationSid]);
  await changeAtTwilio(inbox.world, 'DELETE', `/Conversations/${conversationSid}`);
  expect(await sweepWithin(60_000)).toBe(0);
  await inbox.queue.settled();
  expect(await unassigned()).toEqual([]);
});

test.each([1, 2, 10, 37, 40, 100])(
  'three sweeps reach all of %d chats, if each has time for two fifths of them',
  (length) => {
    const chats = Array.from({ length }, (_, at) => at);
    for (let first = 5_980_000; first < 5_980_100; first += 1) {
      const turns = [0, 1, 2].map((at) => rotate(chats, new Date((first + at) * 5 * 60_000)));
      for (const turn of turns) expect([...turn].sort((a, b) => a - b)).toEqual(chats);
      const reached = turns.flatMap((turn) => turn.slice(0, Math.ceil(0.4 * length)));
      expect(new Set(reached)).toEqual(new Set(chats));
    }
  },
);
