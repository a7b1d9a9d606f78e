import type { Address } from '../../phone-number/address';
import type { ChatApi } from '../../twilio/chat-api';
import { chatNotFound, throwChatNotFound } from '../inbox-error';
import { applyLeaving, applyParticipants, type ConversationFacts } from '../index/chat-record';
import type { ChatRow } from '../index/chat-row';
import type { Inbox } from '../open-inbox';
import { changeAndPush } from './push-chat';
import { addressesIn, participantFacts } from './refresh-chat';

/** A worker's own row. @throws {InboxError} not-found alike for a chat that does not exist and for another's */
export async function ownRow(inbox: Inbox, identity: string, sid: string): Promise<ChatRow> {
  const row = await inbox.chats.row(identity, sid);
  if (row === null || !row.isMember) throw chatNotFound();
  return row;
}

/** A worker's own chat, as Twilio knows it now. */
export interface Membership {
  readonly row: ChatRow;
  readonly api: ChatApi;
  readonly participants: ConversationFacts['participants'];
  /** The addresses of the customers in it. */
  readonly addresses: readonly Address[];
  /** The worker's own participant. */
  readonly participantSid: string;
}

/**
 * Asks Twilio whether the worker takes part, before something that cannot be undone. One request, or more
 * of a conversation with more than a hundred participants.
 * @throws {InboxError} not-found; the index then learns of it.
 */
export async function requireMembership(inbox: Inbox, identity: string, sid: string): Promise<Membership> {
  return confirmMembership(inbox, await ownRow(inbox, identity, sid));
}

/**
 * Asks Twilio whether a worker may read a chat. Of one that is closed Twilio may list no workers any more, and then the
 * index counts.
 * @throws {InboxError} not-found, likewise
 */
export async function confirmReader(inbox: Inbox, row: ChatRow): Promise<void> {
  const read = await readParticipants(inbox, row);
  const isListed = read.participants.some(({ identity }) => identity !== null);
  if (!row.chat.isClosed || isListed) await findOwn(inbox, row, read);
}

/** The same as `requireMembership` for a row that was read. */
async function confirmMembership(inbox: Inbox, row: ChatRow): Promise<Membership> {
  const read = await readParticipants(inbox, row);
  const own = await findOwn(inbox, row, read);
  return {
    row,
    api: inbox.chatApi(row.chat.serviceSid),
    participants: read.participants,
    addresses: addressesIn(read),
    participantSid: own.sid,
  };
}

type Read = Pick<ConversationFacts, 'participants' | 'readAt'>;

async function readParticipants(inbox: Inbox, { chat: { sid, serviceSid } }: ChatRow): Promise<Read> {
  const readAt = inbox.now().toISOString();
  const participants = await inbox.chatApi(serviceSid).participants(sid).catch(throwChatNotFound);
  return { participants: participantFacts(participants), readAt };
}

/** @throws {InboxError} not-found; the index then learns of it */
async function findOwn(inbox: Inbox, { identity, chat: { sid } }: ChatRow, read: Read) {
  const own = read.participants.find((participant) => participant.identity === identity);
  if (own !== undefined) return own;
  await changeAndPush(inbox, sid, (chat) => applyParticipants(chat, read));
  throw chatNotFound();
}

/** Takes a worker's participant out of a chat, at Twilio and then in the index: for its own removals Twilio sends no event. */
export async function removeWorkerFrom(
  inbox: Inbox,
  api: ChatApi,
  sid: string,
  { sid: participantSid, identity }: { readonly sid: string; readonly identity: string },
): Promise<void> {
  await api.removeParticipant(sid, participantSid);
  const at = inbox.now().toISOString();
  await changeAndPush(inbox, sid, (chat) => applyLeaving(chat, participantSid, identity, at));
}
