import { type Customer, displayName } from '../../customers/customer';
import { type Address, parseAddress, withoutChannel } from '../../phone-number/address';
import type { ChatSummary, LastLine } from '../api';
import { customersAt } from '../customers/customers-at';
import { type ChatRecord, lastActivityAt } from '../index/chat-record';
import { type ChatRow, unreadCount } from '../index/chat-row';
import { shownAuthor } from '../messages/read-message';
import type { Inbox } from '../open-inbox';
import type { Team } from '../workers/team';

/** Twilio's address of a chat's customer; null for an address that no customer can have. */
export function addressOf({ address }: Pick<ChatRecord, 'address'>): Address | null {
  return address === null ? null : parseAddress(address);
}

/** The number or WhatsApp user id, as a person reads it. */
function shownAddress({ address }: Pick<ChatRecord, 'address'>): string {
  return withoutChannel(address ?? '');
}

/** A chat's name: the customer's, else the number. */
export function chatName(chat: Pick<ChatRecord, 'address'>, customer: Customer | null): string {
  return customer === null ? shownAddress(chat) : displayName(customer);
}

/** A worker's rows as their list shows them, with the customers' present names. */
export async function showChats(rows: readonly ChatRow[], inbox: Inbox): Promise<ChatSummary[]> {
  const addresses = rows.flatMap(({ chat }) => addressOf(chat) ?? []);
  const [customerAt, team] = await Promise.all([customersAt(addresses, inbox), inbox.team()]);
  return rows.map((row) => {
    const address = addressOf(row.chat);
    return showChat(row, address === null ? null : customerAt(address), team);
  });
}

export async function showOneChat(row: ChatRow, inbox: Inbox): Promise<ChatSummary> {
  const [customer, team] = await Promise.all([customerOf(row.chat, inbox), inbox.team()]);
  return showChat(row, customer, team);
}

/** The customer at a chat's address; null without one, or where the replica cannot be read. */
export async function customerOf(chat: Pick<ChatRecord, 'address'>, inbox: Inbox): Promise<Customer | null> {
  const address = addressOf(chat);
  return address === null ? null : (await customersAt([address], inbox))(address);
}

/** @param row the worker's own @param customer the customer at the chat's address, if there is one */
export function showChat(row: ChatRow, customer: Customer | null, team: Team): ChatSummary {
  const { chat, identity, readIndex, changedAt } = row;
  const name = chatName(chat, customer);
  return {
    sid: chat.sid,
    channel: chat.channel,
    customerId: customer?.id ?? null,
    name,
    address: shownAddress(chat),
    state: chat.isClosed ? 'closed' : 'open',
    lastActivityAt: lastActivityAt(chat),
    lastLine: lastLine(chat, identity, name, team),
    unread: unreadCount(row),
    readIndex,
    isOptedOut: customer !== null && customer.optOutCell !== 'no',
    changedAt,
  };
}

function lastLine(
  { last, lastDelivery }: ChatRecord,
  reader: string,
  customerName: string,
  team: Team,
): LastLine | null {
  if (last === null) return null;
  const author = shownAuthor(last.authorKind, last.author, { reader, team, customerName });
  const delivery = last.authorKind === 'worker' ? (lastDelivery ?? 'sent') : null;
  return { text: last.text, media: last.media, author, delivery };
}
