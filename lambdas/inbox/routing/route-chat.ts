import { randomUUID } from 'node:crypto';
import { routeConversation } from '../../conversation/route-conversation';
import { ConversationWithoutWorkerError, NotFoundError } from '../../errors';
import { openCustomerRepository } from '../../request/open-customer-repository';
import { SERVICE_METRICS } from '../../telemetry/metric-names';
import { type AddAttempt, openConversation } from '../../twilio/conversation';
import { ONCE_POLICY } from '../../twilio/twilio-client';
import { pushChat } from '../chats/push-chat';
import { addressesIn, refreshChat } from '../chats/refresh-chat';
import { addressOf } from '../chats/show-chat';
import { applyLeftBehind, type ChatRecord, presentWorkers } from '../index/chat-record';
import type { Inbox } from '../open-inbox';
import type { Team } from '../workers/team';

const LOOK_MS = 1_500;
/** Time for one chat, of the batch's. */
const ASSIGN_MS = 10_000;
const NOT_IN_TEAM: AddAttempt = {
  outcome: 'rejected',
  reason: 'no active worker of the inbox has exactly this identity (npx frontline inbox list)',
};

/** Whether the chat has a worker who sees it. */
function isServed(team: Team, chat: ChatRecord): boolean {
  return presentWorkers(chat).some((identity) => team.canServe(identity));
}

/**
 * Gives a chat without an active worker one, by the rules of Frontline's routing callback, which is not called here.
 * One claim for each chat, so that three events of a new chat do not give it three workers. Adds none if Frontline
 * routes. A chat that gets none waits to be taken.
 * @returns whether the chat has a worker, or needs none
 */
export async function assignWorker(inbox: Inbox, chat: ChatRecord): Promise<boolean> {
  const team = await inbox.team();
  if (chat.isClosed || addressOf(chat) === null || isServed(team, chat)) return true;
  if (inbox.settings.routing === 'service' && (await assignUnderClaim(inbox, chat))) return true;
  await markLeftBehind(inbox, (await inbox.chats.chat(chat.sid)) ?? chat);
  return false;
}

/** Lets a chat wait to be taken if the only workers in it cannot serve it. */
export async function markLeftBehind(inbox: Inbox, chat: ChatRecord): Promise<void> {
  const team = await inbox.team();
  const isLeftBehind = (each: ChatRecord) => presentWorkers(each).length > 0 && !isServed(team, each);
  if (chat.isClosed || chat.isLeftBehind || !isLeftBehind(chat)) return;
  await inbox.chats.changeChat(chat.sid, (each) =>
    each !== null && isLeftBehind(each) ? applyLeftBehind(each, true) : each,
  );
}

async function assignUnderClaim(inbox: Inbox, chat: ChatRecord): Promise<boolean> {
  const outcome = await inbox.assignments.hold(chat.sid, randomUUID(), inbox.now(), () =>
    assign(inbox, chat),
  );
  // The holder of the claim does it; if that fails, the sweep finds the chat.
  return outcome === 'taken' || outcome;
}

async function assign(inbox: Inbox, { sid, serviceSid }: ChatRecord): Promise<boolean> {
  // Under the claim, because another event may have done it meanwhile.
  const { chat, facts } = await refreshChat(inbox, sid, serviceSid);
  const address = addressOf(chat);
  const team = await inbox.team();
  if (chat.isClosed || address === null || isServed(team, chat)) return true;
  const { request } = inbox;
  if (!team.hasActive) {
    request.requestLog.warn(`${sid}: the inbox has no active worker (npx frontline inbox list)`);
    request.requestLog.countEvent(SERVICE_METRICS.conversationsWithoutWorker);
    return false;
  }
  const deadline = request.deadline.within(ASSIGN_MS);
  const look = () => ({ ...request, deadline: deadline.within(LOOK_MS) });
  const serving = (identities: readonly string[]) => identities.filter((identity) => team.canServe(identity));
  const conversation = openConversation({ ...request, deadline }, sid, chat.serviceSid);
  try {
    // In a group message, the owner of any customer comes before the default workers.
    await routeConversation(sid, [address, ...addressesIn(facts)], {
      openRepository: () => openCustomerRepository(look()),
      defaultWorkers: request.configuration.defaultWorkers,
      openAvailability: () => async (identity) => team.availabilityOf(identity),
      workersPresentQuickly: async () =>
        serving(await openConversation(look(), sid, chat.serviceSid).workers()),
      workersPresent: async () => serving(await conversation.workers(ONCE_POLICY)),
      // Twilio would accept any identity, and the chat would count as one that has a worker.
      tryToAdd: async (identity) =>
        team.canServe(identity) ? conversation.tryToAddWorker(identity) : NOT_IN_TEAM,
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
  return isServed(team, changed.chat);
}
