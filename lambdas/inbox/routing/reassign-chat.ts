import { removeWorkerFrom } from '../chats/membership';
import { pushChat } from '../chats/push-chat';
import { refreshChat } from '../chats/refresh-chat';
import { presentWorkers } from '../index/chat-record';
import type { Inbox } from '../open-inbox';
import { assignWorker } from './route-chat';

/**
 * Gives a chat of a worker who left the team to a colleague, and takes the worker out of it after that.
 * @returns `not-needed` for a chat that the worker is not in, or that is closed; `kept` for one that no colleague could
 * be added to: the worker stays in it, so that Frontline does not lose it
 * @throws {NotFoundError} if Twilio does not have the conversation any more
 */
export async function reassignChat(
  inbox: Inbox,
  sid: string,
  identity: string,
): Promise<'reassigned' | 'not-needed' | 'kept'> {
  const known = await inbox.chats.chat(sid);
  const { chat, facts } = await refreshChat(inbox, sid, known?.serviceSid ?? null);
  const own = facts.participants.filter((participant) => participant.identity === identity);
  if (chat.isClosed || own.length === 0) return 'not-needed';
  await assignWorker(inbox, chat);
  const team = await inbox.team();
  const { members } = (await inbox.chats.chat(sid)) ?? chat;
  const hasColleague = presentWorkers({ members }).some((each) => each !== identity && team.canServe(each));
  // A conversation without a customer is in no list, and needs no worker unless it is Frontline's.
  const needsNone = chat.address === null && inbox.settings.routing === 'service';
  if (!needsNone && !hasColleague) {
    inbox.request.requestLog.warn('A chat stays with a worker who left, because no colleague could be added');
    return 'kept';
  }
  const api = inbox.chatApi(chat.serviceSid);
  for (const participant of own) await removeWorkerFrom(inbox, api, sid, { ...participant, identity });
  await pushChat(inbox, await refreshChat(inbox, sid, chat.serviceSid));
  return 'reassigned';
}
