/** Shown to a worker who can do nothing about the error. */
export const TRY_AGAIN = 'Something went wrong on our side. Please try again in a minute.';

interface Details {
  /** A sentence for the worker, shown in the app, that says what they can do. */
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

/** The request is not proven to come from Twilio. */
export class InvalidSignatureError extends ServiceError {
  override readonly name = 'NotSigned';
}

/** The request cannot be parsed or validated; the part that is wrong decides the status. */
export class BadRequestError extends ServiceError {
  override readonly name = 'BadRequest';

  constructor(
    readonly fault: 'parameter' | 'body' | 'too-large' | 'not-a-form' | 'unknown-endpoint',
    message: string,
    details?: Details,
  ) {
    super(message, details);
  }
}

/** The requested thing does not exist, or this worker may not access it. */
export class NotFoundError extends ServiceError {
  override readonly name = 'NotFound';
}

/** The request is valid but not allowed: the channel has no sender, the customer opted out. */
export class ForbiddenError extends ServiceError {
  override readonly name = 'NotAllowed';
}

/** A setting, a secret's key, or a table or column of the base is missing or wrong. An administrator has to fix it. */
export class ConfigurationError extends ServiceError {
  override readonly name = 'Misconfigured';

  constructor(
    readonly problems: readonly string[],
    details?: Details,
  ) {
    super(problems.join('; '), details);
  }
}

/** A system that the service depends on does not respond now; the same request may succeed later. */
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

/** The credentials in use are rejected: rotated or revoked since they were fetched. */
export class CredentialsRejectedError extends ServiceError {
  override readonly name = 'CredentialsRefused';

  constructor(
    readonly system: 'Airtable' | 'Twilio',
    message: string,
  ) {
    super(message);
  }
}

/** An upstream system returned something undocumented, or rejected a request that it should accept. */
export class UpstreamError extends ServiceError {
  override readonly name = 'UpstreamFailed';
}

/** No worker could be added to a conversation: no worker sees it, and it blocks others. Worth an alarm. */
export class ConversationWithoutWorkerError extends ServiceError {
  override readonly name = 'ConversationWithoutWorker';
}

/** The time that Twilio waits for a response is used up. */
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
  | ConversationWithoutWorkerError
  | DeadlineExceededError;

/** The message of an error, or of any thrown value. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function isKnownError(error: unknown): error is KnownError {
  return error instanceof ServiceError;
}

/** The system's code of an error, such as ENOENT; undefined if it has none. */
export function errorCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
