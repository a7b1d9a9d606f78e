import type { Inbox } from '../open-inbox';
import type { QueueEvent } from '../queue/queue-event';
import { retryAlone } from '../queue/retry-alone';
import { reassignChat } from '../routing/reassign-chat';

/** A chat takes about a second; of a page with more, the rest is done by the next event. */
const MAX_REASSIGNED_CHATS = 15;
/** After so many chats that routing could give to no colleague, the sweep does the rest. */
const MAX_KEPT_CHATS = 3;

/**
 * Closes the sockets of a worker who left the team and reassigns the open chats, one page of Twilio's list each. Stops
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
  let reassigned = 0;
  let kept = 0;
  for (const { conversation_sid, conversation_state } of conversations) {
    if (conversation_state === 'closed') continue;
    const outcome = await tryToReassign(inbox, conversation_sid, identity);
    if (outcome === 'reassigned') reassigned += 1;
    if (outcome === 'kept' && inbox.settings.routing === 'service') kept += 1;
    if (reassigned === MAX_REASSIGNED_CHATS || kept === MAX_KEPT_CHATS) break;
  }
  // The sweep reads the index, which may not know the other chats of this worker.
  if (kept === MAX_KEPT_CHATS) return inbox.enqueue({ kind: 'build', subject, identity, page: null });
  // The worker is out of some chats, so the list has moved up: what follows may be on this page now.
  const following = reassigned > 0 ? page : next;
  if (reassigned === 0 && next === null) return;
  await inbox.enqueue({ kind: 'worker-removed', subject, identity, page: following });
}

async function tryToReassign(inbox: Inbox, sid: string, identity: string): ReturnType<typeof reassignChat> {
  try {
    return await reassignChat(inbox, sid, identity);
  } catch (error) {
    await retryAlone(inbox, { kind: 'conversation', conversationSid: sid, serviceSid: null }, error);
    return 'not-needed';
  }
}
