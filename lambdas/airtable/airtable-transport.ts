import type { NoResponseError, Reply } from '../http-client/fetch-reply';
import { type Clock, limiterOf, type RateLimiter } from '../http-client/rate-limiter';
import {
  hasTransientStatus,
  isReply,
  type RepeatableRequest,
  type RetryPolicy,
  sendRepeatedly,
} from '../http-client/retry';
import { CALLBACK_POLICY, type CallContext, send } from '../http-client/send';
import {
  isQuotaExceeded,
  isUndone,
  PENALTY_SECONDS,
  RATE_LIMIT_EXCEEDED,
  ThrottledError,
} from './airtable-errors';

/** How requests are sent to Airtable: retries and rate. Returns the last outcome. */
export type AirtableTransport = (request: RepeatableRequest) => Promise<Reply | NoResponseError>;

export interface PatientOptions {
  readonly limiter: RateLimiter;
  /** Pause after a 429 without `Retry-After`. @default 30, Airtable's own penalty */
  readonly penaltySeconds?: number;
  /** Aborts everything in progress, with its reason. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock;
  /** Called after each attempt, counted from 1, with its outcome. */
  readonly onOutcome?: (outcome: Reply | NoResponseError, attempt: number) => void;
  /** Called before each wait for Airtable, with the reason. */
  readonly onWait?: (seconds: number, reason: string) => void;
}

/** A batch of ten records, or creating a table, may take Airtable this long. */
const PATIENT_ATTEMPT_MS = 30_000;
/** Throttled more often than this, the base is overloaded by other clients. */
const THROTTLED_TIMES = 10;

/** For work that may take minutes, such as sync and the CLI: waits out throttling and short outages. */
export function patientTransport(options: PatientOptions): AirtableTransport {
  const { penaltySeconds = PENALTY_SECONDS, onWait, ...others } = options;
  const policy: RetryPolicy = {
    attemptMilliseconds: PATIENT_ATTEMPT_MS,
    waitsMilliseconds: [500, 1_000, 2_000],
    spread: 1,
    isFailure: (reply) => hasTransientStatus(reply) && !isQuotaExceeded(reply),
    isUndone,
    throttling: {
      isThrottled: (reply) => reply.status === 429 && !isQuotaExceeded(reply),
      waitMilliseconds: ({ retryAfterSeconds }) => (retryAfterSeconds ?? penaltySeconds) * 1_000,
      maxWaitMilliseconds: Number.POSITIVE_INFINITY,
      times: THROTTLED_TIMES,
    },
  };
  return (request) =>
    sendRepeatedly(request, {
      ...others,
      policy,
      onWait: (milliseconds, outcome) => onWait?.(milliseconds / 1_000, reasonToWait(outcome)),
    });
}

/** A 429 is not retried: a callback has no time for Airtable's 30 s penalty. */
export const WITHIN_CALLBACK: RetryPolicy = {
  ...CALLBACK_POLICY,
  isFailure: (reply) => reply.status !== 429 && hasTransientStatus(reply),
  isUndone,
};

/**
 * For a change that a worker waits for. After a 429 this container sends nothing to Airtable until the penalty is over,
 * because requests fail until then, and may prolong it.
 * @param baseAddress the base that the penalty applies to
 */
export function callbackTransport(
  context: CallContext,
  baseAddress: string,
  limiter: RateLimiter = limiterOf(baseAddress),
  policy: RetryPolicy = WITHIN_CALLBACK,
): AirtableTransport {
  return async (request) => {
    const held = Math.ceil(limiter.heldMilliseconds / 1_000);
    if (held > 0) throw new ThrottledError(held);
    const outcome = await send({ ...request, system: 'Airtable' }, policy, context);
    if (isReply(outcome) && outcome.status === 429) {
      limiter.hold((outcome.retryAfterSeconds ?? PENALTY_SECONDS) * 1_000);
    }
    return outcome;
  };
}

function reasonToWait(outcome: Reply | NoResponseError): string {
  if (!isReply(outcome)) return outcome.message;
  return outcome.status === 429 ? RATE_LIMIT_EXCEEDED : `Airtable returned ${outcome.status}`;
}
