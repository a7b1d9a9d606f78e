import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ChatRows, frozenOrder, listedChats, mergeChats, NO_CHATS } from '../../inbox/logic/chat-rows';
import { matchesSearch, withoutMatch } from '../../inbox/logic/chat-search';
import { templateGroups } from '../../inbox/logic/template-groups';
import { rowWindow } from '../../inbox/logic/window';
import type { ChatSummary, TemplateOption } from '../../lambdas/inbox/api';

function chat(sid: string, changes: Partial<ChatSummary> = {}): ChatSummary {
  return {
    sid,
    channel: 'sms',
    customerId: null,
    name: sid,
    address: '+12025550100',
    state: 'open',
    lastActivityAt: '2026-11-25T10:00:00.000Z',
    lastLine: null,
    unread: 0,
    readIndex: null,
    isOptedOut: false,
    changedAt: '2026-11-25T10:00:00.000Z',
    ...changes,
  };
}

describe('chat rows', () => {
  /** One change of one chat, as a live event or a catch-up tells it. */
  type Change = { readonly sid: string; readonly at: number; readonly isRemoval: boolean };
  const moment = (at: number) => new Date(at * 1000).toISOString();
  const apply = (known: ChatRows, { sid, at, isRemoval }: Change) =>
    isRemoval
      ? mergeChats(known, { removed: [{ sid, changedAt: moment(at) }] })
      : mergeChats(known, { chats: [chat(sid, { changedAt: moment(at), unread: at })] });

  test('end in the same state however events are doubled and disordered', () => {
    const changes = fc
      .uniqueArray(fc.record({ sid: fc.constantFrom('a', 'b'), at: fc.nat(20), isRemoval: fc.boolean() }), {
        selector: ({ sid, at }) => `${sid}${at}`,
      })
      .chain((once) =>
        fc.tuple(fc.constant(once), fc.shuffledSubarray([...once, ...once], { minLength: once.length * 2 })),
      );
    fc.assert(
      fc.property(changes, ([once, delivered]) => {
        const inOrder = once.toSorted((one, other) => one.at - other.at).reduce(apply, NO_CHATS);
        const asDelivered = delivered.reduce(apply, NO_CHATS);
        const bySid = (rows: ChatRows) =>
          [...rows.rows.values()].sort((one, other) => one.sid.localeCompare(other.sid));
        expect(bySid(asDelivered)).toEqual(bySid(inOrder));
      }),
    );
  });

  test('a late event does not bring back a chat that was left; a newer one does', () => {
    const left = mergeChats(NO_CHATS, { removed: [{ sid: 'a', changedAt: '2026-11-25T11:00:00.000Z' }] });
    expect(mergeChats(left, { chats: [chat('a')] }).rows.size).toBe(0);
    const again = chat('a', { changedAt: '2026-11-25T12:00:00.000Z' });
    expect(mergeChats(left, { chats: [again] }).rows.size).toBe(1);
  });

  test('lists show the latest activity first, down to what is loaded', () => {
    const rows = ['a', 'b', 'c'].map((sid, at) =>
      chat(sid, {
        lastActivityAt: `2026-11-25T1${at}:00:00.000Z`,
        unread: at,
        state: at === 0 ? 'closed' : 'open',
      }),
    );
    const known = mergeChats(NO_CHATS, { chats: rows });
    const sids = (filter: 'all' | 'unread' | 'closed', horizon: string | null = null) =>
      listedChats(known, filter, horizon).map(({ sid }) => sid);
    expect(sids('all')).toEqual(['c', 'b', 'a']);
    expect(sids('unread')).toEqual(['c', 'b']);
    expect(sids('closed')).toEqual(['a']);
    expect(sids('all', '2026-11-25T11:00:00.000Z')).toEqual(['c', 'b']);
  });

  test('under a pointer rows stay where they are, with their newest content', () => {
    const before = [chat('a'), chat('b'), chat('c')];
    const after = [chat('d'), chat('c', { unread: 1 }), chat('a'), chat('e')];
    const { rows, waiting } = frozenOrder(
      after,
      before.map(({ sid }) => sid),
    );
    expect(rows.map(({ sid, unread }) => [sid, unread])).toEqual([
      ['a', 0],
      ['c', 1],
      ['e', 0],
    ]);
    expect(waiting).toBe(2);
    expect(frozenOrder(before, ['a', 'b', 'c'])).toEqual({ rows: before, waiting: 0 });
  });
});

describe('a search of the chats', () => {
  const loaded = ['a', 'b', 'c'].map((sid) => chat(sid, { name: `José ${sid}` }));
  const list = { status: 'ready', chats: loaded, hasMore: true } as const;

  test('finds names without their accents, and numbers from the third digit on', () => {
    const found = (query: string) => loaded.filter((row) => matchesSearch(row, query)).length;
    expect(['jose', 'José b', '0100', '01', 'Rosa'].map(found)).toEqual([3, 1, 3, 0, 0]);
  });

  test('that found nothing goes on up to its depth, then waits for the worker', () => {
    expect(withoutMatch(list, 4)).toBe('load-more');
    expect(withoutMatch(list, 3)).toBe('paused');
    expect(withoutMatch({ ...list, hasMore: false }, 4)).toBe('nothing');
    expect(withoutMatch({ ...list, status: 'idle' }, 4)).toBe('loading');
  });

  test('that cannot go on says so', () => {
    expect(withoutMatch({ ...list, status: 'failed' }, 4)).toBe('failed');
  });
});

describe('windowed rows', () => {
  test('cover the view and are at most 80, wherever the list is scrolled', () => {
    fc.assert(
      fc.property(
        fc.nat(20_000),
        fc.nat(800_000),
        fc.integer({ min: 64, max: 200 }),
        (count, scrollTop, rowHeight) => {
          const view = 1_400;
          const { from, to } = rowWindow(scrollTop, view, rowHeight, count);
          expect(to - from).toBeLessThanOrEqual(80);
          const firstSeen = Math.floor(scrollTop / rowHeight);
          if (firstSeen >= count) return;
          expect(from).toBeLessThanOrEqual(firstSeen);
          expect(to).toBeGreaterThanOrEqual(Math.min(count, Math.ceil((scrollTop + view) / rowHeight)));
        },
      ),
    );
  });
});

test('templates are chosen in the order in which their categories are shown', () => {
  const template = (id: string, category: string): TemplateOption => {
    return { id, category, preview: id, contentSid: null, notOffered: null };
  };
  const mixed = [template('a', 'Visits'), template('b', ''), template('c', 'Visits'), template('d', '')];
  const groups = templateGroups(mixed);
  expect(groups.map(({ category }) => category)).toEqual(['Visits', '']);
  expect(groups.flatMap(({ templates }) => templates.map(({ id }) => id))).toEqual(['a', 'c', 'b', 'd']);
});
