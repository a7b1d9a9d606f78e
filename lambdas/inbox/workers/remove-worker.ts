import type { Inbox } from '../open-inbox';
import type { QueueEvent } from '../queue/queue-event';
import { retryAlone } from '../queue/retry-alone';
import { passOn } from '../routing/pass-on';

/** A chat takes about a second; of a page with more, the rest is done by the next event. */
const MOST_PASSED = 15;
/** After so many chats that routing could give to no colleague, the sweep does the rest. */
const MOST_LEFT = 3;

/**
 * Closes the sockets of a worker who left the team and passes the open chats on, one page of Twilio's list each. Stops
 * if the worker was invited again meanwhile. Chats that no colleague takes stay with the worker, and the sweep tries
 * again.
 */
export async function removeWorker(
  inbox: Inbox,
  { subject, identity, page }: Extract<QueueEvent, { kind: 'worker-removed' }>,
): Promise<void> {
  if ((await inbox.team()).canServe(identity)) return;
  await inbox.push.close(identity);
  // Twilio's list and not the index, which may not have been built for this worker.
  const { conversations, next } = await inbox.chatApi(null).conversationsOf(identity, page);
  let passed = 0;
  let left = 0;
  for (const { conversation_sid, conversation_state } of conversations) {
    if (conversation_state === 'closed') continue;
    const outcome = await tryToPassOn(inbox, conversation_sid, identity);
    if (outcome === 'passed') passed += 1;
    if (outcome === 'left' && inbox.settings.routing === 'service') left += 1;
    if (passed === MOST_PASSED || left === MOST_LEFT) break;
  }
  // The sweep reads the index, which may not know the other chats of this worker.
  if (left === MOST_LEFT) return inbox.enqueue({ kind: 'build', subject, identity, page: null });
  // The worker is out of some chats, so the list has moved up: what follows may be on this page now.
  const following = passed > 0 ? page : next;
  if (passed === 0 && next === null) return;
  await inbox.enqueue({ kind: 'worker-removed', subject, identity, page: following });
}

async function tryToPassOn(inbox: Inbox, sid: string, identity: string): ReturnType<typeof passOn> {
  try {
    return await passOn(inbox, sid, identity);
  } catch (error) {
    await retryAlone(inbox, sid, error);
    return 'done';
  }
}
