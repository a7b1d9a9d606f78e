import { errorMessage, NotFoundError } from '../../errors';
import { SERVICE_METRICS } from '../../telemetry/metric-names';
import { pushChat } from '../chats/push-chat';
import { refreshChat } from '../chats/refresh-chat';
import { applyMessage, type ChatRecord } from '../index/chat-record';
import { indexedMessage } from '../messages/read-message';
import type { Inbox } from '../open-inbox';
import { assignWorker } from './route-chat';

const DAY_MS = 24 * 60 * 60_000;
const MOST_UNASSIGNED = 100;
const NEWEST = 50;

/**
 * Every five minutes: gives the open chats without an active worker one, and finds the conversations of which no event came,
 * because Twilio sends each event once. Counts the chats that remain without a worker, for the alarm.
 */
export async function sweep(inbox: Inbox): Promise<void> {
  await findUnknown(inbox);
  let left = 0;
  const waiting = [...(await inbox.chats.unassigned(MOST_UNASSIGNED)), ...(await leftBehind(inbox))];
  for (const chat of waiting) {
    const hasWorker = await assignWorker(inbox, chat).catch((error: unknown) => {
      inbox.request.requestLog.warn(`A chat has no worker yet: ${errorMessage(error)}`);
      return false;
    });
    if (!hasWorker) left += 1;
  }
  inbox.request.requestLog.countEvent(SERVICE_METRICS.chatsWithoutWorker, left);
}

/** The latest open chats of the workers who were taken out of the team: Twilio sends no event of that. */
async function leftBehind(inbox: Inbox): Promise<ChatRecord[]> {
  const inactive = (await inbox.team()).workers.filter(({ isActive }) => !isActive);
  const chats = new Map<string, ChatRecord>();
  for (const { identity } of inactive) {
    const page = { filter: 'all', before: null, limit: MOST_UNASSIGNED } as const;
    for (const row of (await inbox.chats.listRows(identity, page)).rows) {
      const chat = row.chat.isClosed ? null : await inbox.chats.chat(row.chat.sid);
      if (chat !== null) chats.set(chat.sid, chat);
    }
  }
  return [...chats.values()];
}

/** The conversations of the last day that the index does not have. */
async function findUnknown(inbox: Inbox): Promise<void> {
  const api = inbox.chatApi(null);
  const day = new Date(inbox.now().getTime() - DAY_MS).toISOString().slice(0, 10);
  for await (const conversations of api.createdSince(day)) {
    for (const { sid } of conversations) {
      if ((await inbox.chats.chat(sid)) !== null) continue;
      try {
        await refreshChat(inbox, sid, null);
        const { messages } = await api.messages(sid, NEWEST);
        const changed = await inbox.chats.changeChat(
          sid,
          (chat) => chat && messages.map(indexedMessage).reduce(applyMessage, chat),
        );
        if (changed !== null) await pushChat(inbox, changed);
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw error;
      }
    }
  }
}
