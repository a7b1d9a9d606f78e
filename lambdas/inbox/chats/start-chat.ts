import { createHash } from 'node:crypto';
import { addressesOf, type Customer, displayName } from '../../customers/customer';
import { ForbiddenError, NotFoundError, UpstreamError } from '../../errors';
import { proxyAddressFor } from '../../frontline/proxy-address';
import { isOptedOut } from '../../opt-out/guard';
import { type Address, type Channel, parseAddress } from '../../phone-number/address';
import type { ChatApi } from '../../twilio/chat-api';
import { TwilioApiError } from '../../twilio/twilio-client';
import type { Content, StartChatResult } from '../api';
import { openCustomer } from '../customers/open-customer';
import { InboxError } from '../inbox-error';
import { type ChatRecord, presentWorkers } from '../index/chat-record';
import { sendMessage } from '../messages/send-message';
import type { Inbox } from '../open-inbox';
import type { WorkerRecord } from '../store/worker-store';
import { fillTemplates } from '../templates/offer-templates';
import { recordsOf } from './chat-detail';
import { mayTake } from './may-take';
import { pushChat } from './push-chat';
import { participantFacts, refreshChat } from './refresh-chat';
import { showOneChat } from './show-chat';

export interface StartRequest {
  readonly startId: string;
  readonly customerId: string;
  readonly channel: Channel;
  readonly content: Content | null;
}

/**
 * Starts a chat with a customer: conversation, customer, worker, first message. Each step may be repeated: the start id
 * is the conversation's unique name and the first message's send id.
 */
export async function startChat(
  inbox: Inbox,
  worker: WorkerRecord,
  request: StartRequest,
): Promise<StartChatResult> {
  const customer = await openCustomer(inbox, worker, request.customerId);
  const address = addressesOf(customer).find(({ channel }) => channel === request.channel);
  if (address === undefined) {
    throw new InboxError('not-allowed', 'This customer has no number for that channel. Add one in Airtable.');
  }
  const proxyAddress = proxyFor(address, inbox);
  if (await isOptedOut([customer], inbox.optOuts)) {
    throw new InboxError('opted-out', 'This customer has opted out, so no chat was started.');
  }
  const name = uniqueName(worker, address, request.startId);
  const open = await openChatWith(inbox, customer, address, proxyAddress);
  if (open !== null && ((await hasLeft(inbox, worker, open)) || !(await isFromStart(inbox, open, name))))
    return foundOpen(inbox, worker, open);
  if (request.channel === 'whatsapp') await requireTemplate(inbox, worker, customer, request.content);
  const sid = await createAtTwilio(inbox, worker, customer, {
    address,
    proxyAddress,
    name,
  });
  if ('takenBy' in sid) return foundElsewhere(inbox, worker, sid.takenBy);
  const changed = await refreshChat(inbox, sid.created, null);
  await pushChat(inbox, changed);
  const row = await inbox.chats.row(worker.identity, sid.created);
  if (row === null) throw new UpstreamError('Twilio does not show the worker in the chat that was started');
  const sending = { inbox, worker, chatSid: sid.created, sendId: request.startId };
  const first = request.content === null ? null : await sendMessage(sending, request.content);
  const now = (await inbox.chats.row(worker.identity, sid.created)) ?? row;
  return { outcome: 'started', chat: await showOneChat(now, inbox), first };
}

function proxyFor(address: Address, { request }: Inbox): string {
  try {
    return proxyAddressFor(address.channel, address.text, request.configuration);
  } catch (error) {
    if (error instanceof ForbiddenError)
      throw new InboxError('not-allowed', error.userMessage, { cause: error });
    throw error;
  }
}

/** The open chat of this pair, as far as the index knows; Twilio says so too when the customer is added. */
async function openChatWith(
  inbox: Inbox,
  customer: Customer,
  address: Address,
  proxyAddress: string,
): Promise<ChatRecord | null> {
  const chats = await recordsOf(inbox, customer, [address]);
  const isPair = (chat: ChatRecord) =>
    !chat.isClosed &&
    chat.channel === address.channel &&
    (chat.proxyAddress ?? proxyAddress) === proxyAddress;
  return chats.find(isPair) ?? null;
}

/** Whether the worker handed the chat on: a late repeat of its start must not lead back into it. */
async function hasLeft(inbox: Inbox, worker: WorkerRecord, { sid }: ChatRecord): Promise<boolean> {
  return (await inbox.chats.row(worker.identity, sid))?.isMember === false;
}

/** Whether an earlier attempt of the same start created the chat. */
async function isFromStart(inbox: Inbox, chat: ChatRecord, name: string): Promise<boolean> {
  const named = await inbox
    .chatApi(null)
    .conversation(name)
    .catch((error: unknown) => {
      if (error instanceof NotFoundError) return null;
      throw error;
    });
  return named?.sid === chat.sid;
}

async function foundOpen(inbox: Inbox, worker: WorkerRecord, chat: ChatRecord): Promise<StartChatResult> {
  const row = await inbox.chats.row(worker.identity, chat.sid);
  if (row?.isMember) return { outcome: 'open', chat: await showOneChat(row, inbox) };
  const team = await inbox.team();
  const present = presentWorkers(chat);
  const whose = present.find((identity) => team.canServe(identity)) ?? null;
  const canTake = whose === null && (await mayTake(inbox, worker, chat));
  return {
    outcome: 'elsewhere',
    worker: whose === null ? null : { identity: whose, name: team.nameOf(whose) },
    sid: canTake ? chat.sid : null,
  };
}

/** The pair is in a conversation that the index did not know. */
async function foundElsewhere(
  inbox: Inbox,
  worker: WorkerRecord,
  sid: string | null,
): Promise<StartChatResult> {
  if (sid === null) return { outcome: 'elsewhere', worker: null, sid: null };
  const { chat } = await refreshChat(inbox, sid, null);
  return foundOpen(inbox, worker, chat);
}

/** A WhatsApp chat begins with an approved template, because the customer has not written within 24 hours. */
async function requireTemplate(
  inbox: Inbox,
  worker: WorkerRecord,
  customer: Customer,
  content: Content | null,
): Promise<void> {
  if (content?.kind !== 'template') {
    throw new InboxError('window-closed', 'A new WhatsApp chat starts with a template. Please choose one.');
  }
  const use = { customer, worker: worker.name, channel: 'whatsapp', isFreeTextAllowed: false } as const;
  const chosen = (await fillTemplates(use, inbox)).find(({ option }) => option.id === content.templateId);
  if (chosen?.option.preview == null) {
    throw new InboxError(
      'refused',
      chosen?.option.notOffered ?? 'This template was changed. Please choose again.',
    );
  }
}

async function createAtTwilio(
  inbox: Inbox,
  worker: WorkerRecord,
  customer: Customer,
  {
    address,
    proxyAddress,
    name,
  }: { readonly address: Address; readonly proxyAddress: string; readonly name: string },
): Promise<{ readonly created: string } | { readonly takenBy: string | null }> {
  const api = inbox.chatApi(null);
  const { messagingServiceSid } = inbox.settings;
  const friendlyName = displayName(customer);
  try {
    const { sid } = await api.create({ uniqueName: name, friendlyName, messagingServiceSid });
    // The customer first: only that can conflict, and an empty conversation is easily removed.
    const attributes = JSON.stringify({ customer_id: customer.id, display_name: friendlyName });
    const added = await api.addCustomer(sid, { address: address.text, proxyAddress, attributes });
    if ('takenBy' in added && added.takenBy !== sid && !(await hasCustomer(api, sid, address))) {
      if (await isUnused(api, sid)) await api.remove(sid);
      return added;
    }
    await api.addWorker(sid, worker.identity);
    return { created: sid };
  } catch (error) {
    if (!(error instanceof TwilioApiError)) throw error;
    throw new InboxError('refused', 'Twilio did not accept this number. Please check it in Airtable.', {
      twilioCode: error.code,
      cause: error,
    });
  }
}

/** Whether an earlier attempt of the same start added the customer: Twilio does not always name the conversation. */
async function hasCustomer(api: ChatApi, sid: string, { key }: Address): Promise<boolean> {
  const participants = participantFacts(await api.participants(sid));
  return participants.some(({ address }) => address !== null && parseAddress(address)?.key === key);
}

/** Whether a conversation has no participants and no messages: only then may it be removed. */
async function isUnused(api: ChatApi, sid: string): Promise<boolean> {
  const [participants, { messages }] = await Promise.all([api.participants(sid), api.messages(sid, 1)]);
  return participants.length === 0 && messages.length === 0;
}

/** The same for a repeat of the same start only, so that an id never leads into another chat. */
function uniqueName({ identity }: WorkerRecord, { text }: Address, startId: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([identity, text]))
    .digest('hex');
  return `inbox-${digest.slice(0, 16)}-${startId}`;
}
