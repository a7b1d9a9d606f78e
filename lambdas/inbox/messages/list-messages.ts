import { errorMessage } from '../../errors';
import type { MessageResource } from '../../twilio/chat-resources';
import type { RouteOutput } from '../api';
import { confirmReader, ownRow } from '../chats/membership';
import { pushChat } from '../chats/push-chat';
import { chatName, customerOf } from '../chats/show-chat';
import { InboxError, throwChatNotFound } from '../inbox-error';
import type { ChatRecord } from '../index/chat-record';
import type { Inbox } from '../open-inbox';
import type { StoredDelivery } from '../store/delivery-store';
import type { WorkerRecord } from '../store/worker-store';
import { shownDelivery } from './index-message';
import { reportedState, shownMessage, withMessages } from './read-message';

const PAGE = 40;
/** Codes that no event brought are asked for one by one, so of a page only the newest few. */
const MAX_CODES = 3;
/** The parameters of a page's address at Twilio. A cursor with any other is forged. */
const PAGE_PARAMETERS = new Set(['Order', 'Page', 'PageSize', 'PageToken']);

/**
 * One page of a chat's messages, newest first, from Twilio. With each page Twilio is asked who takes part, so that
 * a worker who left sees no page of it, even if that event was lost. The newest page repairs the index.
 */
export async function listMessages(
  inbox: Inbox,
  { identity }: WorkerRecord,
  chatSid: string,
  { cursor, limit = PAGE }: { readonly cursor?: string | undefined; readonly limit?: number | undefined },
): Promise<RouteOutput<'messages'>> {
  const page = cursor === undefined ? null : openCursor(cursor);
  const row = await ownRow(inbox, identity, chatSid);
  const { chat } = row;
  const [{ messages, next }] = await Promise.all([
    inbox.chatApi(chat.serviceSid).messages(chatSid, Math.max(1, limit), page).catch(throwChatNotFound),
    confirmReader(inbox, row),
  ]);
  const ours = messages.filter((message) => reportedState(message) !== null);
  const [stored, customer, team] = await Promise.all([
    inbox.deliveries.all(
      chatSid,
      ours.map(({ sid }) => sid),
    ),
    customerOf(chat, inbox),
    inbox.team(),
    page === null ? repair(inbox, chatSid, messages) : null,
  ]);
  const codes = await missingCodes(inbox, chat, ours, stored);
  const customerName = chatName(chat, customer);
  return {
    messages: messages.map((message) => {
      const known = stored.get(message.sid);
      const delivery = shownDelivery(
        message,
        known,
        customerName,
        known?.code ?? codes.get(message.sid) ?? null,
      );
      return shownMessage(message, chatSid, { reader: identity, team, customerName, delivery });
    }),
    nextCursor: next === null ? null : Buffer.from(next).toString('base64url'),
  };
}

/** A cursor is Twilio's own query of a page, of this chat's list only. @throws {InboxError} for anything else */
function openCursor(cursor: string): string {
  const query = new URLSearchParams(Buffer.from(cursor, 'base64url').toString());
  if (query.size === 0 || [...query.keys()].some((name) => !PAGE_PARAMETERS.has(name)))
    throw new InboxError('bad-request', 'This page cannot be read. Load the chat again.');
  return query.toString();
}

async function repair(inbox: Inbox, chatSid: string, messages: readonly MessageResource[]): Promise<void> {
  const changed = await inbox.chats.changeChat(chatSid, (chat) => chat && withMessages(chat, messages));
  if (changed?.rows.some(({ isChanged }) => isChanged)) await pushChat(inbox, changed);
}

/** The codes of failed messages whose event was lost. What Twilio does not answer now, the next page asks again. */
async function missingCodes(
  inbox: Inbox,
  { sid, serviceSid }: ChatRecord,
  ours: readonly MessageResource[],
  stored: ReadonlyMap<string, StoredDelivery>,
): Promise<ReadonlyMap<string, number>> {
  const unknown = ours.filter(
    (message) => reportedState(message) === 'failed' && stored.get(message.sid)?.state !== 'failed',
  );
  const codes = await Promise.all(
    unknown.slice(0, MAX_CODES).map(async (message): Promise<(readonly [string, number])[]> => {
      try {
        const code = await inbox.chatApi(serviceSid).failureCode(sid, message.sid);
        await inbox.deliveries.report(sid, message.sid, 'failed', code, inbox.now());
        return code === null ? [] : [[message.sid, code]];
      } catch (error) {
        inbox.request.requestLog.warn(`The reason of a failed message was not read: ${errorMessage(error)}`);
        return [];
      }
    }),
  );
  return new Map(codes.flat());
}
