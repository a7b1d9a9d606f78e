import { errorMessage } from '../../errors';
import type { Colleague, LiveTicket, Session, Worker } from '../api';
import { teamChannels } from '../customers/customers';
import { InboxError } from '../inbox-error';
import type { Inbox } from '../open-inbox';
import type { WorkerRecord } from '../store/worker-store';

/** The worker's session. The first sign-in starts the building of the worker's index. */
export async function openSession(inbox: Inbox, worker: WorkerRecord): Promise<Session> {
  if (!worker.isIndexed) await startBuilding(inbox, worker);
  return {
    worker: shownWorker(worker),
    channels: teamChannels(inbox),
    serverTime: inbox.now().toISOString(),
  };
}

export async function setAvailability(
  inbox: Inbox,
  worker: WorkerRecord,
  isAvailable: boolean,
): Promise<Worker> {
  const changed = await inbox.workers.setAvailable(worker.subject, isAvailable);
  const shown = shownWorker(changed ?? worker);
  await inbox.push.send(worker.identity, [{ kind: 'worker', worker: shown }]);
  return shown;
}

/** The active colleagues, by name. */
export async function listColleagues(
  inbox: Inbox,
  worker: WorkerRecord,
): Promise<{ readonly colleagues: Colleague[] }> {
  const { workers } = await inbox.team();
  const colleagues = workers.filter(({ isActive, identity }) => isActive && identity !== worker.identity);
  return { colleagues: colleagues.map(shownWorker) };
}

/** A ticket for one connection: a browser cannot send a token with it, and an address is logged. */
export async function issueLiveTicket(inbox: Inbox, worker: WorkerRecord): Promise<LiveTicket> {
  const { ticket, expiresAt } = await inbox.connections.issueTicket(worker.subject, inbox.now());
  return {
    url: `${inbox.settings.liveUrl}?ticket=${encodeURIComponent(ticket)}`,
    expiresAt: expiresAt.toISOString(),
  };
}

/** The worker of a subject. @throws {InboxError} for none, and for one who is not active */
export function requireActive(worker: WorkerRecord | null): WorkerRecord {
  if (worker?.isActive) return worker;
  throw new InboxError('not-active', 'You have no access to the inbox. Please ask your administrator.');
}

async function startBuilding(inbox: Inbox, { subject, identity }: WorkerRecord): Promise<void> {
  try {
    if (!(await inbox.workers.claimBuilding(subject, inbox.now()))) return;
    await inbox.enqueue({ kind: 'build', subject, identity, page: null });
  } catch (error) {
    inbox.request.requestLog.warn(`The index is built with the next sign-in: ${errorMessage(error)}`);
  }
}

function shownWorker({ identity, name, isAvailable }: WorkerRecord): Worker {
  return { identity, name, isAvailable };
}
