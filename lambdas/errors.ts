/** What a worker reads when there is nothing they could do about it. */
export const TRY_AGAIN = 'Something went wrong on our side. Please try again in a minute.';

interface Details {
  /** A sentence that the worker sees in the app and can act on. */
  readonly userMessage?: string;
  readonly cause?: unknown;
}

abstract class ServiceError extends Error {
  readonly userMessage: string;

  constructor(message: string, { userMessage = TRY_AGAIN, cause }: Details = {}) {
    super(message, { cause });
    this.userMessage = userMessage;
  }
}

/** The request is not provably Twilio's. */
export class InvalidSignatureError extends ServiceError {
  override readonly name = 'NotSigned';
}

/** Twilio's request cannot be read: which of its parts is wrong decides the status. */
export class BadRequestError extends ServiceError {
  override readonly name = 'BadRequest';

  constructor(
    readonly fault: 'parameter' | 'body' | 'too-large' | 'not-a-form' | 'unknown-question',
    message: string,
    details?: Details,
  ) {
    super(message, details);
  }
}

/** What was asked for is not there, or not this worker's to touch. */
export class NotFoundError extends ServiceError {
  override readonly name = 'NotFound';
}

/** The request is understood, and the answer is no: no sender for the channel, a customer who opted out. */
export class ForbiddenError extends ServiceError {
  override readonly name = 'NotAllowed';
}

/** A setting, a secret's key, or a table or column of the base is missing or wrong. Somebody has to act. */
export class ConfigurationError extends ServiceError {
  override readonly name = 'Misconfigured';

  constructor(
    readonly problems: readonly string[],
    details?: Details,
  ) {
    super(problems.join('; '), details);
  }
}

/** A system that we need does not answer now; the same request may succeed later. */
export class ServiceUnavailableError extends ServiceError {
  override readonly name = 'Unavailable';

  constructor(
    message: string,
    readonly retryAfterSeconds: number,
    details?: Details,
  ) {
    super(message, details);
  }
}

/** The credentials that we hold are no longer taken: rotated or revoked since they were fetched. */
export class CredentialsRejectedError extends ServiceError {
  override readonly name = 'CredentialsRefused';

  constructor(
    readonly system: 'Airtable' | 'Twilio',
    message: string,
  ) {
    super(message);
  }
}

/** The other side answered, and not with what its documentation says, or rejected what it should accept. */
export class UpstreamError extends ServiceError {
  override readonly name = 'UpstreamFailed';
}

/** Nobody could be added to a conversation: no worker sees it, and it blocks others. Worth an alarm. */
export class ConversationWithoutWorker extends ServiceError {
  override readonly name = 'ConversationWithoutWorker';
}

/** The time in which Twilio still listens is used up. */
export class DeadlineExceededError extends ServiceError {
  override readonly name = 'OutOfTime';
}

export type KnownError =
  | InvalidSignatureError
  | BadRequestError
  | NotFoundError
  | ForbiddenError
  | ConfigurationError
  | ServiceUnavailableError
  | CredentialsRejectedError
  | UpstreamError
  | ConversationWithoutWorker
  | DeadlineExceededError;

/** What an error says of itself. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function isKnownError(error: unknown): error is KnownError {
  return error instanceof ServiceError;
}
