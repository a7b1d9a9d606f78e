import { NotFoundError } from '../../errors';
import type { MessageResource } from '../../twilio/chat-resources';
import type { Delivery } from '../api';
import { changeAndPush, pushChat } from '../chats/push-chat';
import { refreshChat } from '../chats/refresh-chat';
import { applyDelivery, applyGone, applyLeaving, applyRemoval, forgetLine } from '../index/chat-record';
import { failedDelivery, delivery as underWay } from '../messages/failure-words';
import { indexMessage } from '../messages/index-message';
import { indexedMessage } from '../messages/read-message';
import type { Inbox } from '../open-inbox';
import type { QueueEvent } from '../queue/queue-event';
import { assignWorker } from '../routing/route-chat';
import { sweep } from '../routing/sweep';
import type { ChangedChat } from '../store/chat-store';
import { removeWorker } from '../workers/remove-worker';
import { buildChat, buildIndex } from './build-index';

type EventOf<TKind extends QueueEvent['kind']> = Extract<QueueEvent, { kind: TKind }>;

/**
 * Takes an event into the index, tells the workers in the chat, and gives the chat a worker if it is this service's
 * turn. Repeats, disorder and late events end in the same index.
 */
export async function applyEvent(inbox: Inbox, event: QueueEvent): Promise<void> {
  try {
    await apply(inbox, event);
  } catch (error) {
    // A conversation or message that is gone by now has nothing to show.
    if (!(error instanceof NotFoundError)) throw error;
    inbox.request.requestLog.warn(error.message);
    if ('conversationSid' in event) await closeIfGone(inbox, event);
  }
}

async function apply(inbox: Inbox, event: QueueEvent): Promise<void> {
  switch (event.kind) {
    case 'conversation':
    case 'participant-added':
      return applyConversationEvent(inbox, event);
    case 'participant-removed':
      return applyParticipantRemoved(inbox, event);
    case 'message':
      return applyMessageEvent(inbox, event);
    case 'message-removed':
      return applyMessageRemoved(inbox, event);
    case 'delivery':
      return applyDeliveryEvent(inbox, event);
    case 'horizon':
      return applyHorizon(inbox, event);
    case 'build':
      return buildIndex(inbox, event);
    case 'build-chat':
      return buildChat(inbox, event);
    case 'worker-removed':
      return removeWorker(inbox, event);
    case 'forget':
      return forgetLines(inbox, event.conversationSids);
    case 'sweep':
      return sweep(inbox);
  }
}

async function applyConversationEvent(
  inbox: Inbox,
  { conversationSid, serviceSid }: EventOf<'conversation' | 'participant-added'>,
): Promise<void> {
  const changed = await refreshChat(inbox, conversationSid, serviceSid);
  await pushChat(inbox, changed);
  await assignWorker(inbox, changed.chat);
}

async function applyParticipantRemoved(
  inbox: Inbox,
  { conversationSid, participantSid, identity }: EventOf<'participant-removed'>,
): Promise<void> {
  if (identity === '') return;
  const at = inbox.now().toISOString();
  const changed = await changeAndPush(inbox, conversationSid, (chat) =>
    applyLeaving(chat, participantSid, identity, at),
  );
  if (changed !== null) await assignWorker(inbox, changed.chat);
}

async function applyMessageEvent(inbox: Inbox, event: EventOf<'message'>): Promise<void> {
  const { conversationSid, serviceSid, messageSid } = event;
  const resource = await inbox.chatApi(serviceSid).message(conversationSid, messageSid);
  const changed = await indexInKnownChat(inbox, event, resource);
  if (changed !== null) await assignWorker(inbox, changed.chat);
}

/** Indexes a message, after its chat if the index does not have that. */
async function indexInKnownChat(
  inbox: Inbox,
  { conversationSid, serviceSid }: { readonly conversationSid: string; readonly serviceSid: string | null },
  resource: MessageResource,
): Promise<ChangedChat | null> {
  const changed = await indexMessage(inbox, conversationSid, resource);
  if (changed !== null) return changed;
  await refreshChat(inbox, conversationSid, serviceSid);
  return indexMessage(inbox, conversationSid, resource);
}

async function applyMessageRemoved(
  inbox: Inbox,
  { conversationSid, serviceSid, messageSid }: EventOf<'message-removed'>,
): Promise<void> {
  const known = await inbox.chats.chat(conversationSid);
  if (known === null) return;
  const isLast = known.last?.sid === messageSid;
  const page = isLast ? await inbox.chatApi(serviceSid).messages(conversationSid, 1) : null;
  const [newest] = page?.messages ?? [];
  await changeAndPush(inbox, conversationSid, (chat) =>
    applyRemoval(chat, messageSid, newest ? indexedMessage(newest) : null),
  );
}

async function applyDeliveryEvent(inbox: Inbox, event: EventOf<'delivery'>): Promise<void> {
  const { conversationSid, serviceSid, messageSid, errorCode } = event;
  const state = deliveryState(event.status);
  if (state === null) return;
  const stored = await inbox.deliveries.report(conversationSid, messageSid, state, errorCode, inbox.now());
  if (!stored.isKnown) {
    // The index has not seen this message: the request that sent it may have ended too early.
    const resource = await inbox.chatApi(serviceSid).message(conversationSid, messageSid);
    await indexInKnownChat(inbox, event, resource);
  }
  const furthest = stored.state ?? state;
  const changed = await inbox.chats.changeChat(
    conversationSid,
    (known) => known && applyDelivery(known, messageSid, furthest),
  );
  if (changed === null) return;
  const deliveryFor = (customerName: string): Delivery =>
    furthest === 'failed' ? failedDelivery(stored.code, customerName) : underWay(furthest);
  await pushChat(inbox, changed, { delivery: { messageSid, deliveryFor } });
}

/** A worker read in Frontline. */
async function applyHorizon(
  inbox: Inbox,
  { conversationSid, identity, index }: EventOf<'horizon'>,
): Promise<void> {
  const read = await inbox.chats.read(identity, conversationSid, index);
  const chat = read?.isChanged ? await inbox.chats.chat(conversationSid) : null;
  if (read !== null && chat !== null) await pushChat(inbox, { chat, rows: [read] });
}

async function forgetLines(inbox: Inbox, conversationSids: readonly string[]): Promise<void> {
  for (const sid of conversationSids) await changeAndPush(inbox, sid, forgetLine);
}

/** A conversation that Twilio does not have any more is closed for good, without participants. */
async function closeIfGone(
  inbox: Inbox,
  { conversationSid, serviceSid }: { readonly conversationSid: string; readonly serviceSid: string | null },
): Promise<void> {
  const known = await inbox.chats.chat(conversationSid);
  if (known === null) return;
  const isThere = await inbox
    .chatApi(serviceSid)
    .conversation(conversationSid)
    .then(
      () => true,
      (error: unknown) => {
        if (error instanceof NotFoundError) return false;
        throw error;
      },
    );
  if (isThere) return;
  await changeAndPush(inbox, conversationSid, (chat) => applyGone(chat, inbox.now()));
}

function deliveryState(status: string): Delivery['state'] | null {
  const state = status.toLowerCase();
  if (state === 'sent' || state === 'delivered' || state === 'read') return state;
  return state === 'failed' || state === 'undelivered' ? 'failed' : null;
}
