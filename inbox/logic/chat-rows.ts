import type { ChatFilter, ChatSummary } from '../../lambdas/inbox/api';

/** The chats known to the browser, and those that the worker left: both carry when they last changed. */
export interface ChatRows {
  readonly rows: ReadonlyMap<string, ChatSummary>;
  /** Chats left, so that a late event about one does not bring it back. */
  readonly tombstones: ReadonlyMap<string, string>;
}

export const NO_CHATS: ChatRows = { rows: new Map(), tombstones: new Map() };

/** What arrives from a list, a catch-up or a live event. Events may be lost, doubled and out of order. */
export interface ChatChanges {
  readonly chats?: readonly ChatSummary[];
  readonly removed?: readonly { readonly sid: string; readonly changedAt: string }[];
}

/** Merges changes: of each chat the state that changed last is kept. @returns the same object if nothing changed */
export function mergeChats(known: ChatRows, { chats = [], removed = [] }: ChatChanges): ChatRows {
  const rows = new Map(known.rows);
  const tombstones = new Map(known.tombstones);
  let isChanged = false;
  for (const { sid, changedAt } of removed) {
    const last = latest(rows.get(sid)?.changedAt, tombstones.get(sid));
    if (last !== undefined && last > changedAt) continue;
    rows.delete(sid);
    tombstones.set(sid, changedAt);
    isChanged = true;
  }
  for (const chat of chats) {
    const last = latest(rows.get(chat.sid)?.changedAt, tombstones.get(chat.sid));
    // An equal moment is taken too: the answer to one's own action carries what the list had.
    if (last !== undefined && last > chat.changedAt) continue;
    // At the same moment, leaving wins: a row cannot be newer than the removal that was written after it.
    if (tombstones.get(chat.sid) === chat.changedAt) continue;
    tombstones.delete(chat.sid);
    rows.set(chat.sid, chat);
    isChanged = true;
  }
  return isChanged ? { rows, tombstones } : known;
}

function latest(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one > other ? one : other;
}

/** Whether a chat belongs into a list. */
function isListed(chat: ChatSummary, filter: ChatFilter): boolean {
  if (filter === 'unread') return chat.unread > 0;
  if (filter === 'closed') return chat.state === 'closed';
  return true;
}

/**
 * The chats of a list, latest activity first.
 * @param horizon the oldest activity that was loaded; older rows, known from other lists, wait for their page
 * @param keeps chats that stay in the list although they no longer belong there
 */
export function listedChats(
  known: ChatRows,
  filter: ChatFilter,
  horizon: string | null,
  keeps: ReadonlySet<string> = new Set(),
): ChatSummary[] {
  return [...known.rows.values()]
    .filter((chat) => isListed(chat, filter) || keeps.has(chat.sid))
    .filter((chat) => horizon === null || chat.lastActivityAt >= horizon)
    .sort(byActivity);
}

function byActivity(one: ChatSummary, other: ChatSummary): number {
  return other.lastActivityAt.localeCompare(one.lastActivityAt) || one.sid.localeCompare(other.sid);
}

/**
 * Keeps the order in which rows are shown while a pointer is over them: rows that left go, rows that are new or moved
 * up wait. Rows of the next page come at the end.
 * @returns the rows to show, and how many wait
 */
export function frozenOrder<T extends { readonly sid: string }>(
  current: readonly T[],
  shown: readonly string[],
): { readonly rows: readonly T[]; readonly waiting: number } {
  const bySid = new Map(current.map((row) => [row.sid, row]));
  const kept = shown.flatMap((sid) => bySid.get(sid) ?? []);
  const place = new Map(kept.map(({ sid }, at) => [sid, at]));
  const end = current.findLastIndex(({ sid }) => place.has(sid)) + 1;
  const moved = current
    .filter(({ sid }) => place.has(sid))
    .filter(({ sid }, at) => (place.get(sid) ?? 0) > at);
  const added = current.slice(0, end).filter(({ sid }) => !place.has(sid));
  return { rows: [...kept, ...current.slice(end)], waiting: moved.length + added.length };
}
