import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  applyClosing,
  applyDelivery,
  applyLeaving,
  applyMessage,
  applyParticipant,
  applyParticipants,
  type ChatRecord,
  type IndexedMessage,
  newChat,
  presentWorkers,
} from '../../../lambdas/inbox/index/chat-record';
import { type ChatRow, projectRow, readUpTo, unreadCount } from '../../../lambdas/inbox/index/chat-row';

const CUSTOMER = '+15558675310';
const WORKERS = ['ana@example.com', 'bob@example.com'];
const at = (second: number) => new Date(Date.UTC(2026, 10, 25, 12, 0, second)).toISOString();

/** What happened at Twilio, in its true order: the second is the place in it. */
type Happening =
  | { readonly kind: 'message'; readonly index: number; readonly from: 'customer' | 'worker' }
  | { readonly kind: 'joined' | 'left'; readonly participant: string; readonly identity: string }
  | { readonly kind: 'closed' }
  | {
      readonly kind: 'delivery';
      readonly index: number;
      readonly state: 'sent' | 'delivered' | 'read' | 'failed';
    };

const EMPTY: ChatRecord = {
  ...newChat({
    sid: 'CH1',
    serviceSid: null,
    createdAt: at(0),
    isClosed: false,
    updatedAt: at(0),
    participants: [],
    readAt: at(0),
  }),
  address: CUSTOMER,
};

function message(index: number, from: 'customer' | 'worker', second: number): IndexedMessage {
  return {
    sid: `IM${index}`,
    index,
    authorKind: from,
    author: from === 'worker' ? 'ana@example.com' : '',
    text: `text ${index}`,
    media: null,
    at: at(second),
    updatedAt: at(second),
  };
}

/** The change that the event of a happening makes, whenever it arrives. */
function changeOf(happening: Happening, second: number): (chat: ChatRecord) => ChatRecord {
  switch (happening.kind) {
    case 'message':
      return (chat) => applyMessage(chat, message(happening.index, happening.from, second));
    case 'joined':
      return (chat) => {
        const joined = {
          sid: happening.participant,
          identity: happening.identity,
          address: null,
          proxyAddress: null,
        };
        const known = Object.entries(chat.members).map(([sid, { identity }]) => ({
          ...joined,
          sid,
          identity,
        }));
        return applyParticipants(chat, { participants: [...known, joined], readAt: at(second) });
      };
    case 'left':
      return (chat) => applyLeaving(chat, happening.participant, happening.identity, at(second));
    case 'closed':
      return (chat) => applyClosing(chat, at(second));
    case 'delivery':
      return (chat) => applyDelivery(chat, `IM${happening.index}`, happening.state);
  }
}

/** A chat's life: messages with gaps between their indexes, workers who join, leave and join again, an end. */
const lives = fc
  .array(
    fc.oneof(
      fc.record({
        kind: fc.constant('message' as const),
        gap: fc.nat(3),
        from: fc.constantFrom('customer', 'worker'),
      }),
      fc.record({ kind: fc.constant('toggle' as const), worker: fc.constantFrom(...WORKERS) }),
    ),
    { maxLength: 40 },
  )
  .chain((steps) => fc.record({ steps: fc.constant(steps), isClosed: fc.boolean() }))
  .map(({ steps, isClosed }): Happening[] => {
    let index = -1;
    let participants = 0;
    const present = new Map<string, string>();
    const happenings = steps.map((step): Happening => {
      if (step.kind === 'message') {
        index += 1 + step.gap;
        return { kind: 'message', index, from: step.from === 'worker' ? 'worker' : 'customer' };
      }
      const participant = present.get(step.worker);
      if (participant !== undefined) {
        present.delete(step.worker);
        return { kind: 'left', participant, identity: step.worker };
      }
      participants += 1;
      present.set(step.worker, `MB${participants}`);
      return { kind: 'joined', participant: `MB${participants}`, identity: step.worker };
    });
    return isClosed ? [...happenings, { kind: 'closed' }] : happenings;
  });

/** The same events doubled and in any order. */
const deliveriesOf = (life: readonly Happening[]) => {
  const events = life.map((happening, second) => ({ happening, second: second + 1 }));
  return fc
    .tuple(fc.subarray(events), fc.constant(events))
    .chain(([doubled, all]) =>
      fc.shuffledSubarray([...all, ...doubled], { minLength: all.length + doubled.length }),
    );
};

const livesAndDeliveries = lives.chain((life) =>
  fc.record({ life: fc.constant(life), delivered: deliveriesOf(life) }),
);

const applyAll = (events: readonly { readonly happening: Happening; readonly second: number }[]) =>
  events.reduce((chat, { happening, second }) => changeOf(happening, second)(chat), EMPTY);

/** `knownAt` is when this service learned of it, which depends on the order. */
const comparable = ({ members, ...chat }: ChatRecord) => ({
  ...chat,
  members: Object.entries(members)
    .map(([sid, { identity, hasLeft }]) => [sid, identity, hasLeft])
    .sort(),
});

describe('in any order of the events, and with any repeats', () => {
  test('the chat is the same', () => {
    fc.assert(
      fc.property(livesAndDeliveries, ({ life, delivered }) => {
        const inOrder = applyAll(life.map((happening, second) => ({ happening, second: second + 1 })));
        expect(comparable(applyAll(delivered))).toEqual(comparable(inOrder));
      }),
    );
  });

  test('the last line is the message with the highest index, and present is who joined last and did not leave', () => {
    fc.assert(
      fc.property(livesAndDeliveries, ({ life, delivered }) => {
        const chat = applyAll(delivered);
        const messages = life.flatMap((each) => (each.kind === 'message' ? each : []));
        const left = new Set(life.flatMap((each) => (each.kind === 'left' ? each.participant : [])));
        const joined = life.flatMap((each) =>
          each.kind === 'joined' && !left.has(each.participant) ? each.identity : [],
        );
        expect(chat.last?.index).toBe(messages.at(-1)?.index);
        expect(presentWorkers(chat)).toEqual([...new Set(joined)].sort());
        expect(chat.isClosed).toBe(life.at(-1)?.kind === 'closed');
      }),
    );
  });

  test('a lost event changes nothing but what it said, and arrives later as if in time', () => {
    fc.assert(
      fc.property(lives, fc.nat(), (life, seed) => {
        const events = life.map((happening, second) => ({ happening, second: second + 1 }));
        const lost = events[seed % Math.max(1, events.length)];
        const without = applyAll(events.filter((event) => event !== lost));
        const repaired = lost === undefined ? without : changeOf(lost.happening, lost.second)(without);
        expect(comparable(repaired)).toEqual(comparable(applyAll(events)));
      }),
    );
  });

  test('a delivery state never goes back', () => {
    const states = fc.array(fc.constantFrom('sent', 'delivered', 'read', 'failed'), { minLength: 1 });
    fc.assert(
      fc.property(states, (reported) => {
        const chat = reported.reduce(
          (each, state) => applyDelivery(each, 'IM1', state),
          applyMessage(EMPTY, message(1, 'worker', 1)),
        );
        const furthest = ['sent', 'delivered', 'read', 'failed'].filter((state) =>
          reported.some((each) => each === state),
        );
        expect(chat.lastDelivery).toBe(furthest.at(-1));
      }),
    );
  });
});

test('of very many who left, the one who leaves last is known to have left, though the first to join', () => {
  const names = Array.from({ length: 60 }, (_, index) => index);
  const joined = names.reduce<ChatRecord>(
    (chat, name) =>
      applyParticipant(
        chat,
        { sid: `MB${name}`, identity: `worker-${name}`, address: null, proxyAddress: null },
        at(name),
      ),
    EMPTY,
  );
  const left = names
    .toReversed()
    .reduce((chat, name) => applyLeaving(chat, `MB${name}`, `worker-${name}`, at(100)), joined);
  expect(left.members['MB0']).toMatchObject({ identity: 'worker-0', hasLeft: true });
});

describe('a worker’s row', () => {
  const chatAfter = (messages: readonly { from: 'customer' | 'worker' }[]) =>
    messages.reduce<ChatRecord>((chat, { from }, index) => applyMessage(chat, message(index, from, index)), {
      ...EMPTY,
      members: { MB1: { identity: 'ana@example.com', hasLeft: false, wasRemoved: false, knownAt: at(0) } },
    });
  const messages = fc.array(fc.record({ from: fc.constantFrom('customer' as const, 'worker' as const) }), {
    minLength: 1,
    maxLength: 150,
  });

  test('counts the customer’s messages after what was read, 100 at most', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.nat(160), { maxLength: 5 }), (all, reads) => {
        let row: ChatRow | null = null;
        all.forEach((_message, index) => {
          const chat = chatAfter(all.slice(0, index + 1));
          row = projectRow({ chat, revision: index + 1 }, 'ana@example.com', row, new Date())?.row ?? row;
        });
        for (const index of reads) row = row && (readUpTo(row, index, new Date()) ?? row);
        const first = all[0]?.from === 'worker' ? 0 : -1;
        const read = Math.max(-1, first, ...reads);
        const unread = all.filter(({ from }, index) => from === 'customer' && index > read).length;
        expect(row === null ? -1 : unreadCount(row)).toBe(Math.min(unread, Math.max(0, 100)));
      }),
    );
  });

  test('never shows an older chat than it has shown, and its change time only grows', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.nat(149), { minLength: 1, maxLength: 30 }), (all, order) => {
        let row: ChatRow | null = null;
        let newest = 0;
        for (const place of order) {
          const revision = (place % all.length) + 1;
          const chat = chatAfter(all.slice(0, revision));
          const before: ChatRow | null = row;
          row = projectRow({ chat, revision }, 'ana@example.com', row, new Date(0))?.row ?? row;
          newest = Math.max(newest, revision);
          expect(row?.chat.last?.index).toBe(newest - 1);
          expect((row?.changedAt ?? '') >= (before?.changedAt ?? '')).toBe(true);
        }
      }),
    );
  });
});

describe('a worker who is not in a list', () => {
  const ana = { sid: 'MB1', identity: 'ana@example.com', address: null, proxyAddress: null };
  const list = (participants: readonly (typeof ana)[], second: number) => (chat: ChatRecord) =>
    applyParticipants(chat, { participants, readAt: at(second) });
  const removed = (chat: ChatRecord) => applyLeaving(chat, 'MB1', ana.identity, at(20));
  const presentAfter = (...changes: readonly ((chat: ChatRecord) => ChatRecord)[]) =>
    presentWorkers(changes.reduce((chat, change) => change(chat), EMPTY));

  test('has left, and is back with a later list that shows them', () => {
    expect(presentAfter(list([ana], 1), list([], 2))).toEqual([]);
    expect(presentAfter(list([ana], 1), list([], 2), list([ana], 3))).toEqual([ana.identity]);
  });

  test('is not brought back by a list that was read before', () => {
    expect(presentAfter(list([ana], 1), list([], 5), list([ana], 3))).toEqual([]);
  });

  test('is not brought back by any list once Twilio said that they were removed', () => {
    expect(presentAfter(list([ana], 1), removed, list([ana], 30))).toEqual([]);
    expect(presentAfter(list([ana], 1), list([], 2), removed, list([ana], 30))).toEqual([]);
    expect(presentAfter(list([ana], 1), list([], 2), list([ana], 30), removed)).toEqual([]);
  });
});
