import { NotFoundError } from '../errors';
import type { ErrorCode } from './api';

interface Details {
  readonly twilioCode?: number | null;
  readonly retryAfterSeconds?: number | null;
  readonly cause?: unknown;
}

/** A request of the inbox that is not carried out, with a sentence for the worker. */
export class InboxError extends Error {
  override readonly name = 'InboxError';
  readonly twilioCode: number | null;
  readonly retryAfterSeconds: number | null;

  constructor(
    readonly code: ErrorCode,
    readonly userMessage: string,
    { twilioCode = null, retryAfterSeconds = null, cause }: Details = {},
  ) {
    super(`${code}: ${userMessage}`, { cause });
    this.twilioCode = twilioCode;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The same for a chat that does not exist and for another worker's. */
export function chatNotFound(cause?: unknown): InboxError {
  return new InboxError('not-found', 'This chat is not yours any more, or it is gone.', { cause });
}

/** For `catch`: a chat that Twilio does not have. @throws any other error as it is */
export function throwChatNotFound(error: unknown): never {
  throw error instanceof NotFoundError ? chatNotFound(error) : error;
}

export function chatClosed(cause?: unknown): InboxError {
  return new InboxError('chat-closed', 'This chat is closed. Writing again starts a new one.', { cause });
}

/** Another worker, or routing, holds the claim of the chat, and may yet fail. */
export function chatBeingAssigned(): InboxError {
  return new InboxError('in-progress', 'This chat is just being given to a worker. Try again in a moment.', {
    retryAfterSeconds: 2,
  });
}
