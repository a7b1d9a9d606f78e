import * as v from 'valibot';
import { ChatRecord, lastActivityAt, presentWorkers } from './chat-record';

/** A chat as one worker's list shows it, with what this worker has read. */
export const ChatRow = v.object({
  identity: v.string(),
  /** A copy without the participants; `inbound` holds the messages that the worker has not read. */
  chat: ChatRecord,
  /** The revision of the chat that was copied: an older one never replaces it. */
  chatRevision: v.number(),
  /** False for a chat that the worker left: a tombstone, by which other devices learn of it. */
  isMember: v.boolean(),
  /** The index up to which the worker has read; null before the first reading. It never goes back. */
  readIndex: v.nullable(v.number()),
  /** Messages up to this index were answered before the worker joined, and do not count as unread. */
  fromIndex: v.number(),
  /** ISO 8601, later with each change that is seen. */
  changedAt: v.string(),
});
export type ChatRow = v.InferOutput<typeof ChatRow>;

export interface RowChange {
  readonly row: ChatRow;
  /** False where only the copy's revision is newer. */
  readonly isSeen: boolean;
}

/** A worker's row after a change of the chat; null where there is nothing to write. */
export function projectRow(
  { chat, revision }: { readonly chat: ChatRecord; readonly revision: number },
  identity: string,
  row: ChatRow | null,
  now: Date,
): RowChange | null {
  if (row !== null && row.chatRevision >= revision) return null;
  const isMember = chat.address !== null && presentWorkers(chat).includes(identity);
  if (row === null && !isMember) return null;
  const rejoins = isMember && row !== null && !row.isMember;
  const readIndex = row?.readIndex ?? null;
  const fromIndex = row === null || rejoins ? chat.lastOutIndex : row.fromIndex;
  const shown = shownPart(chat, isMember, Math.max(readIndex ?? -1, fromIndex));
  const next = { identity, chat: shown, isMember, readIndex, fromIndex };
  const isSeen = row === null || !isEqual(next, row);
  const changedAt = row === null || isSeen ? nextMoment(row, now) : row.changedAt;
  return { row: { ...next, chatRevision: revision, changedAt }, isSeen };
}

/** The row after the worker has read up to an index; null where that is nothing new. */
export function readUpTo(row: ChatRow, index: number, now: Date): ChatRow | null {
  if (row.readIndex !== null && row.readIndex >= index) return null;
  const inbound = row.chat.inbound.filter((each) => each.index > index);
  return { ...row, chat: { ...row.chat, inbound }, readIndex: index, changedAt: nextMoment(row, now) };
}

/** How many of the customer's messages the worker has not read; 100 means more than 99. */
export function unreadCount({ chat }: ChatRow): number {
  return chat.inbound.length;
}

/** Where the row stands in the worker's list: latest activity last. */
export function activityKey({ chat }: Pick<ChatRow, 'chat'>): string {
  return `${lastActivityAt(chat)}#${chat.sid}`;
}

/** Of a chat that the worker left, neither the customer's number nor anything that was said is kept. */
function shownPart(chat: ChatRecord, isMember: boolean, readIndex: number): ChatRecord {
  const inbound = chat.inbound.filter(({ index }) => index > readIndex);
  if (isMember) return { ...chat, inbound, members: {} };
  const said = { last: null, lastDelivery: null, lastInboundAt: null, inbound: [] };
  return { ...chat, ...said, address: null, proxyAddress: null, members: {} };
}

function isEqual(
  next: Pick<ChatRow, 'chat' | 'isMember' | 'readIndex' | 'fromIndex'>,
  row: ChatRow,
): boolean {
  const { chat, isMember, readIndex, fromIndex } = row;
  return (
    isMember === next.isMember &&
    readIndex === next.readIndex &&
    fromIndex === next.fromIndex &&
    JSON.stringify(chat) === JSON.stringify(next.chat)
  );
}

/** Later than the row's last change, even where two functions' clocks differ. */
function nextMoment(row: ChatRow | null, now: Date): string {
  const last = row === null ? Number.NEGATIVE_INFINITY : Date.parse(row.changedAt);
  return new Date(Math.max(now.getTime(), last + 1)).toISOString();
}
