import { errorMessage, NotFoundError, UpstreamError } from '../../errors';
import type { Inbox } from '../open-inbox';
import type { QueueEvent } from './queue-event';

/** With less time than this, the error may only say that the time is over. */
const LEAST_MS = 1_000;

/**
 * Goes on after a conversation that Twilio does not show, so that it holds up no other of the same event.
 * @param alone the event that does the conversation's part again. It comes again by itself
 * @throws the error, if it is not Twilio's or came at the end of the time: then the whole event comes again
 */
export async function retryAlone(
  { enqueue, request }: Pick<Inbox, 'enqueue' | 'request'>,
  alone: Extract<QueueEvent, { conversationSid: string }>,
  error: unknown,
): Promise<void> {
  const hasFailed = error instanceof UpstreamError;
  if (!hasFailed && !(error instanceof NotFoundError)) throw error;
  if (hasFailed && request.deadline.remainingMilliseconds < LEAST_MS) throw error;
  request.requestLog.warn(`${alone.conversationSid}: ${errorMessage(error)}`);
  if (hasFailed) await enqueue(alone);
}
