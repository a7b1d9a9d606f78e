import { errorMessage, NotFoundError } from '../../errors';
import { SERVICE_METRICS } from '../../telemetry/metric-names';
import { changeAndPush } from '../chats/push-chat';
import { refreshChat } from '../chats/refresh-chat';
import { applyLeftBehind } from '../index/chat-record';
import type { ChatRow } from '../index/chat-row';
import { withMessages } from '../messages/read-message';
import type { Inbox } from '../open-inbox';
import { passOn } from './pass-on';
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
  const left = new Set<string>();
  for (const chat of await inbox.chats.unassigned(MOST_UNASSIGNED)) {
    if (!(await succeeds(inbox, () => assignWorker(inbox, chat)))) left.add(chat.sid);
    else if (chat.isLeftBehind)
      await inbox.chats.changeChat(chat.sid, (each) => each && applyLeftBehind(each, false));
  }
  for (const identity of (await inbox.team()).leavers()) {
    await succeeds(inbox, () => inbox.push.close(identity).then(() => true));
    // Also where a colleague is in the chat already: then only the one who left goes.
    for (const { chat } of await latestOpen(inbox, identity)) {
      const isPassedOn = await succeeds(
        inbox,
        async () => (await passOn(inbox, chat.sid, identity)) !== 'left',
      );
      if (!isPassedOn) left.add(chat.sid);
    }
  }
  inbox.request.requestLog.countEvent(SERVICE_METRICS.chatsWithoutWorker, left.size);
}

/** Whether a step of the sweep succeeds. A failure ends this step only. */
async function succeeds(inbox: Inbox, step: () => Promise<boolean>): Promise<boolean> {
  try {
    return await step();
  } catch (error) {
    inbox.request.requestLog.warn(`A chat has no worker yet: ${errorMessage(error)}`);
    return false;
  }
}

/** The latest open chats of a worker who left the team: those that no colleague has taken, and those come since. */
async function latestOpen(inbox: Inbox, identity: string): Promise<readonly ChatRow[]> {
  const page = { filter: 'open', before: null, limit: MOST_UNASSIGNED } as const;
  return (await inbox.chats.listRows(identity, page)).rows;
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
        await changeAndPush(inbox, sid, (chat) => withMessages(chat, messages));
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw error;
      }
    }
  }
}
