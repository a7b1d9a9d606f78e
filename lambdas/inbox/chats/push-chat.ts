import type { MessageResource } from '../../twilio/chat-resources';
import type { Delivery, LiveEvent } from '../api';
import { shownMessage } from '../messages/read-message';
import { customersAt, type Inbox } from '../open-inbox';
import type { ChangedChat } from '../store/chat-store';
import { addressOf, chatName, showChat } from './show-chat';

/** What happened besides the change of the row. */
export interface Happening {
  readonly message?: {
    readonly resource: MessageResource;
    readonly deliveryFor: (customerName: string) => Delivery | null;
  };
  readonly delivery?: {
    readonly messageSid: string;
    readonly deliveryFor: (customerName: string) => Delivery;
  };
}

/** Tells everybody who is in the chat, and everybody who has just left it. Never fails. */
export async function pushChat(inbox: Inbox, changed: ChangedChat, happening: Happening = {}): Promise<void> {
  const told = changed.rows.filter(({ row, isChanged }) => row.isMember || isChanged);
  if (told.length === 0) return;
  const { chat } = changed;
  const address = addressOf(chat);
  const [customerAt, team] = await Promise.all([
    customersAt(address === null ? [] : [address], inbox),
    inbox.team(),
  ]);
  const customer = address === null ? null : customerAt(address);
  // Who was taken out of the team may still be connected, and in the chat.
  const entitled = told.filter(({ row }) => team.isActive(row.identity));
  const customerName = chatName(chat, customer);
  await Promise.all(
    entitled.map(({ row, isChanged }) => {
      const { identity, changedAt } = row;
      if (!row.isMember) {
        return inbox.push.send(identity, [{ kind: 'chat-removed', sid: chat.sid, changedAt }]);
      }
      const events: LiveEvent[] = [];
      const { message, delivery } = happening;
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
