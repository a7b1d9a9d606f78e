import type { ChatFilter, ChatList } from '../api';
import { InboxError } from '../inbox-error';
import { lastActivityAt } from '../index/chat-record';
import { activityKey, type ChatRow } from '../index/chat-row';
import type { Inbox } from '../open-inbox';
import type { WorkerRecord } from '../store/worker-store';
import { mayTake } from './may-take';
import { showChats } from './show-chat';

const PAGE = 30;
/** A moment and a chat, as `activityKey` writes them. */
const POSITION = /^[\d:.TZ-]{20,30}#\w{34}$/;
const MOMENT = /^[\d:.TZ-]{20,30}$/;
/** Indexes lag a little, and events come late. */
const OVERLAP_MS = 60_000;

export interface ListRequest {
  readonly filter?: ChatFilter | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
  readonly changedSince?: string | undefined;
}

/** A worker's chats: a page of them, or what changed since a moment. */
export async function listChats(inbox: Inbox, worker: WorkerRecord, request: ListRequest): Promise<ChatList> {
  const asOf = inbox.now().toISOString();
  const { filter = 'all', cursor, changedSince } = request;
  const limit = Math.max(1, request.limit ?? PAGE);
  if (changedSince !== undefined) {
    const after = cursor === undefined ? overlapping(changedSince) : openCursor(cursor, MOMENT);
    return changes(inbox, worker, after, limit, asOf);
  }
  const [{ rows, next }, unreadChats] = await Promise.all([
    filter === 'unassigned'
      ? unassignedRows(inbox, worker)
      : inbox.chats.listRows(worker.identity, {
          filter,
          before: cursor === undefined ? null : openCursor(cursor, POSITION),
          limit,
        }),
    inbox.chats.countUnread(worker.identity),
  ]);
  const chats = await showChats(rows, inbox);
  return { chats, removed: [], nextCursor: next && sealCursor(next), asOf, unreadChats };
}

/** A page of changes, earliest first: a chat that changes meanwhile is on a later page. */
async function changes(
  inbox: Inbox,
  { identity }: WorkerRecord,
  after: string,
  limit: number,
  asOf: string,
): Promise<ChatList> {
  const [{ rows, next }, unreadChats] = await Promise.all([
    inbox.chats.listChanges(identity, after, limit),
    inbox.chats.countUnread(identity),
  ]);
  return {
    chats: await showChats(
      rows.filter(({ isMember }) => isMember),
      inbox,
    ),
    removed: rows.flatMap(({ isMember, chat, changedAt }) => (isMember ? [] : { sid: chat.sid, changedAt })),
    nextCursor: next && sealCursor(next),
    asOf,
    unreadChats,
  };
}

/** @throws {InboxError} bad-request for a text that is not a moment */
function overlapping(changedSince: string): string {
  const time = Date.parse(changedSince);
  if (!(time > OVERLAP_MS)) throw new InboxError('bad-request', 'The time of the last list cannot be read.');
  return new Date(time - OVERLAP_MS).toISOString();
}

/** Chats without an active worker of customers that this worker may see, without what was said in them. */
async function unassignedRows(inbox: Inbox, worker: WorkerRecord) {
  const chats = await inbox.chats.unassigned();
  const open = await Promise.all(chats.map((chat) => mayTake(inbox, worker, chat)));
  const rows = chats
    .filter((_chat, index) => open[index])
    .map(
      (chat): ChatRow => ({
        identity: worker.identity,
        chat: { ...chat, last: null, lastDelivery: null, inbound: [], members: {} },
        chatRevision: 0,
        isMember: false,
        readIndex: null,
        fromIndex: -1,
        changedAt: lastActivityAt(chat),
      }),
    )
    .sort((a, b) => (activityKey(a) < activityKey(b) ? 1 : -1));
  return { rows, next: null };
}

function sealCursor(position: string): string {
  return Buffer.from(position).toString('base64url');
}

/**
 * A cursor is a place in the worker's own list, so a forged one shows nothing else.
 * @throws {InboxError} bad-request for one that is not a place
 */
function openCursor(cursor: string, form: RegExp): string {
  const position = Buffer.from(cursor, 'base64url').toString();
  if (!form.test(position)) throw new InboxError('bad-request', 'This list cannot be read. Load it again.');
  return position;
}
