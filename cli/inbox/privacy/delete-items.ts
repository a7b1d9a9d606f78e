import { setTimeout as delay } from 'node:timers/promises';
import { applyGone, presentWorkers } from '../../../lambdas/inbox/index/chat-record';
import { eraseChats } from '../../../lambdas/inbox/store/erase-chats';
import type { InboxData } from '../deployed-inbox';
import type { FoundChat } from './find-chats';

const WAIT_MS = 30_000;
const POLL_MS = 1_000;

/**
 * Deletes everything that the inbox's table has of conversations that are gone at Twilio. Their workers' open pages
 * remove them first. What remains for two weeks is that a worker was in a chat with this SID: other devices learn from
 * it that the chat is gone.
 */
export async function deleteItems(
  deleted: readonly FoundChat[],
  inbox: InboxData,
  { waitMs = WAIT_MS, pollMs = POLL_MS }: { readonly waitMs?: number; readonly pollMs?: number } = {},
): Promise<void> {
  const { enqueue } = inbox;
  for (const { sid, serviceSid } of deleted) {
    await enqueue?.({ kind: 'conversation', conversationSid: sid, serviceSid });
  }
  const until = enqueue === null ? 0 : Date.now() + waitMs;
  for (const { sid } of deleted) {
    while (!(await isEmpty(sid, inbox)) && Date.now() < until) await delay(pollMs);
    // Also where no event was handled: then a page shows the chat until it is loaded again.
    await inbox.chats.changeChat(sid, (chat) => chat && applyGone(chat, new Date()));
  }
  await eraseChats(
    inbox.table,
    deleted.map(({ sid }) => sid),
  );
}

async function isEmpty(sid: string, { chats }: InboxData): Promise<boolean> {
  const chat = await chats.chat(sid);
  return chat === null || (chat.isClosed && presentWorkers(chat).length === 0);
}
