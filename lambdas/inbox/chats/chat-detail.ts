import type { Customer } from '../../customers/customer';
import { ServiceUnavailableError } from '../../errors';
import type { Address } from '../../phone-number/address';
import type { ChatDetail, OtherChat } from '../api';
import { type ChatRecord, lastActivityAt, presentWorkers } from '../index/chat-record';
import type { Inbox } from '../open-inbox';
import type { WorkerRecord } from '../store/worker-store';
import { composerOf, optOutOf } from './composer';
import { mayTake } from './may-take';
import { ownRow } from './membership';
import { addressOf, customerOf, showChat } from './show-chat';

const MAX_OTHERS = 20;

/** A worker's own chat with everything beside its messages. */
export async function chatDetail(inbox: Inbox, worker: WorkerRecord, sid: string): Promise<ChatDetail> {
  const row = await ownRow(inbox, worker.identity, sid);
  const address = addressOf(row.chat);
  const addresses = address === null ? [] : [address];
  const [customer, team] = await Promise.all([customerOf(row.chat, inbox), inbox.team()]);
  const [optOut, otherChats] = await Promise.all([
    optOutOf(customer === null ? [] : [customer], addresses, inbox.optOuts),
    chatsOf(inbox, worker, customer, addresses),
  ]);
  return {
    chat: { ...showChat(row, customer, team), isOptedOut: optOut !== null },
    composer: composerOf(row.chat, optOut, inbox.now()),
    otherChats: otherChats.filter((other) => other.sid !== sid),
  };
}

/** Every chat with a customer, latest first: the worker's own, and of colleagues' the channel, worker and state. */
export async function chatsOf(
  inbox: Inbox,
  worker: WorkerRecord,
  customer: Customer | null,
  addresses: readonly Address[],
): Promise<OtherChat[]> {
  const chats = await recordsOf(inbox, customer, addresses);
  const shown = await Promise.all(chats.map((chat) => showOther(inbox, worker, chat)));
  return shown.sort((a, b) => (a.lastActivityAt < b.lastActivityAt ? 1 : -1)).slice(0, MAX_OTHERS);
}

/** The chats at a customer's addresses. One partition holds both channels of a number. */
export async function recordsOf(
  inbox: Inbox,
  customer: Customer | null,
  addresses: readonly Address[],
): Promise<ChatRecord[]> {
  const keys = [...(customer?.addressKeys ?? []), ...addresses.map(({ key }) => key)];
  const found = await Promise.all([...new Set(keys)].map((key) => inbox.chats.chatsAt(key, MAX_OTHERS)));
  return [...new Map(found.flat().map((chat) => [chat.sid, chat])).values()];
}

async function showOther(
  inbox: Inbox,
  { identity, ...worker }: WorkerRecord,
  chat: ChatRecord,
): Promise<OtherChat> {
  const present = presentWorkers(chat);
  const team = await inbox.team();
  const isMine = present.includes(identity);
  const shownWorker = isMine ? identity : (present.find((each) => team.canServe(each)) ?? present[0] ?? null);
  const canTake = !isMine && (await mayTakeIfKnown(inbox, { identity, ...worker }, chat));
  return {
    channel: chat.channel,
    state: chat.isClosed ? 'closed' : 'open',
    worker:
      shownWorker === null ? null : { identity: shownWorker, name: team.nameOf(shownWorker), isMe: isMine },
    lastActivityAt: lastActivityAt(chat),
    sid: isMine || canTake ? chat.sid : null,
    canTake,
  };
}

async function mayTakeIfKnown(...parts: Parameters<typeof mayTake>): Promise<boolean> {
  return mayTake(...parts).catch((error: unknown) => {
    if (error instanceof ServiceUnavailableError) return false;
    throw error;
  });
}
