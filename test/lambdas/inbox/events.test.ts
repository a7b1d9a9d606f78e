import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { lambdaContext } from '../../../emulators/lambda/invocation';
import { handler } from '../../../lambdas/inbox-events';
import { ANA, InboxWorld } from '../../world/inbox-world';
import { until } from '../../world/until';
import { closeWorlds } from '../../world/world';

const JANE = '+15558675310';
const JOES = '+15558675322';

let inbox: InboxWorld;
let janes = '';
let joes = '';
beforeEach(async () => {
  inbox = await InboxWorld.start({
    customers: [
      { id: 541, name: 'Jane Roe', sms: JANE, owner: ANA },
      { id: 542, name: 'Joe', sms: JOES, owner: ANA },
    ],
  });
  janes = String((await inbox.receive(JANE, 'Hello')).conversationSid);
  joes = String((await inbox.receive(JOES, 'Hello')).conversationSid);
});
afterEach(() => inbox.close());
afterAll(closeWorlds);

const record = (messageId: string, body: string, attempts = 1) => ({
  ...{ messageId, body, receiptHandle: '', messageAttributes: {}, md5OfBody: '' },
  ...{ eventSource: 'aws:sqs', eventSourceARN: '', awsRegion: '' },
  attributes: {
    ...{ ApproximateReceiveCount: String(attempts), SentTimestamp: '', SenderId: '' },
    ApproximateFirstReceiveTimestamp: '',
  },
});

/** A message that no event was sent of, with the body of its event. */
function message(conversationSid: string, body: string): string {
  const { sid } = inbox.twilio.createMessage(conversationSid, { author: ANA, body });
  return JSON.stringify({ kind: 'message', conversationSid, serviceSid: null, messageSid: sid });
}

async function handle(records: ReturnType<typeof record>[], milliseconds = 20_000) {
  const startedAt = performance.now();
  const { batchItemFailures } = await handler(
    { Records: records },
    lambdaContext('inbox-events', milliseconds),
  );
  const took = performance.now() - startedAt;
  return { failed: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier), took };
}

const lastLineOf = async (sid: string) =>
  (await inbox.call(ANA, 'chats')).ok.chats.find((chat) => chat.sid === sid)?.lastLine?.text;
const isAbout = (sid: string) => (request: { readonly path: string }) => request.path.includes(sid);

describe('an event that fails', () => {
  test('comes again by itself, and the others of its batch do not', async () => {
    inbox.twilio.faults.always(
      { kind: 'rejected', status: 400, code: 20_001, message: 'No' },
      isAbout(janes),
    );
    const { failed } = await handle([
      record('one', message(janes, 'Lost')),
      record('two', message(joes, 'Found')),
      record('three', '{"kind":"from a later version"}'),
    ]);
    expect(failed.sort()).toEqual(['one', 'three']);
    expect(await lastLineOf(joes)).toBe('Found');
  });

  test.each(['{', '', 'null', '{"kind":"no such event"}', '{"kind":"message"}', '['.repeat(100)])(
    'like %j is given up after five attempts, and the log says what to do',
    async (body) => {
      inbox.queue.put(body);
      await inbox.queue.settled();
      expect(inbox.queue.deadLetters).toEqual([body]);
      const told = inbox.log.match(/Given up after 5 attempts[^"]*/g);
      expect(told).toEqual([expect.stringContaining('docs/runbook.md#inbox-events-failed')]);
    },
  );
});

describe('a slow chat', () => {
  test('holds up no other, and its events come again', async () => {
    inbox.twilio.faults.always({ kind: 'stalled' }, isAbout(janes));
    const { failed, took } = await handle(
      [
        record('one', message(janes, 'Slow')),
        record('two', message(joes, 'Fast')),
        record('three', message(janes, 'Slow too')),
      ],
      5_000,
    );
    expect(failed.sort()).toEqual(['one', 'three']);
    // A function that does not report in time fails with all of its batch. Timers of a busy machine are late.
    expect(took).toBeLessThan(15_000);
    expect(await lastLineOf(joes)).toBe('Fast');
  });
});

test('the events of a chat are handled one after the other, and the chats at once', async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  /** The messages of a chat that Twilio is asked for at this moment. */
  const askedFor = (sid: string) =>
    new Set(
      inbox.twilio.requests
        .filter((request) => request.status === null && isAbout(sid)(request))
        .flatMap(({ path }) => /\/Messages\/(\w+)/.exec(path)?.[1] ?? []),
    );
  const seen: number[] = [];
  inbox.twilio.faults.always({ kind: 'held', until: released }, ({ path }) => {
    seen.push(askedFor(janes).size, askedFor(joes).size);
    return path.includes('/Messages/');
  });
  const handled = handle([
    record('one', message(janes, 'One')),
    record('two', message(janes, 'Two')),
    record('three', message(joes, 'Three')),
    record('four', message(joes, 'Four')),
  ]);
  await until(() => askedFor(janes).size > 0 && askedFor(joes).size > 0);
  // Time for a request too many to arrive.
  await inbox.call(ANA, 'chats');
  release();
  expect((await handled).failed).toEqual([]);
  expect(Math.max(...seen)).toBe(1);
  expect([await lastLineOf(janes), await lastLineOf(joes)]).toEqual(['Two', 'Four']);
});

test('without enough time nothing is begun, so that nothing is done by halves', async () => {
  const body = message(janes, 'Later');
  const before = inbox.twilio.requests.length;
  const { failed } = await handle([record('one', body)], 2_500);
  expect(failed).toEqual(['one']);
  expect(inbox.twilio.requests).toHaveLength(before);
  expect((await handle([record('one', body, 2)])).failed).toEqual([]);
  expect(await lastLineOf(janes)).toBe('Later');
});
