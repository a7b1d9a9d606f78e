/** What a worker reads when there is nothing they could do about it. */
export const TRY_AGAIN = 'Something went wrong on our side. Please try again in a minute.';

interface Details {
  /** A sentence that the worker sees in the app and can act on. */
  readonly forWorker?: string;
  readonly cause?: unknown;
}

abstract class ServiceError extends Error {
  readonly forWorker: string;

  constructor(message: string, { forWorker = TRY_AGAIN, cause }: Details = {}) {
    super(message, { cause });
    this.forWorker = forWorker;
  }
}

/** The request is not provably Twilio's. */
export class NotSigned extends ServiceError {
  override readonly name = 'NotSigned';
}

/** Twilio's request cannot be read: which of its parts is wrong decides the status. */
export class BadRequest extends ServiceError {
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
export class NotFound extends ServiceError {
  override readonly name = 'NotFound';
}

/** The request is understood, and the answer is no: no sender for the channel, a customer who opted out. */
export class NotAllowed extends ServiceError {
  override readonly name = 'NotAllowed';
}

/** A setting, a secret's key, or a table or column of the base is missing or wrong. Somebody has to act. */
export class Misconfigured extends ServiceError {
  override readonly name = 'Misconfigured';

  constructor(
    readonly problems: readonly string[],
    details?: Details,
  ) {
    super(problems.join('; '), details);
  }
}

/** A system that we need does not answer now; the same request may succeed later. */
export class Unavailable extends ServiceError {
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
export class CredentialsRefused extends ServiceError {
  override readonly name = 'CredentialsRefused';

  constructor(
    readonly system: 'Airtable' | 'Twilio',
    message: string,
  ) {
    super(message);
  }
}

/** The other side answered, and not with what its documentation says, or rejected what it should accept. */
export class UpstreamFailed extends ServiceError {
  override readonly name = 'UpstreamFailed';
}

/** Nobody could be added to a conversation: no worker sees it, and it blocks others. Worth an alarm. */
export class ConversationWithoutWorker extends ServiceError {
  override readonly name = 'ConversationWithoutWorker';
}

/** The time in which Twilio still listens is used up. */
export class OutOfTime extends ServiceError {
  override readonly name = 'OutOfTime';
}

export type KnownError =
  | NotSigned
  | BadRequest
  | NotFound
  | NotAllowed
  | Misconfigured
  | Unavailable
  | CredentialsRefused
  | UpstreamFailed
  | ConversationWithoutWorker
  | OutOfTime;

/** What an error says of itself. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function isKnownError(error: unknown): error is KnownError {
  return error instanceof ServiceError;
}
