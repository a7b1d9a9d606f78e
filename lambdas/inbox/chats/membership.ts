import type { Address } from '../../phone-number/address';
import type { ChatApi } from '../../twilio/chat-api';
import { chatClosed, chatNotFound, throwChatNotFound } from '../inbox-error';
import { applyLeaving, type ConversationFacts } from '../index/chat-record';
import type { ChatRow } from '../index/chat-row';
import type { Inbox } from '../open-inbox';
import { changeAndPush, pushChat } from './push-chat';
import { addressesIn, participantFacts, refreshChat } from './refresh-chat';

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
 * @throws {InboxError} not-found, or chat-closed for one that Twilio lists no workers of; the index then learns of it.
 */
export async function requireMembership(inbox: Inbox, identity: string, sid: string): Promise<Membership> {
  const row = await ownRow(inbox, identity, sid);
  const participants = await readParticipants(inbox, row);
  const own = participants.find((participant) => participant.identity === identity);
  if (own === undefined) {
    const { chat } = await refreshOwnRow(inbox, row);
    throw chat.isClosed ? chatClosed() : chatNotFound();
  }
  return {
    row,
    api: inbox.chatApi(row.chat.serviceSid),
    participants,
    addresses: addressesIn({ participants }),
    participantSid: own.sid,
  };
}

/**
 * Asks Twilio whether a worker may read a chat, with its files. Of one that is closed Twilio may list no workers any
 * more, and then the index counts, even if the event of a worker's removal before that was lost.
 * @throws {InboxError} not-found, likewise
 */
export async function confirmReader(inbox: Inbox, row: ChatRow): Promise<void> {
  const participants = await readParticipants(inbox, row);
  if (!participants.some(({ identity }) => identity === row.identity)) await refreshOwnRow(inbox, row);
}

async function readParticipants(inbox: Inbox, { chat: { sid, serviceSid } }: ChatRow) {
  return participantFacts(await inbox.chatApi(serviceSid).participants(sid).catch(throwChatNotFound));
}

/**
 * The row of a worker that Twilio does not list, after the index has learned why: the worker left, or the chat is
 * closed.
 * @throws {InboxError} not-found
 */
async function refreshOwnRow(
  inbox: Inbox,
  { identity, chat: { sid, serviceSid } }: ChatRow,
): Promise<ChatRow> {
  await pushChat(inbox, await refreshChat(inbox, sid, serviceSid).catch(throwChatNotFound));
  return ownRow(inbox, identity, sid);
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
