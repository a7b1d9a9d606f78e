import { removeWorkerFrom } from '../chats/membership';
import { pushChat } from '../chats/push-chat';
import { refreshChat } from '../chats/refresh-chat';
import { applyLeftBehind, type ChatRecord, presentWorkers } from '../index/chat-record';
import type { Inbox } from '../open-inbox';
import { assignWorker } from './route-chat';

/**
 * Takes a worker who left the team out of a chat, after a colleague is in it.
 * @returns `done` for a chat that the worker is not in, or that is closed; `left` for one that has no colleague yet: the
 * worker stays in it, so that Frontline does not lose it
 * @throws {NotFoundError} if Twilio does not have the conversation any more
 */
export async function passOn(
  inbox: Inbox,
  sid: string,
  identity: string,
): Promise<'passed' | 'done' | 'left'> {
  const known = await inbox.chats.chat(sid);
  const { chat, facts } = await refreshChat(inbox, sid, known?.serviceSid ?? null);
  const own = facts.participants.filter((participant) => participant.identity === identity);
  if (chat.isClosed || own.length === 0) return 'done';
  await assignWorker(inbox, chat);
  const team = await inbox.team();
  const hasColleague = ({ members }: Pick<ChatRecord, 'members'>) =>
    presentWorkers({ members }).some((each) => each !== identity && team.canServe(each));
  // A conversation without a customer is in no list, and needs no worker unless it is Frontline's.
  const needsNone = chat.address === null && inbox.settings.routing === 'service';
  if (!needsNone && !hasColleague((await inbox.chats.chat(sid)) ?? chat)) {
    inbox.request.requestLog.warn('A chat stays with a worker who left, because no colleague could be added');
    await inbox.chats.changeChat(sid, (each) => each && applyLeftBehind(each, true));
    return 'left';
  }
  const api = inbox.chatApi(chat.serviceSid);
  for (const participant of own) await removeWorkerFrom(inbox, api, sid, { ...participant, identity });
  await pushChat(inbox, await refreshChat(inbox, sid, chat.serviceSid));
  return 'passed';
}
