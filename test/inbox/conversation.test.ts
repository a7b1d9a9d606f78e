import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { composerBar, countdown } from '../../inbox/logic/composer-bar';
import { composerCount } from '../../inbox/logic/composer-count';
import { groupMessages, messageKey } from '../../inbox/logic/grouping';
import { applyDelivery, firstUnread, joins, mergeMessages } from '../../inbox/logic/messages';
import {
  isTooOld,
  nextToSend,
  type Outgoing,
  pendingOf,
  putOutgoing,
  readOutgoing,
} from '../../inbox/logic/outbox';
import type { Delivery, Message } from '../../lambdas/inbox/api';

const CHAT = `CH${'1'.repeat(32)}`;
const zone = { locale: 'en-GB', zone: 'UTC' };

function delivery(state: Delivery['state']): Delivery {
  return { state, code: null, reason: null, action: 'none' };
}

function message(index: number, changes: Partial<Message> = {}): Message {
  return {
    sid: `IM${String(index).padStart(32, '0')}`,
    chatSid: CHAT,
    index,
    author: { kind: 'customer', name: 'Jane' },
    text: `text ${index}`,
    isTemplate: false,
    media: [],
    sentAt: new Date(Date.UTC(2026, 10, 25, 10, index)).toISOString(),
    sendId: null,
    delivery: null,
    ...changes,
  };
}

const mine = (index: number, changes: Partial<Message> = {}) =>
  message(index, { author: { kind: 'me', name: 'Ana' }, delivery: delivery('sent'), ...changes });

describe('grouping', () => {
  test('messages of one sender within five minutes stand together', () => {
    const items = groupMessages([message(0), message(4), message(9), mine(10)], null, zone);
    expect(items.map((item) => (item.kind === 'group' ? item.messages.length : item.kind))).toEqual([
      'day',
      2,
      1,
      1,
    ]);
  });

  test('colleagues are distinguished', () => {
    const colleague = (name: string) => ({ author: { kind: 'colleague' as const, name } });
    const items = groupMessages(
      [message(0, colleague('Bashir')), message(1, colleague('Chloé'))],
      null,
      zone,
    );
    expect(items.filter(({ kind }) => kind === 'group')).toHaveLength(2);
  });

  test('a day begins with its heading and the unread ones with a line, inside a group too', () => {
    const next = message(3, { sentAt: '2026-11-26T00:00:10.000Z' });
    const items = groupMessages([message(1), message(2), next], message(2).sid, zone);
    expect(items.map(({ kind }) => kind)).toEqual(['day', 'group', 'unread', 'group', 'day', 'group']);
  });

  test('a bubble keeps its key when the message gets its SID', () => {
    expect(messageKey(mine(1, { sendId: 'send-1' }))).toBe('send-1');
    expect(messageKey(mine(1))).toBe(mine(1).sid);
  });
});

describe('messages', () => {
  test('lost, doubled and disordered events give each message once, in order, its delivery furthest on', () => {
    const states = ['sent', 'delivered', 'read'] as const;
    const events = fc.array(fc.record({ index: fc.nat(8), step: fc.nat(2) }), { maxLength: 40 });
    fc.assert(
      fc.property(events, (arrivals) => {
        const merged = arrivals.reduce<readonly Message[]>((known, { index, step }) => {
          const state = states[step] ?? 'sent';
          const after = mergeMessages(known, [mine(index, { delivery: delivery(state) })]);
          return applyDelivery(after, mine(index).sid, delivery('sent'));
        }, []);
        const indexes = [...new Set(arrivals.map(({ index }) => index))].sort((one, other) => one - other);
        expect(merged.map(({ index }) => index)).toEqual(indexes);
        for (const { index, delivery: shown } of merged) {
          const furthest = Math.max(...arrivals.filter((one) => one.index === index).map(({ step }) => step));
          expect(shown?.state).toBe(states[furthest]);
        }
      }),
    );
  });

  test('a failure is final', () => {
    const [failed] = applyDelivery(
      [mine(1, { delivery: delivery('failed') })],
      mine(1).sid,
      delivery('delivered'),
    );
    expect(failed?.delivery?.state).toBe('failed');
  });

  test('the newest page joins what is known unless messages are missing between', () => {
    expect(joins([message(1), message(2)], [message(5), message(2)], false)).toBe(true);
    expect(joins([message(1), message(2)], [message(5), message(4)], false)).toBe(false);
    expect(joins([message(1)], [message(5)], true)).toBe(true);
  });

  test('only what the customer wrote is unread', () => {
    expect(firstUnread([message(1), mine(2), message(4)], 1)?.index).toBe(4);
    expect(firstUnread([message(0)], null)?.index).toBe(0);
    expect(firstUnread([message(1), mine(2)], 1)).toBeNull();
  });
});

describe('outbox', () => {
  const outgoing = (sendId: string, changes: Partial<Outgoing> = {}): Outgoing => ({
    sendId,
    chatSid: CHAT,
    content: { kind: 'text', text: 'Hi' },
    text: 'Hi',
    createdAt: 1,
    state: 'waiting',
    reason: null,
    code: null,
    error: null,
    ...changes,
  });

  test('a message is shown once: on its way, or arrived', () => {
    const outbox = [outgoing('a'), outgoing('b')];
    expect(pendingOf(outbox, CHAT, [mine(1, { sendId: 'a' })]).map(({ sendId }) => sendId)).toEqual(['b']);
  });

  test('messages of a chat are sent in order, those behind a failed one go on', () => {
    const outbox = [
      outgoing('a', { state: 'failed' }),
      outgoing('c', { createdAt: 3 }),
      outgoing('b', { createdAt: 2, state: 'sending' }),
      outgoing('d', { chatSid: 'CH2' }),
    ];
    expect(nextToSend(outbox).map(({ sendId }) => sendId)).toEqual(['b', 'd']);
  });

  test('survives a reload: what was being sent is asked again under its id', () => {
    const [stored] = putOutgoing([outgoing('a')], outgoing('a', { state: 'sending' }));
    expect(readOutgoing(JSON.stringify(stored))).toEqual(outgoing('a'));
  });

  test('leaves out what cannot be read', () => {
    expect(readOutgoing('{')).toBeNull();
    expect(readOutgoing(JSON.stringify({ sendId: 1 }))).toBeNull();
    expect(readOutgoing(null)).toBeNull();
  });

  test('an entry that waited for longer than the server knows its id is not sent by itself', () => {
    const { createdAt } = outgoing('a');
    const day = 24 * 60 * 60_000;
    expect(isTooOld({ createdAt }, createdAt + 5 * day)).toBe(false);
    expect(isTooOld({ createdAt }, createdAt + 7 * day)).toBe(true);
  });
});

describe('composer', () => {
  const closesAt = '2026-11-25T12:00:00.000Z';
  const at = (time: string) => Date.parse(`2026-11-25T${time}Z`);

  test('gives way to a bar when WhatsApp’s 24 hours end, although no event says so', () => {
    expect(composerBar({ state: 'open', closesAt }, at('11:59:59'))).toBeNull();
    expect(composerBar({ state: 'open', closesAt }, at('12:00:00'))?.kind).toBe('templates-only');
    expect(composerBar({ state: 'open', closesAt: null }, at('12:00:00'))).toBeNull();
    expect(composerBar({ state: 'opted-out', since: null }, 0)).toEqual({ kind: 'opted-out', since: null });
    expect(composerBar({ state: 'closed' }, 0)).toEqual({ kind: 'closed' });
  });

  test('counts down in the last hour only', () => {
    expect(countdown({ state: 'open', closesAt }, at('10:59:59'))).toBeNull();
    expect(countdown({ state: 'open', closesAt }, at('11:30:00'))).toBe(1_800_000);
    expect(countdown({ state: 'open', closesAt }, at('12:00:00'))).toBeNull();
  });
});

test.each([
  [0, null, null],
  [1_399, null, null],
  [1_400, 200, 200],
  [1_401, 199, 200],
  [1_500, 100, 100],
  [1_501, 99, 100],
  [1_600, 0, 0],
  [1_601, -1, -1],
  [1_650, -50, -1],
])('with %i characters %s are left, and a screen reader heard %s last', (length, left, step) => {
  expect(composerCount('x'.repeat(length))).toEqual({ left, step });
});
