import type { MessageResource } from '../../twilio/chat-resources';
import type { Delivery } from '../api';
import { pushChat } from '../chats/push-chat';
import { applyDelivery, applyMessage, laterDelivery } from '../index/chat-record';
import type { Inbox } from '../open-inbox';
import type { ChangedChat } from '../store/chat-store';
import type { StoredDelivery } from '../store/delivery-store';
import { delivery, failedDelivery } from './failure-words';
import { indexedMessage, reportedState } from './read-message';

/** The delivery of a message as a worker reads it: the furthest of what Twilio and the events say. */
export function shownDelivery(
  resource: MessageResource,
  stored: StoredDelivery | null | undefined,
  customerName: string,
  code: number | null = stored?.code ?? null,
): Delivery | null {
  const reported = reportedState(resource);
  if (reported === null) return null;
  const state = stored?.state ? laterDelivery(stored.state, reported) : reported;
  return state === 'failed' ? failedDelivery(code, customerName) : delivery(state);
}

/**
 * Takes a message that is known to exist into the index, and shows it to all workers in the chat.
 * @returns null for a chat that the index does not have, or that has no customer
 */
export async function indexMessage(
  inbox: Inbox,
  chatSid: string,
  resource: MessageResource,
): Promise<ChangedChat | null> {
  const message = indexedMessage(resource);
  const isOurs = message.authorKind === 'worker';
  // A worker who writes has read everything before, also in Frontline.
  if (isOurs) await inbox.chats.read(message.author, chatSid, message.index);
  const reported = reportedState(resource);
  const added = await inbox.chats.changeChat(chatSid, (chat) => {
    if (chat === null || chat.address === null) return null;
    const withMessage = applyMessage(chat, message);
    return reported === null ? withMessage : applyDelivery(withMessage, message.sid, reported);
  });
  if (added === null) return null;
  // Last: a message that is noted as known is never asked for again by its delivery events.
  const stored = isOurs ? await inbox.deliveries.setKnown(chatSid, resource.sid, inbox.now()) : null;
  const changed = stored?.state ? await withDelivery(inbox, added, message.sid, stored.state) : added;
  const deliveryFor = (customerName: string) => shownDelivery(resource, stored, customerName);
  await pushChat(inbox, changed, { message: { resource, deliveryFor } });
  return changed;
}

/** The chat with a delivery state that its event brought before the message was indexed. */
async function withDelivery(
  inbox: Inbox,
  added: ChangedChat,
  messageSid: string,
  state: Delivery['state'],
): Promise<ChangedChat> {
  const changed = await inbox.chats.changeChat(
    added.chat.sid,
    (chat) => chat && applyDelivery(chat, messageSid, state),
  );
  if (changed === null) return added;
  // Workers are sent what either change did to their row.
  const touched = new Set(added.rows.flatMap(({ row, isChanged }) => (isChanged ? row.identity : [])));
  const rows = changed.rows.map(({ row, isChanged }) => ({
    row,
    isChanged: isChanged || touched.has(row.identity),
  }));
  return { chat: changed.chat, rows };
}
