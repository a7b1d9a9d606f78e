import { errorMessage } from '../../errors';
import type { ChatSummary } from '../api';
import { ownRow } from '../chats/membership';
import { showOneChat } from '../chats/show-chat';
import type { Inbox } from '../open-inbox';
import type { WorkerRecord } from '../store/worker-store';

/** Moves what the worker has read forwards, here and at Twilio, for Frontline and the worker's other devices. */
export async function markRead(
  inbox: Inbox,
  { identity }: WorkerRecord,
  chatSid: string,
  index: number,
): Promise<ChatSummary> {
  const known = await ownRow(inbox, identity, chatSid);
  // Not beyond the last message: what comes later is not read yet.
  const upTo = Math.min(index, known.chat.last?.index ?? index);
  const read = await inbox.chats.read(identity, chatSid, upTo);
  const row = read?.row ?? known;
  const chat = await showOneChat(row, inbox);
  if (read?.isChanged) {
    await Promise.all([
      inbox.push.send(identity, [{ kind: 'chat', chat }]),
      inbox
        .chatApi(row.chat.serviceSid)
        .setRead(identity, chatSid, upTo)
        .catch((error: unknown) => {
          inbox.request.requestLog.warn(`Twilio did not learn what was read: ${errorMessage(error)}`);
        }),
    ]);
  }
  return chat;
}
