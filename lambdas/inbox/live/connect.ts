import type { Inbox } from '../open-inbox';

/**
 * Open connections of one worker, over all tabs and devices. A further one is rejected and not the oldest closed, which
 * would connect again and close the next one, for ever. Its browser still catches up with each attempt.
 */
const MAX_CONNECTIONS = 25;

/** What became of a connection. `ended`: it is known already, or ended before it was noted. */
export type ConnectOutcome = 'connected' | 'invalid-ticket' | 'not-active' | 'too-many' | 'ended';

/** Opens a connection for the owner of a ticket, and uses the ticket up. */
export async function connect(
  connectionId: string,
  ticket: string,
  { connections, workers, now }: Pick<Inbox, 'connections' | 'workers' | 'now'>,
): Promise<ConnectOutcome> {
  const subject = await connections.redeemTicket(ticket, now());
  if (subject === null) return 'invalid-ticket';
  const worker = await workers.find(subject);
  if (!worker?.isActive) return 'not-active';
  const open = await connections.connectionsOf(worker.identity, now());
  if (open.length >= MAX_CONNECTIONS) return 'too-many';
  return (await connections.add(worker.identity, connectionId, now())) ? 'connected' : 'ended';
}
