import { describe, expect, test } from '@jest/globals';
import { aTwilio, call } from './account';
import { aReceiver } from './webhook-receiver';

const MINUTE = 60_000;
const START = Date.parse('2026-03-01T12:00:00Z');

async function withTimers(timers: Readonly<Record<string, string>>) {
  const receiver = await aReceiver();
  const filters = ['onConversationStateUpdated'];
  const twilio = await aTwilio({
    now: () => new Date(START),
    webhooks: { postUrl: receiver.url, filters },
  });
  const created = await call(twilio, 'POST /v1/Conversations', { State: 'active', ...timers });
  const [conversation] = twilio.conversations();
  const sid = conversation?.sid ?? '';
  return { twilio, receiver, sid, created, state: () => twilio.conversation(sid)?.state };
}

describe('timers of a conversation', () => {
  test('make it inactive, then closed, and tell the service', async () => {
    const { twilio, receiver, sid, created, state } = await withTimers({
      'Timers.Inactive': 'PT1M',
      'Timers.Closed': 'PT10M',
    });

    await twilio.passTime(MINUTE);
    const first = state();
    await twilio.passTime(9 * MINUTE);

    expect(created.body).toMatchObject({
      timers: { date_inactive: '2026-03-01T12:01:00Z', date_closed: '2026-03-01T12:10:00Z' },
    });
    expect([first, state()]).toEqual(['inactive', 'closed']);
    expect(receiver.received.map(({ params }) => params)).toMatchObject([
      { ConversationSid: sid, StateFrom: 'active', StateTo: 'inactive', Reason: 'TIMER' },
      { ConversationSid: sid, StateFrom: 'inactive', StateTo: 'closed', Reason: 'TIMER' },
    ]);
  });

  test('begin again with each message', async () => {
    const { twilio, sid, state } = await withTimers({ 'Timers.Inactive': 'PT2M' });

    await twilio.passTime(MINUTE);
    await call(twilio, `POST /v1/Conversations/${sid}/Messages`, { Body: 'Hello' });
    await twilio.passTime(MINUTE);
    const before = state();
    await twilio.passTime(MINUTE);

    expect([before, state()]).toEqual(['active', 'inactive']);
  });

  test('are removed by a blank', async () => {
    const { twilio, sid, state } = await withTimers({ 'Timers.Inactive': 'PT1M' });

    const changed = await call(twilio, `POST /v1/Conversations/${sid}`, { 'Timers.Inactive': '' });
    await twilio.passTime(5 * MINUTE);

    expect(changed.body).toMatchObject({ timers: {} });
    expect(state()).toBe('active');
  });

  test("are the account's by default", async () => {
    const twilio = await aTwilio();
    await call(twilio, 'POST /v1/Configuration', { DefaultClosedTimer: 'P1D' });
    const { sid } = twilio.createConversation();
    await call(twilio, `POST /v1/Conversations/${sid}/Messages`, { Body: 'Hello' });

    await twilio.passTime(25 * 60 * MINUTE);

    expect(twilio.conversation(sid)?.state).toBe('closed');
  });

  test.each([
    [{ 'Timers.Inactive': 'PT1M' }, 50382],
    [{ 'Timers.Inactive': 'PT59S', State: 'active' }, 20001],
    [{ 'Timers.Closed': 'PT9M', State: 'active' }, 20001],
    [{ 'Timers.Closed': '10 minutes', State: 'active' }, 20001],
  ])('are rejected: %j', async (form, code) => {
    const twilio = await aTwilio();

    expect(await call(twilio, 'POST /v1/Conversations', form)).toMatchObject({ status: 400, body: { code } });
  });
});

describe('the list of conversations', () => {
  test('has filters for state and creation; with a date the newest is first', async () => {
    let now = START;
    const twilio = await aTwilio({ now: () => new Date(now) });
    for (const uniqueName of ['first', 'second', 'third']) {
      twilio.createConversation({ uniqueName });
      now += 24 * 60 * MINUTE;
    }
    await call(twilio, 'POST /v1/Conversations/second', { State: 'closed' });
    const names = async (query: Record<string, string>) => {
      const { body } = await call(twilio, 'GET /v1/Conversations', query);
      return JSON.stringify(body)
        .match(/first"|second"|third"/g)
        ?.map((name) => name.slice(0, -1));
    };

    expect(await names({ State: 'closed' })).toEqual(['second']);
    expect(await names({ StartDate: '2026-03-02' })).toEqual(['third', 'second']);
    expect(await names({ StartDate: '2026-03-01', EndDate: '2026-03-02T12:00:00Z' })).toEqual([
      'second',
      'first',
    ]);
  });

  test('does not know conversations that are being set up as changeable', async () => {
    const twilio = await aTwilio();
    const { sid } = twilio.createConversation({ state: 'initializing' });

    const changed = await call(twilio, `POST /v1/Conversations/${sid}`, { FriendlyName: 'Jane' });

    expect(changed.body).toMatchObject({ code: 50386 });
  });
});
