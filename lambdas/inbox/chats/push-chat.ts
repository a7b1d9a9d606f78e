import type { MessageResource } from '../../twilio/chat-resources';
import type { Delivery, LiveEvent } from '../api';
import type { ChatRecord } from '../index/chat-record';
import { shownMessage } from '../messages/read-message';
import type { Inbox } from '../open-inbox';
import type { ChangedChat } from '../store/chat-store';
import { chatName, customerOf, showChat } from './show-chat';

/** A message or a delivery, besides the change of the row. */
export interface ChatOccurrence {
  readonly message?: {
    readonly resource: MessageResource;
    readonly deliveryFor: (customerName: string) => Delivery | null;
  };
  readonly delivery?: {
    readonly messageSid: string;
    readonly deliveryFor: (customerName: string) => Delivery;
  };
}

/**
 * Changes a chat that the index has, and tells its workers.
 * @returns null for a chat that the index does not have
 */
export async function changeAndPush(
  inbox: Inbox,
  sid: string,
  change: (chat: ChatRecord) => ChatRecord,
): Promise<ChangedChat | null> {
  const changed = await inbox.chats.changeChat(sid, (chat) => chat && change(chat));
  if (changed !== null) await pushChat(inbox, changed);
  return changed;
}

/** Sends the change to the workers in the chat, and to those who have just left it. Never fails. */
export async function pushChat(
  inbox: Inbox,
  changed: ChangedChat,
  occurrence: ChatOccurrence = {},
): Promise<void> {
  const concerned = changed.rows.filter(({ row, isChanged }) => row.isMember || isChanged);
  if (concerned.length === 0) return;
  const { chat } = changed;
  const [customer, team] = await Promise.all([customerOf(chat, inbox), inbox.team()]);
  // A removed worker may still be connected and in the chat.
  const entitled = concerned.filter(({ row }) => team.canServe(row.identity));
  const customerName = chatName(chat, customer);
  await Promise.all(
    entitled.map(({ row, isChanged }) => {
      const { identity, changedAt } = row;
      if (!row.isMember) {
        return inbox.push.send(identity, [{ kind: 'chat-removed', sid: chat.sid, changedAt }]);
      }
      const events: LiveEvent[] = [];
      const { message, delivery } = occurrence;
      if (message !== undefined) {
        const shown = { reader: identity, team, customerName, delivery: message.deliveryFor(customerName) };
        events.push({ kind: 'message', message: shownMessage(message.resource, chat.sid, shown) });
      }
      if (delivery !== undefined) {
        const { messageSid, deliveryFor } = delivery;
        events.push({ kind: 'delivery', chatSid: chat.sid, messageSid, delivery: deliveryFor(customerName) });
      }
      if (isChanged) events.push({ kind: 'chat', chat: showChat(row, customer, team) });
      return inbox.push.send(identity, events);
    }),
  );
}
