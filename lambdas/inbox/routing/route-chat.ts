import { randomUUID } from 'node:crypto';
import { routeConversation } from '../../conversation/route-conversation';
import { ConversationWithoutWorkerError, NotFoundError } from '../../errors';
import { openCustomerRepository } from '../../request/open-customer-repository';
import { SERVICE_METRICS } from '../../telemetry/metric-names';
import { openConversation } from '../../twilio/conversation';
import { ONCE_POLICY } from '../../twilio/twilio-client';
import { pushChat } from '../chats/push-chat';
import { addressesIn, refreshChat } from '../chats/refresh-chat';
import { addressOf } from '../chats/show-chat';
import { type ChatRecord, presentWorkers } from '../index/chat-record';
import type { Inbox } from '../open-inbox';

const LOOK_MS = 1_500;
/** Time for one chat, of the batch's. */
const ASSIGN_MS = 10_000;

/** Whether the chat has a worker who is active. */
async function hasActiveWorker(inbox: Inbox, chat: ChatRecord): Promise<boolean> {
  const team = await inbox.team();
  return presentWorkers(chat).some((identity) => team.isActive(identity));
}

/**
 * Gives a chat without an active worker one, by the rules of Frontline's routing callback, which is not called here.
 * One claim for each chat, so that three events of a new chat do not give it three workers. Does nothing if Frontline
 * routes.
 * @returns whether the chat has a worker, or needs none
 */
export async function assignWorker(inbox: Inbox, chat: ChatRecord): Promise<boolean> {
  if (chat.isClosed || addressOf(chat) === null || (await hasActiveWorker(inbox, chat))) return true;
  if (inbox.settings.routing === 'frontline') return false;
  const outcome = await inbox.assignments.hold(chat.sid, randomUUID(), inbox.now(), () =>
    assign(inbox, chat.sid),
  );
  // The holder of the claim does it; if that fails, the sweep finds the chat.
  return outcome === 'taken' || outcome;
}

async function assign(inbox: Inbox, sid: string): Promise<boolean> {
  // Under the claim, because another event may have done it meanwhile.
  const { chat, facts } = await refreshChat(inbox, sid, null);
  const address = addressOf(chat);
  if (chat.isClosed || address === null || (await hasActiveWorker(inbox, chat))) return true;
  const { request } = inbox;
  const team = await inbox.team();
  const deadline = request.deadline.within(ASSIGN_MS);
  const look = () => ({ ...request, deadline: deadline.within(LOOK_MS) });
  const active = (identities: readonly string[]) => identities.filter((identity) => team.isActive(identity));
  const conversation = openConversation({ ...request, deadline }, sid, chat.serviceSid);
  try {
    // In a group message, the owner of any customer comes before the default workers.
    await routeConversation(sid, [address, ...addressesIn(facts)], {
      openRepository: () => openCustomerRepository(look()),
      defaultWorkers: request.configuration.defaultWorkers,
      openAvailability: () => async (identity) => team.availabilityOf(identity),
      workersPresentQuickly: async () =>
        active(await openConversation(look(), sid, chat.serviceSid).workers()),
      workersPresent: async () => active(await conversation.workers(ONCE_POLICY)),
      tryToAdd: (identity) => conversation.tryToAddWorker(identity),
      deadline,
      requestLog: request.requestLog,
    });
  } catch (error) {
    if (error instanceof NotFoundError) return true;
    if (!(error instanceof ConversationWithoutWorkerError)) throw error;
    request.requestLog.warn(error.message);
    request.requestLog.countEvent(SERVICE_METRICS.conversationsWithoutWorker);
    return false;
  }
  const changed = await refreshChat(inbox, sid, chat.serviceSid);
  await pushChat(inbox, changed);
  return hasActiveWorker(inbox, changed.chat);
}
