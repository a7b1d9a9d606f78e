import { type ChatRecord, presentWorkers } from '../index/chat-record';
import { type Inbox, knownCustomersAt } from '../open-inbox';
import type { WorkerRecord } from '../store/worker-store';
import { addressOf } from './show-chat';

/**
 * Whether a worker may take a chat: an open one without an active worker, whose customer the worker may see. A number
 * that no customer has is anybody's.
 * @throws {ServiceUnavailableError} if the customers cannot be read: a colleague's customer would pass for nobody's.
 */
export async function mayTake(inbox: Inbox, worker: WorkerRecord, chat: ChatRecord): Promise<boolean> {
  const address = addressOf(chat);
  if (chat.isClosed || address === null) return false;
  const team = await inbox.team();
  if (presentWorkers(chat).some((identity) => team.isActive(identity))) return false;
  const customer = (await knownCustomersAt([address], inbox))(address);
  if (customer === null || customer.owner === null || customer.owner === worker.identity) return true;
  // The owner may have left the team, and then no other worker would see the chat.
  const isOwnerGone = team.find(customer.owner)?.isActive === false;
  return isOwnerGone || inbox.request.configuration.customerVisibility === 'team';
}
