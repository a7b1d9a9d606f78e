import * as v from 'valibot';
import { parseAddress } from '../../phone-number/address';
import { numberAttribute, Text, textAttributes } from '../../replica/attributes';
import type { Item } from '../../replica/dynamo-access';
import { ChatRecord, lastActivityAt, presentWorkers } from '../index/chat-record';
import { activityKey, ChatRow, unreadCount } from '../index/chat-row';
import { addressPartition } from './address-partition';
import { INBOX_KEYS, UNASSIGNED, unreadPartition, workerPartition } from './inbox-keys';
import { ATTENTION, BY_ACTIVITY, BY_ADDRESS, BY_CHANGE } from './inbox-table';

const DAY_SECONDS = 24 * 60 * 60;
/** A closed chat leaves the index after this time; the conversation stays at Twilio. */
export const CLOSED_KEPT_DAYS = 90;
/** A device that was away for longer loads its list again. */
const TOMBSTONE_DAYS = 14;

export function chatItem(chat: ChatRecord, revision: number): Item {
  const key = parseAddress(chat.address ?? '')?.key ?? null;
  const waitsToBeTaken = presentWorkers(chat).length === 0 || chat.isLeftBehind;
  const isUnassigned = !chat.isClosed && chat.address !== null && waitsToBeTaken;
  return {
    ...textAttributes({
      ...INBOX_KEYS.chat(chat.sid),
      document: JSON.stringify(chat),
      [BY_ACTIVITY.sortKey]: activityKey({ chat }),
      [BY_ADDRESS.partitionKey]: key === null ? null : addressPartition(key),
      [ATTENTION.partitionKey]: isUnassigned ? UNASSIGNED : null,
    }),
    revision: numberAttribute(revision),
    ...expiry(expiresAfterClosing(chat)),
  };
}

export function rowItem(row: ChatRow, revision: number): Item {
  const { identity, chat, isMember } = row;
  const hasUnread = isMember && unreadCount(row) > 0;
  return {
    ...textAttributes({
      ...INBOX_KEYS.row(identity, chat.sid),
      document: JSON.stringify(row),
      state: chat.isClosed ? 'closed' : 'open',
      [BY_CHANGE.partitionKey]: workerPartition(identity),
      [BY_CHANGE.sortKey]: row.changedAt,
      // A tombstone is in the index by change only.
      [BY_ACTIVITY.partitionKey]: isMember ? workerPartition(identity) : null,
      [BY_ACTIVITY.sortKey]: isMember ? activityKey(row) : null,
      [ATTENTION.partitionKey]: hasUnread ? unreadPartition(identity) : null,
    }),
    revision: numberAttribute(revision),
    ...expiry(isMember ? expiresAfterClosing(chat) : seconds(row.changedAt) + TOMBSTONE_DAYS * DAY_SECONDS),
  };
}

const Revision = v.fallback(
  v.pipe(
    v.object({ N: v.pipe(v.string(), v.transform(Number)) }),
    v.transform(({ N }) => N),
  ),
  0,
);

const StoredChat = v.object({ document: v.pipe(Text, v.parseJson(), ChatRecord), revision: Revision });
const StoredRow = v.object({ document: v.pipe(Text, v.parseJson(), ChatRow), revision: Revision });

/** A document, and the revision of its item; a document that an incompatible version wrote counts as missing. */
export interface Stored<T> {
  readonly document: T | null;
  /** 0 where there is no item. */
  readonly revision: number;
}

export function readChat(item: Item | undefined): Stored<ChatRecord> {
  return read(StoredChat, item);
}

export function readRow(item: Item | undefined): Stored<ChatRow> {
  return read(StoredRow, item);
}

function read<T>(
  schema: v.GenericSchema<unknown, { document: T; revision: number }>,
  item: Item | undefined,
): Stored<T> {
  if (item === undefined) return { document: null, revision: 0 };
  const parsed = v.safeParse(schema, item);
  return parsed.success ? parsed.output : { document: null, revision: v.parse(Revision, item['revision']) };
}

function expiresAfterClosing({ isClosed, closedAt, ...chat }: ChatRecord): number | null {
  if (!isClosed) return null;
  return seconds(closedAt ?? lastActivityAt(chat)) + CLOSED_KEPT_DAYS * DAY_SECONDS;
}

function seconds(moment: string): number {
  return Math.floor(Date.parse(moment) / 1_000);
}

function expiry(at: number | null) {
  return at === null || Number.isNaN(at) ? {} : { expires_at: numberAttribute(at) };
}
