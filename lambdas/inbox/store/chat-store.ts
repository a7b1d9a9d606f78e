import { forEachAtOnce } from '../../concurrency/at-once';
import { ServiceUnavailableError } from '../../errors';
import type { AddressKey } from '../../phone-number/address';
import type { DynamoAccess, Item } from '../../replica/dynamo-access';
import { DynamoTable, type Expression, IS_NEW, inPartition } from '../../replica/dynamo-table';
import type { ItemKey } from '../../replica/keys';
import type { ChatRecord } from '../index/chat-record';
import { activityKey, type ChatRow, projectRow, readUpTo } from '../index/chat-row';
import { addressPartition } from './address-partition';
import { chatItem, readChat, readRow, rowItem, type Stored } from './inbox-items';
import { INBOX_KEYS, UNASSIGNED, unreadPartition, workerPartition } from './inbox-keys';
import { ATTENTION, BY_ACTIVITY, BY_ADDRESS, BY_CHANGE } from './inbox-table';

/** Attempts to change an item that others change at the same time. */
const ATTEMPTS = 12;
const WAIT_MS = 15;
/** A chat has a few workers; of one with a crowd, the connections to DynamoDB are not all taken at once. */
const ROWS_AT_ONCE = 20;
const MAX_UNASSIGNED = 100;

/** A change of a chat, and what it did to the workers' rows. */
export interface ChangedChat {
  readonly chat: ChatRecord;
  /** The rows of all workers who are, or were, in the chat; `isChanged` says whether this change touched them. */
  readonly rows: readonly { readonly row: ChatRow; readonly isChanged: boolean }[];
}

export interface RowPage {
  readonly rows: readonly ChatRow[];
  /** Where the next page begins; null on the last one. */
  readonly next: string | null;
}

/** The chats and the workers' rows in the inbox table. */
export class ChatStore {
  readonly #table: DynamoTable;

  constructor(
    access: DynamoAccess,
    private readonly now: () => Date = () => new Date(),
  ) {
    this.#table = new DynamoTable(access);
  }

  async chat(sid: string): Promise<ChatRecord | null> {
    return readChat(await this.#table.get(INBOX_KEYS.chat(sid))).document;
  }

  /** The chats that the index has of these. */
  async chatsOf(sids: readonly string[]): Promise<ChatRecord[]> {
    const items = await this.#table.getAll(sids.map(INBOX_KEYS.chat));
    return items.flatMap((item) => readChat(item).document ?? []);
  }

  /** Applies a change to a chat that may be unknown yet, then to the rows of its workers. */
  async changeChat(
    sid: string,
    change: (chat: ChatRecord | null) => ChatRecord | null,
  ): Promise<ChangedChat | null> {
    const changed = await this.#change(INBOX_KEYS.chat(sid), readChat, change, chatItem);
    if (changed === null) return null;
    // Also where nothing changed: an earlier attempt may have ended between the chat and its rows.
    const { document: chat, revision } = changed;
    const identities = new Set(Object.values(chat.members).map(({ identity }) => identity));
    const rows: ChangedChat['rows'][number][] = [];
    await forEachAtOnce([...identities], ROWS_AT_ONCE, async (identity) => {
      const row = await this.#project({ chat, revision }, identity);
      if (row !== null) rows.push(row);
    });
    return { chat, rows };
  }

  async row(identity: string, sid: string): Promise<ChatRow | null> {
    return readRow(await this.#table.get(INBOX_KEYS.row(identity, sid))).document;
  }

  /** Moves what a worker has read forwards. @returns null if the worker has no such chat */
  async read(
    identity: string,
    sid: string,
    index: number,
  ): Promise<{ readonly row: ChatRow; readonly isChanged: boolean } | null> {
    const key = INBOX_KEYS.row(identity, sid);
    const changed = await this.#change(
      key,
      readRow,
      (row) => (row === null ? null : (readUpTo(row, index, this.now()) ?? row)),
      rowItem,
    );
    return changed === null ? null : { row: changed.document, isChanged: changed.isChanged };
  }

  /** A page of a worker's chats, latest activity first. @param before the `next` of the page before */
  async listRows(
    identity: string,
    {
      filter,
      before,
      limit,
    }: {
      readonly filter: 'all' | 'unread' | 'open' | 'closed';
      readonly before: string | null;
      readonly limit: number;
    },
  ): Promise<RowPage> {
    const [index, partition] =
      filter === 'unread'
        ? ([ATTENTION, unreadPartition(identity)] as const)
        : ([BY_ACTIVITY, workerPartition(identity)] as const);
    const state = filter === 'open' || filter === 'closed' ? filter : null;
    const isShown = ({ chat }: ChatRow) => state === null || chat.isClosed === (state === 'closed');
    const rows: ChatRow[] = [];
    const pages = this.#table.query({
      index: index.name,
      key: inIndex(index, partition, before),
      descending: true,
      limit: state === null ? limit + 1 : Math.max(limit, 100),
      ...(state !== null && { filter: isIn(state) }),
    });
    for await (const items of pages) {
      rows.push(...items.flatMap((item) => readRow(item).document ?? []).filter(isShown));
      if (rows.length > limit) break;
    }
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return { rows: shown, next: rows.length > limit && last !== undefined ? activityKey(last) : null };
  }

  /**
   * A page of a worker's rows that changed after a moment, earliest first, tombstones included.
   * @param after ISO 8601: the moment, or the `next` of the page before
   * @param limit rows; more where several changed at the last moment
   */
  async listChanges(identity: string, after: string, limit: number): Promise<RowPage> {
    const all = inPartition(workerPartition(identity), BY_CHANGE.partitionKey);
    const key: Expression = {
      text: `${all.text} AND #sort > :after`,
      names: { ...all.names, '#sort': BY_CHANGE.sortKey },
      values: { ...all.values, ':after': { S: after } },
    };
    const rows: ChatRow[] = [];
    for await (const items of this.#table.query({ index: BY_CHANGE.name, key, limit: limit + 1 })) {
      for (const row of items.flatMap((item) => readRow(item).document ?? [])) {
        const last = rows.at(-1);
        if (rows.length >= limit && last !== undefined && last.changedAt !== row.changedAt) {
          return { rows, next: last.changedAt };
        }
        rows.push(row);
      }
    }
    return { rows, next: null };
  }

  /** The number of a worker's chats with unread messages. */
  async countUnread(identity: string): Promise<number> {
    const key = inIndex(ATTENTION, unreadPartition(identity), null);
    let count = 0;
    for await (const items of this.#table.query({ index: ATTENTION.name, key, attributes: ['sk'] })) {
      count += items.length;
    }
    return count;
  }

  /** The number of a worker's open chats. */
  async countOpen(identity: string): Promise<number> {
    const key = inIndex(BY_ACTIVITY, workerPartition(identity), null);
    const query = { index: BY_ACTIVITY.name, key, filter: isIn('open'), attributes: ['sk'] };
    let count = 0;
    for await (const items of this.#table.query(query)) count += items.length;
    return count;
  }

  /**
   * The open chats that wait to be taken: without a worker, or only with workers who left the team. Latest activity
   * first, a hundred at most.
   */
  async unassigned(): Promise<ChatRecord[]> {
    return this.#chats(ATTENTION, UNASSIGNED, MAX_UNASSIGNED);
  }

  /** The chats with an address, in any spelling and on either channel, latest activity first. */
  async chatsAt(key: AddressKey, most: number): Promise<ChatRecord[]> {
    return this.#chats(BY_ADDRESS, addressPartition(key), most);
  }

  async #chats(
    index: typeof ATTENTION | typeof BY_ADDRESS,
    partition: string,
    most: number,
  ): Promise<ChatRecord[]> {
    const chats: ChatRecord[] = [];
    const pages = this.#table.query({
      index: index.name,
      key: inIndex(index, partition, null),
      descending: true,
      limit: most,
    });
    for await (const items of pages) {
      chats.push(...items.flatMap((item) => readChat(item).document ?? []));
      if (chats.length >= most) break;
    }
    return chats.slice(0, most);
  }

  async #project(
    changed: { readonly chat: ChatRecord; readonly revision: number },
    identity: string,
  ): Promise<ChangedChat['rows'][number] | null> {
    let isSeen = false;
    const written = await this.#change(
      INBOX_KEYS.row(identity, changed.chat.sid),
      readRow,
      (row) => {
        const change = projectRow(changed, identity, row, this.now());
        isSeen = change?.isSeen ?? false;
        return change?.row ?? row;
      },
      rowItem,
    );
    return written === null ? null : { row: written.document, isChanged: isSeen };
  }

  /** Reads, changes and writes, on condition that no other request wrote in between; else again. */
  async #change<T>(
    key: ItemKey,
    read: (item: Item | undefined) => Stored<T>,
    change: (document: T | null) => T | null,
    write: (document: T, revision: number) => Item,
  ): Promise<{ readonly document: T; readonly isChanged: boolean; readonly revision: number } | null> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const stored = read(await this.#table.get(key));
      const next = change(stored.document);
      const { revision } = stored;
      if (next === null) return null;
      if (next === stored.document) return { document: next, isChanged: false, revision };
      const put = await this.#table.put(write(next, revision + 1), isAt(revision));
      if (put !== null) return { document: next, isChanged: true, revision: revision + 1 };
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS * (attempt + 1) * Math.random()));
    }
    throw new ServiceUnavailableError('A chat changed too often at once', 1);
  }
}

function isIn(state: 'open' | 'closed'): Expression {
  return {
    text: '#state = :state',
    names: { '#state': 'state' },
    values: { ':state': { S: state } },
  };
}

function isAt(revision: number): Expression {
  if (revision === 0) return IS_NEW;
  return {
    text: '#revision = :revision',
    names: { '#revision': 'revision' },
    values: { ':revision': { N: String(revision) } },
  };
}

function inIndex(
  { partitionKey, sortKey }: { readonly partitionKey: string; readonly sortKey: string },
  partition: string,
  before: string | null,
): Expression {
  const all = inPartition(partition, partitionKey);
  if (before === null) return all;
  return {
    text: `${all.text} AND #sort < :before`,
    names: { ...all.names, '#sort': sortKey },
    values: { ...all.values, ':before': { S: before } },
  };
}
