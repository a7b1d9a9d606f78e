import { randomUUID } from 'node:crypto';
import { errorMessage, NotFoundError } from '../../errors';
import type { ChatApi } from '../../twilio/chat-api';
import { ConversationClosedError } from '../../twilio/conversation-requests';
import { TwilioApiError } from '../../twilio/twilio-client';
import { chatBeingAssigned, chatClosed, chatNotFound, InboxError } from '../inbox-error';
import { applyParticipants } from '../index/chat-record';
import type { Inbox } from '../open-inbox';
import type { WorkerRecord } from '../store/worker-store';
import { ownRow, removeWorkerFrom, requireMembership } from './membership';
import { changeAndPush } from './push-chat';
import { participantFacts } from './refresh-chat';

/**
 * Hands a chat to a colleague, who is added before the worker leaves, so that it is never without one. Under the claim
 * of routing: of two transfers at once, by two tabs or a tab and a phone, one hands the chat on.
 */
export async function transferChat(
  inbox: Inbox,
  worker: WorkerRecord,
  sid: string,
  to: string,
): Promise<Record<string, never>> {
  await ownRow(inbox, worker.identity, sid);
  const colleague = (await inbox.team()).find(to);
  if (colleague === null || !colleague.isActive || to === worker.identity) {
    throw new InboxError('not-allowed', 'This colleague cannot take chats. Please choose another one.');
  }
  const outcome = await inbox.assignments.hold(sid, randomUUID(), inbox.now(), () =>
    handOver(inbox, worker, sid, colleague),
  );
  if (outcome === 'taken') throw chatBeingAssigned();
  return {};
}

async function handOver(
  inbox: Inbox,
  worker: WorkerRecord,
  sid: string,
  colleague: WorkerRecord,
): Promise<void> {
  const { row, api, participantSid } = await requireMembership(inbox, worker.identity, sid);
  if (row.chat.isClosed) throw chatClosed();
  await api.addWorker(sid, colleague.identity).catch((error: unknown) => {
    if (error instanceof ConversationClosedError) throw chatClosed(error);
    if (error instanceof NotFoundError) throw chatNotFound(error);
    if (!(error instanceof TwilioApiError)) throw error;
    throw new InboxError('refused', `${colleague.name} cannot take this chat. It is still yours.`, {
      twilioCode: error.code,
      cause: error,
    });
  });
  try {
    await removeWorkerFrom(inbox, api, sid, { sid: participantSid, identity: worker.identity });
  } catch (error) {
    await showParticipants(inbox, sid, api);
    throw new InboxError('unavailable', `${colleague.name} is in the chat now, and so are you. Try again.`, {
      retryAfterSeconds: 5,
      cause: error,
    });
  }
  await showParticipants(inbox, sid, api);
}

/** Reads the participants again, because a worker may have been added or removed meanwhile, and tells all workers. */
async function showParticipants(inbox: Inbox, sid: string, api: ChatApi): Promise<void> {
  try {
    const readAt = inbox.now().toISOString();
    const participants = participantFacts(await api.participants(sid));
    await changeAndPush(inbox, sid, (chat) => applyParticipants(chat, { participants, readAt }));
  } catch (error) {
    inbox.request.requestLog.warn(`The index has not learned who is in a chat: ${errorMessage(error)}`);
  }
}
