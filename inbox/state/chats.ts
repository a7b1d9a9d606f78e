import { batch, computed, signal } from '@preact/signals';
import type { ChatFilter, ChatList, ChatSummary } from '../../lambdas/inbox/api';
import { call } from '../api/client';
import { type ChatChanges, listedChats, mergeChats, NO_CHATS } from '../logic/chat-rows';
import { debounce } from './debounce';

/** The lists that are merged from live events; `unassigned` holds chats without a worker and is loaded again each time. */
type OwnFilter = Exclude<ChatFilter, 'unassigned'>;

interface Pages {
  readonly status: 'idle' | 'loading' | 'failed' | 'ready';
  readonly nextCursor: string | null;
  /** The oldest activity that was loaded; null once the list is complete. */
  readonly horizon: string | null;
}

const PAGE = '50';
const NOT_LOADED: Pages = { status: 'idle', nextCursor: null, horizon: null };

const known = signal(NO_CHATS);
const pages = signal<Readonly<Record<OwnFilter, Pages>>>({
  all: NOT_LOADED,
  unread: NOT_LOADED,
  closed: NOT_LOADED,
});

/** The list that is shown. */
export const chatFilter = signal<ChatFilter>('all');

/** Chats read since the unread ones are shown: they stay in that list until it is left, as the worker is in them. */
const readMeanwhile = signal<ReadonlySet<string>>(new Set());

/** Shows another list. */
export function showFilter(filter: ChatFilter): void {
  batch(() => {
    readMeanwhile.value = new Set();
    chatFilter.value = filter;
  });
}

/** How many chats have unread messages, over all pages. */
export const unreadChats = signal(0);

/** Chats without an active worker, which this worker may take. */
export const unassigned = signal<{
  readonly status: Pages['status'];
  readonly chats: readonly ChatSummary[];
}>({ status: 'idle', chats: [] });

/** The server's time up to which changes are known; null before the first list. */
let knownUntil: string | null = null;

/** The rows of the list that is shown, and how far it is loaded. */
export const shownChats = computed(() => {
  const filter = chatFilter.value;
  if (filter === 'unassigned')
    return { status: unassigned.value.status, chats: unassigned.value.chats, hasMore: false };
  const page = pages.value[filter];
  return {
    status: page.status,
    chats: page.status === 'idle' ? [] : listedChats(known.value, filter, page.horizon, readMeanwhile.value),
    hasMore: page.nextCursor !== null,
  };
});

/** The row of a chat; undefined where it is not known. */
export function chatRow(sid: string): ChatSummary | undefined {
  return known.value.rows.get(sid);
}

/** Loads the first page of all chats if it is not there, and again what could not be loaded of the list shown. */
export function retryChats(): void {
  const filter = chatFilter.peek();
  const { status } = filter === 'unassigned' ? unassigned.peek() : pages.peek()[filter];
  if (pages.peek().all.status !== 'ready') void loadChats('all');
  if (filter !== 'all' && status === 'failed') void loadChats(filter);
}

/** Loads the first page of a list, or the next one. */
export async function loadChats(filter: ChatFilter): Promise<void> {
  if (filter === 'unassigned') return loadUnassigned();
  const page = pages.value[filter];
  if (page.status === 'loading' || (page.status === 'ready' && page.nextCursor === null)) return;
  setPage(filter, { ...page, status: 'loading' });
  try {
    const list = await call('chats', {
      query: { filter, limit: PAGE, ...(page.nextCursor === null ? {} : { cursor: page.nextCursor }) },
    });
    batch(() => {
      takeList(list);
      const last = list.chats.at(-1);
      setPage(filter, {
        status: 'ready',
        nextCursor: list.nextCursor,
        horizon: list.nextCursor === null ? null : (last?.lastActivityAt ?? page.horizon),
      });
    });
  } catch {
    setPage(filter, { ...page, status: 'failed' });
  }
}

async function loadUnassigned(): Promise<void> {
  if (unassigned.value.status === 'loading') return;
  const before = unassigned.value;
  unassigned.value = { ...before, status: 'loading' };
  try {
    const list = await call('chats', { query: { filter: 'unassigned', limit: '100' } });
    unassigned.value = { status: 'ready', chats: list.chats };
  } catch {
    unassigned.value = { ...before, status: 'failed' };
  }
}

/**
 * Asks for everything that changed since the last list or catch-up: rows and removals.
 * @throws {ApiError} or {ConnectionError}
 */
export async function catchUpChats(): Promise<void> {
  if (knownUntil === null) return;
  const changedSince = knownUntil;
  let cursor: string | null = null;
  let asOf: string | null = null;
  do {
    const list: ChatList = await call('chats', {
      query: { changedSince, limit: '100', ...(cursor === null ? {} : { cursor }) },
    });
    applyChats(list);
    unreadChats.value = list.unreadChats;
    asOf ??= list.asOf;
    cursor = list.nextCursor;
  } while (cursor !== null);
  knownUntil = asOf;
}

/** Merges rows and removals into the lists, and keeps the count of unread chats. */
export function applyChats(changes: ChatChanges): void {
  const before = known.value;
  const after = mergeChats(before, changes);
  if (after === before) return;
  batch(() => {
    known.value = after;
    const sids = new Set([
      ...(changes.chats ?? []).map(({ sid }) => sid),
      ...(changes.removed ?? []).map(({ sid }) => sid),
    ]);
    let difference = 0;
    for (const sid of sids) {
      const wasUnread = (before.rows.get(sid)?.unread ?? 0) > 0;
      const isUnread = (after.rows.get(sid)?.unread ?? 0) > 0;
      difference += Number(isUnread) - Number(wasUnread);
      // A row from a page that was not loaded may have been counted already.
      if (!before.rows.has(sid)) countUnreadSoon();
    }
    unreadChats.value = Math.max(0, unreadChats.value + difference);
    if (unassigned.value.chats.some(({ sid }) => after.rows.has(sid))) {
      unassigned.value = {
        ...unassigned.value,
        chats: unassigned.value.chats.filter(({ sid }) => !after.rows.has(sid)),
      };
    }
  });
}

/** Shows a chat as read at once; the server's row follows. */
export function showAsRead(sid: string): void {
  const row = known.value.rows.get(sid);
  if (row === undefined || row.unread === 0) return;
  if (chatFilter.peek() === 'unread') readMeanwhile.value = new Set(readMeanwhile.peek()).add(sid);
  applyChats({ chats: [{ ...row, unread: 0 }] });
}

function takeList(list: ChatList): void {
  known.value = mergeChats(known.value, list);
  unreadChats.value = list.unreadChats;
  knownUntil ??= list.asOf;
}

const countUnreadSoon = debounce(1_000, async () => {
  if (pages.value.all.status !== 'ready') return;
  const list = await call('chats', { query: { filter: 'unread', limit: '1' } });
  unreadChats.value = list.unreadChats;
});

function setPage(filter: OwnFilter, page: Pages): void {
  pages.value = { ...pages.value, [filter]: page };
}
