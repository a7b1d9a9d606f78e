import { setTimeout as pause } from 'node:timers/promises';
import {
  CredentialsRejectedError,
  errorMessage,
  ForbiddenError,
  NotFoundError,
  UpstreamError,
} from '../../errors';
import { rejectOptedOut } from '../../opt-out/guard';
import type { MessageForm } from '../../twilio/chat-api';
import type { MessageResource } from '../../twilio/chat-resources';
import { ConversationClosedError } from '../../twilio/conversation-requests';
import { TwilioApiError, TwilioThrottledError } from '../../twilio/twilio-client';
import { type Content, MESSAGE_LENGTH, type SendResult } from '../api';
import { isWindowOpen } from '../chats/composer';
import { confirmReader, type Membership, ownRow, requireMembership } from '../chats/membership';
import { chatName, customerOf } from '../chats/show-chat';
import { chatClosed, chatNotFound, InboxError } from '../inbox-error';
import { applyClosing, type ChatRecord } from '../index/chat-record';
import type { Inbox } from '../open-inbox';
import { POSTING_MS, type SendClaim } from '../store/send-store';
import type { WorkerRecord } from '../store/worker-store';
import { fillTemplates } from '../templates/offer-templates';
import { indexMessage, shownDelivery } from './index-message';
import { readAttributes, writeAttributes } from './message-attributes';
import { shownMessage } from './read-message';
import { NEWEST, readNewest } from './read-newest';

/** Left for finding out what became of a send that Twilio did not confirm. */
const SEARCH_MS = 3_500;
/** With less time than this, a send does not begin. */
const LEAST_MS = 2_000;
/** How long Twilio may take to show a message that it accepted. */
const SEARCH_WAITS_MS = [400, 1_200];

interface SendContext {
  readonly inbox: Inbox;
  readonly worker: WorkerRecord;
  readonly chatSid: string;
  readonly sendId: string;
}

/**
 * Sends a message once per send id: the id is claimed before Twilio is called, and travels in the
 * message.
 * @throws {InboxError} where nothing was sent, with the reason for the worker.
 */
export async function sendMessage(context: SendContext, content: Content): Promise<SendResult> {
  const { inbox, worker, chatSid, sendId } = context;
  const earlier = await inbox.sends.find(worker.identity, sendId);
  if (earlier !== null) return settle(earlier, context);
  const membership = await requireMembership(inbox, worker.identity, chatSid);
  const form = await prepare(context, membership, content);
  if (inbox.request.deadline.remainingMilliseconds < SEARCH_MS + LEAST_MS) throw busy(null);
  if (!(await inbox.sends.claim(worker.identity, sendId, chatSid, inbox.now()))) {
    const other = await inbox.sends.find(worker.identity, sendId);
    if (other === null) throw inProgress();
    return settle(other, context);
  }
  return post(context, membership, form);
}

/** The checks of a send; the form to send if they pass. */
async function prepare(
  { inbox, worker, sendId }: SendContext,
  { row, addresses }: Membership,
  content: Content,
): Promise<MessageForm> {
  if (row.chat.isClosed) throw chatClosed();
  await rejectOptedOut({ customerAddresses: async () => [...addresses] }, inbox).catch((error: unknown) => {
    throw error instanceof ForbiddenError
      ? new InboxError('opted-out', 'This customer has opted out, so the message was not sent.', {
          cause: error,
        })
      : error;
  });
  const author = worker.identity;
  const isFreeTextAllowed = await mayWriteFreely(inbox, row.chat);
  if (content.kind === 'text') {
    const body = checkedText(content.text);
    if (!isFreeTextAllowed) throw windowClosed();
    return { author, content: { body }, attributes: writeAttributes({ sendId, template: null }) };
  }
  const customer = await customerOf(row.chat, inbox);
  const use = { customer, worker: worker.name, channel: row.chat.channel, isFreeTextAllowed };
  const chosen = (await fillTemplates(use, inbox)).find(({ option }) => option.id === content.templateId);
  if (chosen === undefined) {
    throw new InboxError('refused', 'This template was changed meanwhile. Please choose again.');
  }
  const { preview, contentSid, notOffered } = chosen.option;
  if (preview === null) throw new InboxError('refused', notOffered ?? 'This template cannot be sent here.');
  // A template that goes as a text is read from the body; twice it would not fit.
  const text = contentSid === null ? '' : preview;
  const attributes = writeAttributes({ sendId, template: { sid: contentSid, text } });
  const { variables } = chosen;
  return contentSid !== null && variables !== null
    ? { author, content: { contentSid, variables }, attributes }
    : { author, content: { body: preview }, attributes };
}

function checkedText(text: string): string {
  if (text.trim() === '') throw new InboxError('bad-request', 'The message is empty.');
  if (text.length > MESSAGE_LENGTH) {
    throw new InboxError('bad-request', `The message is longer than ${MESSAGE_LENGTH} characters.`);
  }
  return text;
}

/** Within WhatsApp's 24 hours. Before it says no, the newest messages are asked for: an event may have been lost. */
async function mayWriteFreely(inbox: Inbox, chat: ChatRecord): Promise<boolean> {
  if (isWindowOpen(chat, inbox.now())) return true;
  const changed = await readNewest(inbox, chat);
  return changed !== null && isWindowOpen(changed.chat, inbox.now());
}

async function post(context: SendContext, { row }: Membership, form: MessageForm): Promise<SendResult> {
  const { inbox, worker, chatSid, sendId } = context;
  const { deadline } = inbox.request;
  let resource: MessageResource;
  try {
    const api = inbox.chatApi(row.chat.serviceSid, deadline.leaving(SEARCH_MS));
    resource = await api.send(chatSid, form);
  } catch (error) {
    const rejection = await rejectionOf(error, context);
    if (rejection === null) {
      inbox.request.requestLog.warn(`The outcome of a send is unknown: ${errorMessage(error)}`);
      return search(context, row.chat.serviceSid, SEARCH_WAITS_MS);
    }
    await inbox.sends.release(worker.identity, sendId);
    throw rejection;
  }
  await inbox.sends.settle(worker.identity, sendId, { messageSid: resource.sid }).catch(warnOf(inbox));
  return sent(context, resource);
}

/** The error for the worker where Twilio certainly did nothing; null where it may have sent the message. */
async function rejectionOf(error: unknown, { inbox, chatSid }: SendContext): Promise<InboxError | null> {
  if (error instanceof TwilioThrottledError) return busy(error);
  if (error instanceof ConversationClosedError) {
    const at = inbox.now().toISOString();
    await inbox.chats.changeChat(chatSid, (chat) => chat && applyClosing(chat, at));
    return chatClosed(error);
  }
  if (error instanceof NotFoundError) return chatNotFound(error);
  if (error instanceof TwilioApiError) {
    return new InboxError(
      'refused',
      'Twilio did not accept the message. Please change it, and send it again.',
      {
        twilioCode: error.code,
        cause: error,
      },
    );
  }
  if (error instanceof CredentialsRejectedError) {
    return new InboxError('unavailable', 'Messages cannot be sent now. Please tell your administrator.', {
      cause: error,
    });
  }
  if (error instanceof UpstreamError) return null;
  throw error;
}

/** Finishes a send of an earlier request with the same id. */
async function settle(claim: SendClaim, context: SendContext): Promise<SendResult> {
  const { inbox, chatSid, worker } = context;
  if (claim.chatSid !== chatSid) throw new InboxError('bad-request', 'This send id belongs to another chat.');
  const isUnderWay = claim.state === 'posting' && inbox.now().getTime() - claim.claimedAt < POSTING_MS;
  if (isUnderWay) throw inProgress();
  const row = await ownRow(inbox, worker.identity, chatSid);
  await confirmReader(inbox, row);
  const { serviceSid } = row.chat;
  if (claim.messageSid === null) return search(context, serviceSid, []);
  return sent(context, await inbox.chatApi(serviceSid).message(chatSid, claim.messageSid));
}

/** Looks for the send id among the newest messages. */
async function search(
  context: SendContext,
  serviceSid: string | null,
  waits: readonly number[],
): Promise<SendResult> {
  const { inbox, worker, chatSid, sendId } = context;
  const api = inbox.chatApi(serviceSid);
  for (const wait of [0, ...waits]) {
    if (wait >= inbox.request.deadline.remainingMilliseconds) break;
    await pause(wait);
    const page = await api.messages(chatSid, NEWEST).catch(warnOf(inbox));
    const found = page?.messages.find(
      (message) => message.author === worker.identity && readAttributes(message.attributes).sendId === sendId,
    );
    if (found === undefined) continue;
    await inbox.sends.settle(worker.identity, sendId, { messageSid: found.sid }).catch(warnOf(inbox));
    return sent(context, found);
  }
  await inbox.sends.settle(worker.identity, sendId, 'unknown').catch(warnOf(inbox));
  return {
    outcome: 'unknown',
    sendId,
    reason: 'Perhaps not sent: Twilio did not confirm it, and it is not in the chat yet.',
  };
}

/** Indexes and shows a message that was sent; that may fail, because its delivery events repair the index. */
async function sent({ inbox, worker, chatSid }: SendContext, resource: MessageResource): Promise<SendResult> {
  const chat = await inbox.chats.chat(chatSid);
  const customerName = chat === null ? '' : chatName(chat, await customerOf(chat, inbox));
  await Promise.all([
    indexMessage(inbox, chatSid, resource).catch(warnOf(inbox)),
    // Otherwise Twilio counts the worker's own message as unread in Frontline.
    inbox
      .chatApi(chat?.serviceSid ?? null)
      .setRead(worker.identity, chatSid, resource.index)
      .catch(warnOf(inbox)),
  ]);
  const shown = {
    reader: worker.identity,
    team: await inbox.team(),
    customerName,
    delivery: shownDelivery(resource, null, customerName),
  };
  return { outcome: 'sent', message: shownMessage(resource, chatSid, shown) };
}

function warnOf({ request }: Inbox): (error: unknown) => undefined {
  return (error) => {
    request.requestLog.warn(`After a send: ${errorMessage(error)}`);
    return undefined;
  };
}

function busy(cause: unknown): InboxError {
  return new InboxError('throttled', 'Too many messages at once. Nothing was sent; try again in a moment.', {
    retryAfterSeconds: 2,
    cause,
  });
}

function inProgress(): InboxError {
  return new InboxError('in-progress', 'This message is just being sent.', { retryAfterSeconds: 2 });
}

function windowClosed(): InboxError {
  return new InboxError(
    'window-closed',
    'More than 24 hours have passed since the customer last wrote on WhatsApp. Please use a template.',
  );
}
