import { errorMessage, NotFoundError, UpstreamError } from '../../errors';
import type { Inbox } from '../open-inbox';

/**
 * Goes on after a conversation that Twilio does not show, so that it holds up no other of the same event. A failure gets
 * an event of its own, which comes again by itself.
 * @throws the error, if it is not Twilio's
 */
export async function retryAlone(
  { enqueue, request }: Pick<Inbox, 'enqueue' | 'request'>,
  conversationSid: string,
  error: unknown,
): Promise<void> {
  const hasFailed = error instanceof UpstreamError;
  if (!hasFailed && !(error instanceof NotFoundError)) throw error;
  request.requestLog.warn(`${conversationSid}: ${errorMessage(error)}`);
  if (hasFailed) await enqueue({ kind: 'conversation', conversationSid, serviceSid: null });
}
