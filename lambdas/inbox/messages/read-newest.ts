import type { ChatRecord } from '../index/chat-record';
import type { Inbox } from '../open-inbox';
import type { ChangedChat } from '../store/chat-store';
import { withMessages } from './read-message';

/** Enough for the unread ones of most chats; more are shown as "99+" anyway. */
export const NEWEST = 50;

/**
 * Takes a chat's newest messages into the index: one request.
 * @returns null for a chat that the index does not have
 * @throws {NotFoundError} if Twilio does not have the conversation any more
 */
export async function readNewest(
  inbox: Inbox,
  { sid, serviceSid }: Pick<ChatRecord, 'sid' | 'serviceSid'>,
): Promise<ChangedChat | null> {
  const { messages } = await inbox.chatApi(serviceSid).messages(sid, NEWEST);
  return inbox.chats.changeChat(sid, (chat) => chat && withMessages(chat, messages));
}
