import type { Clock } from '../http-client/clock';
import type { NoReplyError, Reply } from '../http-client/fetch-reply';
import { limiterOf, type RateLimiter } from '../http-client/rate-limiter';
import {
  hasTransientStatus,
  isReply,
  type RepeatableRequest,
  type RetryPolicy,
  sendRepeatedly,
} from '../http-client/retry';
import { CALLBACK_POLICY, type CallContext, send } from '../http-client/send';
import { isQuotaUsedUp, isUndone, PENALTY_SECONDS, ThrottledError } from './airtable-errors';

/** How requests get to Airtable: with how much patience, and at which rate. Gives the last outcome. */
export type AirtableTransport = (request: RepeatableRequest) => Promise<Reply | NoReplyError>;

export interface PatientOptions {
  readonly limiter: RateLimiter;
  /** How long nothing is sent after a 429 that does not say it itself. @default 30, as Airtable has it */
  readonly penaltySeconds?: number;
  /** Ends at once all that is under way, with its reason. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock;
  /** Is told of each attempt, counted from 1, and what it brought. */
  readonly onOutcome?: (outcome: Reply | NoReplyError, attempt: number) => void;
  /** Is told of each wait for Airtable, and why. */
  readonly onWait?: (seconds: number, reason: string) => void;
}

/** A batch of ten, or a table to be created, may take Airtable its time. */
const PATIENT_ATTEMPT_MS = 30_000;
/** Throttled more often than this, the base is used up by others. */
const THROTTLED_TIMES = 10;

/** For work that may take minutes, as sync and the command line do: waits throttling out, and sits out short outages. */
export function patientTransport(options: PatientOptions): AirtableTransport {
  const { penaltySeconds = PENALTY_SECONDS, onWait, ...others } = options;
  const policy: RetryPolicy = {
    attemptMilliseconds: PATIENT_ATTEMPT_MS,
    waitsMilliseconds: [500, 1_000, 2_000],
    spread: 1,
    isFailure: (reply) => hasTransientStatus(reply) && !isQuotaUsedUp(reply),
    isUndone,
    throttling: {
      isThrottled: (reply) => reply.status === 429 && !isQuotaUsedUp(reply),
      waitMilliseconds: ({ retryAfterSeconds }) => (retryAfterSeconds ?? penaltySeconds) * 1_000,
      longestWaitMilliseconds: Number.POSITIVE_INFINITY,
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

/** A 429 is not repeated: within a callback Airtable's half minute cannot be waited out. */
const WITHIN_CALLBACK: RetryPolicy = {
  ...CALLBACK_POLICY,
  isFailure: (reply) => reply.status !== 429 && hasTransientStatus(reply),
  isUndone,
};

/**
 * For a change that a worker waits for. After a 429 this container sends Airtable nothing until the penalty is over,
 * because requests meanwhile fail, and may prolong it.
 * @param baseAddress what the penalty is about
 */
export function callbackTransport(
  errand: CallContext,
  baseAddress: string,
  limiter: RateLimiter = limiterOf(baseAddress),
): AirtableTransport {
  return async (request) => {
    const held = Math.ceil(limiter.heldMilliseconds / 1_000);
    if (held > 0) throw new ThrottledError(held);
    const outcome = await send({ ...request, system: 'Airtable' }, WITHIN_CALLBACK, errand);
    if (isReply(outcome) && outcome.status === 429) {
      limiter.hold((outcome.retryAfterSeconds ?? PENALTY_SECONDS) * 1_000);
    }
    return outcome;
  };
}

function reasonToWait(outcome: Reply | NoReplyError): string {
  if (!isReply(outcome)) return outcome.message;
  return outcome.status === 429
    ? 'Airtable had more than 5 requests a second for this base'
    : `Airtable answers ${outcome.status}`;
}
