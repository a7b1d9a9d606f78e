import { type Address, parseAddress } from '../../phone-number/address';
import type { ConversationResource } from '../../twilio/chat-resources';
import type { Participant } from '../../twilio/conversation-requests';
import { applyConversation, type ConversationFacts, newChat } from '../index/chat-record';
import { toMoment } from '../messages/read-message';
import type { Inbox } from '../open-inbox';
import type { ChangedChat } from '../store/chat-store';

/**
 * Brings a chat up to date with its conversation and participants at Twilio: two requests.
 * @throws {NotFoundError} if Twilio does not have it any more.
 */
export async function refreshChat(
  inbox: Inbox,
  sid: string,
  serviceSid: string | null,
): Promise<ChangedChat & { readonly facts: ConversationFacts }> {
  const readAt = inbox.now().toISOString();
  const api = inbox.chatApi(serviceSid);
  const [conversation, participants] = await Promise.all([api.conversation(sid), api.participants(sid)]);
  const facts = factsOf(conversation, participants, serviceSid, readAt);
  const changed = await inbox.chats.changeChat(sid, (chat) =>
    applyConversation(chat ?? newChat(facts), facts),
  );
  if (changed === null) throw new Error('A chat that is known cannot be unknown');
  return { ...changed, facts };
}

export function participantFacts(participants: readonly Participant[]): ConversationFacts['participants'] {
  return participants.map(({ sid, identity, messaging_binding }) => ({
    sid,
    identity: identity || null,
    address: messaging_binding?.address ?? null,
    proxyAddress: messaging_binding?.proxy_address ?? null,
  }));
}

/** The addresses of the customers in a conversation: several in a group message. */
export function addressesIn({ participants }: Pick<ConversationFacts, 'participants'>): readonly Address[] {
  return participants.flatMap(({ address }) => (address && parseAddress(address)) || []);
}

function factsOf(
  conversation: ConversationResource,
  participants: readonly Participant[],
  serviceSid: string | null,
  readAt: string,
): ConversationFacts {
  return {
    sid: conversation.sid,
    serviceSid: conversation.chat_service_sid ?? serviceSid,
    createdAt: toMoment(conversation.date_created),
    isClosed: conversation.state === 'closed',
    updatedAt: toMoment(conversation.date_updated),
    participants: participantFacts(participants),
    readAt,
  };
}
