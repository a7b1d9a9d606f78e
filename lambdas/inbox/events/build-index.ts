import { forEachAtOnce } from '../../concurrency/at-once';
import { pushChat } from '../chats/push-chat';
import { refreshChat } from '../chats/refresh-chat';
import { readNewest } from '../messages/read-newest';
import type { Inbox } from '../open-inbox';
import type { QueueEvent } from '../queue/queue-event';
import { retryAlone } from '../queue/retry-alone';
import { CLOSED_KEPT_DAYS } from '../store/inbox-items';

/** Twilio throttles by concurrent requests, and each conversation takes three. */
const AT_ONCE = 3;
const DAY_MS = 24 * 60 * 60_000;

/** Takes one page of a worker's conversations into the index, and asks for the next page to be built. */
export async function buildIndex(
  inbox: Inbox,
  { subject, identity, page }: Extract<QueueEvent, { kind: 'build' }>,
): Promise<void> {
  const { conversations, next } = await inbox.chatApi(null).conversationsOf(identity, page);
  // Of closed chats those that would have left the index already are not taken in.
  const from = inbox.now().getTime() - CLOSED_KEPT_DAYS * DAY_MS;
  const wanted = conversations.filter(
    ({ conversation_state, date_updated }) =>
      conversation_state !== 'closed' || !(Date.parse(date_updated) < from),
  );
  await forEachAtOnce(wanted, AT_ONCE, async ({ conversation_sid, last_read_message_index }) => {
    const chat = {
      identity,
      conversationSid: conversation_sid,
      serviceSid: null,
      readIndex: last_read_message_index,
    };
    try {
      await buildChat(inbox, chat);
    } catch (error) {
      await retryAlone(inbox, { kind: 'build-chat', ...chat }, error);
    }
  });
  if (next !== null) {
    await inbox.enqueue({ kind: 'build', subject, identity, page: next });
    return;
  }
  // The index of a worker who left is built for the sweep. After another invitation it may be out of date.
  if ((await inbox.team()).canServe(identity)) await inbox.workers.setIndexed(subject);
}

/** Takes one conversation of a worker into the index. */
export async function buildChat(
  inbox: Inbox,
  {
    identity,
    conversationSid: sid,
    serviceSid,
    readIndex,
  }: Omit<Extract<QueueEvent, { kind: 'build-chat' }>, 'kind'>,
): Promise<void> {
  const { chat } = await refreshChat(inbox, sid, serviceSid);
  const changed = await readNewest(inbox, chat);
  if (readIndex !== null) await inbox.chats.read(identity, sid, readIndex);
  if (changed === null) return;
  const row = await inbox.chats.row(identity, sid);
  if (row !== null) await pushChat(inbox, { chat: changed.chat, rows: [{ row, isChanged: true }] });
}
