import { randomUUID } from 'node:crypto';
import type { Address } from '../../phone-number/address';
import type { ChatDetail } from '../api';
import { chatBeingAssigned, chatNotFound, InboxError, throwChatNotFound } from '../inbox-error';
import type { ChatRecord } from '../index/chat-record';
import type { Inbox } from '../open-inbox';
import type { WorkerRecord } from '../store/worker-store';
import { chatDetail } from './chat-detail';
import { mayTake } from './may-take';
import { pushChat } from './push-chat';
import { addressesIn, refreshChat } from './refresh-chat';

/**
 * Takes a chat without an active worker, under the same claim as routing: of two workers who take it at once, one gets
 * it.
 */
export async function takeChat(inbox: Inbox, worker: WorkerRecord, sid: string): Promise<ChatDetail> {
  const known = await inbox.chats.chat(sid);
  if (known === null) throw chatNotFound();
  const outcome = await inbox.assignments.hold(sid, randomUUID(), inbox.now(), async () => {
    const { chat, facts } = await refreshChat(inbox, sid, known.serviceSid).catch(throwChatNotFound);
    if (facts.participants.some(({ identity }) => identity === worker.identity)) return 'done';
    // In a group message, of each customer: the chat shows what all of them wrote.
    const addresses = addressesIn(facts);
    if (!(await mayTake(inbox, worker, chat, addresses))) {
      throw await rejectionOf(inbox, worker, chat, addresses);
    }
    await inbox.chatApi(chat.serviceSid).addWorker(sid, worker.identity);
    await pushChat(inbox, await refreshChat(inbox, sid, chat.serviceSid));
    return 'done';
  });
  if (outcome === 'taken') {
    const chat = (await inbox.chats.chat(sid)) ?? known;
    if (await mayTake(inbox, worker, chat)) throw chatBeingAssigned();
    throw await rejectionOf(inbox, worker, chat);
  }
  return chatDetail(inbox, worker, sid);
}

/** A chat that this worker may not see is not found, also while a colleague has it. */
async function rejectionOf(
  inbox: Inbox,
  worker: WorkerRecord,
  chat: ChatRecord,
  addresses?: readonly Address[],
): Promise<InboxError> {
  const maySee = await mayTake(inbox, worker, { ...chat, members: {} }, addresses);
  return maySee ? new InboxError('taken', 'A colleague was faster and has this chat now.') : chatNotFound();
}
