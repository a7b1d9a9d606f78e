import type { Customer } from '../../customers/customer';
import type { Address } from '../../phone-number/address';
import { knownCustomersAt } from '../customers/customers-at';
import { type ChatRecord, presentWorkers } from '../index/chat-record';
import type { Inbox } from '../open-inbox';
import type { WorkerRecord } from '../store/worker-store';
import type { Team } from '../workers/team';
import { addressOf } from './show-chat';

/**
 * Whether a worker may take a chat: an open one without an active worker, whose customer the worker may see. Every
 * worker may take the chat of a number that no customer has.
 * @param addresses those of all its customers, where they are known; @default the one that the index has
 * @throws {ServiceUnavailableError} if the customers cannot be read, because a colleague's customer would seem to have no owner
 */
export async function mayTake(
  inbox: Inbox,
  worker: WorkerRecord,
  chat: ChatRecord,
  addresses: readonly Address[] = [addressOf(chat) ?? []].flat(),
): Promise<boolean> {
  if (chat.isClosed || addresses.length === 0) return false;
  const team = await inbox.team();
  if (presentWorkers(chat).some((identity) => team.canServe(identity))) return false;
  const customerAt = await knownCustomersAt(addresses, inbox);
  return addresses.every((address) => maySee(customerAt(address), { inbox, worker, team }));
}

function maySee(
  customer: Customer | null,
  { inbox, worker, team }: { readonly inbox: Inbox; readonly worker: WorkerRecord; readonly team: Team },
): boolean {
  if (customer === null || customer.owner === null || customer.owner === worker.identity) return true;
  // Else no worker would see the chat of an owner who left the team.
  return !team.canServe(customer.owner) || inbox.request.configuration.customerVisibility === 'team';
}
