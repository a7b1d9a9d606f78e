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
 * Takes a message that is known to exist into the index, and shows it to everybody in the chat.
 * @returns null for a chat that the index does not have, or that has no customer
 */
export async function indexMessage(
  inbox: Inbox,
  chatSid: string,
  resource: MessageResource,
): Promise<ChangedChat | null> {
  const message = indexedMessage(resource);
  const stored =
    message.authorKind === 'worker'
      ? await inbox.deliveries.setKnown(chatSid, resource.sid, inbox.now())
      : null;
  // Who writes has read what came before, also in Frontline.
  if (message.authorKind === 'worker') await inbox.chats.read(message.author, chatSid, message.index);
  const state = stored?.state ?? reportedState(resource);
  const changed = await inbox.chats.changeChat(chatSid, (chat) => {
    if (chat === null || chat.address === null) return null;
    const added = applyMessage(chat, message);
    return state === null ? added : applyDelivery(added, message.sid, state);
  });
  if (changed === null) return null;
  const deliveryFor = (customerName: string) => shownDelivery(resource, stored, customerName);
  await pushChat(inbox, changed, { message: { resource, deliveryFor } });
  return changed;
}
