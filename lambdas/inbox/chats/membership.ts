import { NotFoundError } from '../../errors';
import type { Address } from '../../phone-number/address';
import type { ChatApi } from '../../twilio/chat-api';
import { chatNotFound } from '../inbox-error';
import { applyLeaving, applyParticipants, type ConversationFacts } from '../index/chat-record';
import type { ChatRow } from '../index/chat-row';
import type { Inbox } from '../open-inbox';
import { pushChat } from './push-chat';
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

/** The same for a row that was read. */
export async function confirmMembership(inbox: Inbox, row: ChatRow): Promise<Membership> {
  const { identity } = row;
  const { sid } = row.chat;
  const api = inbox.chatApi(row.chat.serviceSid);
  const readAt = inbox.now().toISOString();
  const participants = participantFacts(
    await api.participants(sid).catch((error: unknown) => {
      throw error instanceof NotFoundError ? chatNotFound(error) : error;
    }),
  );
  const own = participants.find((participant) => participant.identity === identity);
  if (own === undefined) {
    const changed = await inbox.chats.changeChat(
      sid,
      (chat) => chat && applyParticipants(chat, { participants, readAt }),
    );
    if (changed !== null) await pushChat(inbox, changed);
    throw chatNotFound();
  }
  return {
    row,
    api,
    participants,
    addresses: addressesIn({ participants }),
    participantSid: own.sid,
  };
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
  const changed = await inbox.chats.changeChat(
    sid,
    (chat) => chat && applyLeaving(chat, participantSid, identity, at),
  );
  if (changed !== null) await pushChat(inbox, changed);
}
