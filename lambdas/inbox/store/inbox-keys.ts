import { type ItemKey, keyPart } from '../../replica/keys';

/** The open chats that wait to be taken: without a worker, or only with workers who left the team. In `attention`. */
export const UNASSIGNED = 'unassigned';

const CHAT = 'chat#';
/** The sort keys of a worker's connections begin with this. */
export const CONNECTION = 'connection#';

/** The keys of the inbox table's items. */
export const INBOX_KEYS = {
  chat: (sid: string): ItemKey => ({ pk: CHAT + sid, sk: 'chat' }),
  /** The right to give the chat a worker. */
  assignment: (sid: string): ItemKey => ({ pk: CHAT + sid, sk: 'assignment' }),
  delivery: (sid: string, messageSid: string): ItemKey => ({
    pk: CHAT + sid,
    sk: `delivery#${messageSid}`,
  }),
  row: (identity: string, sid: string): ItemKey => ({ pk: workerPartition(identity), sk: CHAT + sid }),
  connection: (identity: string, id: string): ItemKey => ({
    pk: workerPartition(identity),
    sk: CONNECTION + keyPart(id),
  }),
  connectionOwner: (id: string): ItemKey => ({ pk: CONNECTION + keyPart(id), sk: 'connection' }),
  ticket: (secret: string): ItemKey => ({ pk: `ticket#${keyPart(secret)}`, sk: 'ticket' }),
  /** A worker's requests in one minute, by its number since the epoch. */
  requestCount: (subject: string, minute: number): ItemKey => ({
    pk: `requests#${keyPart(subject)}`,
    sk: String(minute),
  }),
  send: (identity: string, sendId: string): ItemKey => ({
    pk: `send#${keyPart(identity)}`,
    sk: keyPart(sendId),
  }),
  /** Workers by their subject. One partition, because a team is a few hundred at most. */
  worker: (subject: string): ItemKey => ({ pk: WORKERS, sk: keyPart(subject) }),
} as const;

export const WORKERS = 'workers';

/** The SID of the chat whose partition this is; null for another partition. */
export function chatSidIn(partition: string): string | null {
  return partition.startsWith(CHAT) ? partition.slice(CHAT.length) : null;
}

/** The partition of a worker's rows and connections; also of the rows in the indexes. */
export function workerPartition(identity: string): string {
  return `worker#${keyPart(identity)}`;
}

/** The partition of a worker's unread chats in the index `attention`. */
export function unreadPartition(identity: string): string {
  return `unread#${keyPart(identity)}`;
}
