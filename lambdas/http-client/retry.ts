import type { Deadline } from './deadline';
import { fetchReply, type HttpRequest, NoResponseError, type Reply, ReplyTooLargeError } from './fetch-reply';
import { type Clock, type RateLimiter, systemClock } from './rate-limiter';

/** When and how often a request is retried. */
export interface RetryPolicy {
  /** Timeout of one attempt. */
  readonly attemptMilliseconds: number;
  /** Waits before each retry after a failure; their number is the number of retries. */
  readonly waitsMilliseconds: readonly number[];
  /** A wait is multiplied by a random factor between 1 and this, so that clients do not retry at the same time. */
  readonly spread: number;
  /** Whether another attempt may give a better response. */
  readonly isFailure: (reply: Reply) => boolean;
  /** Whether a failed response means that nothing was done, so that a non-idempotent request can be retried too. */
  readonly isUndone: (reply: Reply) => boolean;
  /** How throttling is waited out; counted apart from failures. If null, `isFailure` decides about 429 too. */
  readonly throttling: ThrottlingPolicy | null;
}

interface ThrottlingPolicy {
  readonly isThrottled: (reply: Reply) => boolean;
  readonly waitMilliseconds: (reply: Reply) => number;
  /** Longer waits are not made. */
  readonly maxWaitMilliseconds: number;
  /** Maximum number of waits. */
  readonly times: number;
}

/** Throttling and transient server errors. */
const TRANSIENT = new Set([429, 500, 502, 503, 504]);

export function hasTransientStatus({ status }: Pick<Reply, 'status'>): boolean {
  return TRANSIENT.has(status);
}

/** A request, and whether it can be retried. */
export interface RepeatableRequest extends HttpRequest {
  /** Whether repeating it has no further effect; if not, it is retried only after a response that `isUndone`. */
  readonly idempotent: boolean;
}

export interface SendOptions {
  readonly policy: RetryPolicy;
  /** Aborts everything in progress. */
  readonly signal?: AbortSignal | undefined;
  /** The end of the last attempt; a wait beyond it does not begin. */
  readonly deadline?: Deadline;
  /** Gives each attempt its slot, and is held while throttling is waited out. */
  readonly limiter?: RateLimiter;
  readonly clock?: Clock;
  /** Called after each attempt, counted from 1, with its outcome. */
  readonly onOutcome?: (outcome: Reply | NoResponseError, attempt: number) => void;
  /** Called before each wait for another attempt. */
  readonly onWait?: (milliseconds: number, outcome: Reply | NoResponseError) => void;
}

/**
 * Sends the request, and retries it where the policy says that this may help.
 * @returns the last outcome, successful or not
 * @throws the signal's reason once it is aborted
 */
export async function sendRepeatedly(
  request: RepeatableRequest,
  options: SendOptions,
): Promise<Reply | NoResponseError> {
  const { policy, signal, deadline, limiter, clock = systemClock } = options;
  const waits = new Waits(policy, request.idempotent);
  for (let attempt = 1; ; attempt++) {
    await limiter?.acquire(signal);
    const milliseconds = Math.min(
      policy.attemptMilliseconds,
      deadline?.remainingMilliseconds ?? Number.POSITIVE_INFINITY,
    );
    const outcome = await fetchReply(request, { milliseconds, signal, clock });
    signal?.throwIfAborted();
    options.onOutcome?.(outcome, attempt);

    const wait = waits.after(outcome);
    if (wait === null || (deadline && wait.milliseconds >= deadline.remainingMilliseconds)) return outcome;
    options.onWait?.(wait.milliseconds, outcome);
    if (wait.isThrottling && limiter) limiter.hold(wait.milliseconds);
    else await clock.pause(wait.milliseconds, signal);
  }
}

interface Wait {
  readonly milliseconds: number;
  readonly isThrottling: boolean;
}

/** Counts the waits that a policy allows for one request. */
class Waits {
  #failures = 0;
  #throttled = 0;

  constructor(
    private readonly policy: RetryPolicy,
    private readonly isIdempotent: boolean,
  ) {}

  /** The wait before another attempt; null where no retry is allowed. */
  after(outcome: Reply | NoResponseError): Wait | null {
    const { throttling } = this.policy;
    if (throttling && isReply(outcome) && throttling.isThrottled(outcome)) {
      this.#throttled += 1;
      const milliseconds = throttling.waitMilliseconds(outcome);
      const isTooMuch = this.#throttled > throttling.times || milliseconds > throttling.maxWaitMilliseconds;
      return isTooMuch ? null : { milliseconds, isThrottling: true };
    }
    const milliseconds = this.#mayHelp(outcome) ? this.#nextWait(outcome) : null;
    return milliseconds === null ? null : { milliseconds, isThrottling: false };
  }

  #mayHelp(outcome: Reply | NoResponseError): boolean {
    if (!isReply(outcome)) return this.isIdempotent && !(outcome instanceof ReplyTooLargeError);
    return this.policy.isFailure(outcome) && (this.isIdempotent || this.policy.isUndone(outcome));
  }

  #nextWait(outcome: Reply | NoResponseError): number | null {
    const usual = this.policy.waitsMilliseconds[this.#failures];
    this.#failures += 1;
    if (usual === undefined) return null;
    const asked = isReply(outcome) ? outcome.retryAfterSeconds : null;
    const spread = 1 + Math.random() * (this.policy.spread - 1);
    return Math.max(usual * spread, (asked ?? 0) * 1_000);
  }
}

export function isReply(outcome: Reply | NoResponseError): outcome is Reply {
  return !(outcome instanceof NoResponseError);
}
