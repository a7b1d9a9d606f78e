import { errorMessage } from '../../errors';
import type { RouteName } from '../api';
import { InboxError } from '../inbox-error';
import type { Inbox } from '../open-inbox';
import type { Budget, RequestCounts } from '../store/request-counter';

/**
 * The most requests of one worker in a minute, over all tabs and devices. Each is about twice what the app asks for on
 * a worker's busiest minute, so that only a loop or a stolen token meets it.
 *
 * - `requests`: skimming 40 chats with the keyboard takes 4 each (chat, messages, read, customer), 5 pages with 40
 *   pictures 205, a minute of typing in the search 60, live events of a chat with 20 messages a minute 40; and each of
 *   5 tabs connects again with 4. Together 485.
 * - `writes`: what sends to customers, or has Twilio or Airtable change something. A person sends 20 to 30 in a minute;
 *   an outbox that was offline holds more, waits and sends the rest in the next minute. `read` is not among them: it
 *   reaches no customer, and the app asks for it with each chat that is looked at.
 * - `tickets`: where sockets are blocked, a tab tries 8 times in the first minute and 3 times a minute after that; and
 *   5 tabs do so at once.
 */
export const LIMITS = { requests: 900, writes: 60, tickets: 40 } as const satisfies Record<
  'requests' | Budget,
  number
>;

const BUDGETS: Readonly<Partial<Record<RouteName, Budget>>> = {
  send: 'writes',
  startChat: 'writes',
  transfer: 'writes',
  close: 'writes',
  take: 'writes',
  addCustomer: 'writes',
  liveTicket: 'tickets',
};

/**
 * Counts a request of a worker. Never fails: while requests cannot be counted, none is throttled.
 * @returns the error to reject the request with; null within the limits
 */
export async function limitRequests(
  inbox: Pick<Inbox, 'request' | 'requestCounter' | 'now'>,
  subject: string,
  route: RouteName,
): Promise<InboxError | null> {
  const budget = BUDGETS[route] ?? null;
  try {
    const counts = await inbox.requestCounter().count(subject, budget, inbox.now());
    return isOver(counts, budget) ? throttled(counts) : null;
  } catch (error) {
    inbox.request.requestLog.warn(`A request was not counted: ${errorMessage(error)}`);
    return null;
  }
}

function isOver(counts: RequestCounts, budget: Budget | null): boolean {
  return counts.requests > LIMITS.requests || (budget !== null && counts[budget] > LIMITS[budget]);
}

function throttled({ secondsLeft }: RequestCounts): InboxError {
  return new InboxError('throttled', 'Too much at once, so nothing was done. Please wait a minute.', {
    retryAfterSeconds: secondsLeft,
  });
}
