import type { ChatSummary } from '../api';
import { throwChatNotFound } from '../inbox-error';
import { applyClosing } from '../index/chat-record';
import type { Inbox } from '../open-inbox';
import type { WorkerRecord } from '../store/worker-store';
import { ownRow, requireMembership } from './membership';
import { changeAndPush } from './push-chat';
import { showOneChat } from './show-chat';

/** Closes a chat for good. The customer's next message starts a new one. */
export async function closeChat(inbox: Inbox, worker: WorkerRecord, sid: string): Promise<ChatSummary> {
  const known = await ownRow(inbox, worker.identity, sid);
  // Closed at Twilio, a chat may show no participants any more.
  if (known.chat.isClosed) return showOneChat(known, inbox);
  const { api } = await requireMembership(inbox, worker.identity, sid);
  await api.close(sid).catch(throwChatNotFound);
  const at = inbox.now().toISOString();
  await changeAndPush(inbox, sid, (chat) => applyClosing(chat, at));
  return showOneChat(await ownRow(inbox, worker.identity, sid), inbox);
}
