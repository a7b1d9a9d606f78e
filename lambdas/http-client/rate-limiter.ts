import { abortable } from './abortable';
import { type Clock, systemClock } from './clock';

const SECOND_MS = 1_000;

/**
 * Slots to send one request each, at even distances. Even, and not a burst followed by a rest: Airtable counts by a
 * sliding window, so that requests which the network delays would fall into the next burst's.
 */
export class RateLimiter {
  readonly #intervalMilliseconds: number;
  #lastSlot: Promise<void> = Promise.resolve();
  #nextAt = Number.NEGATIVE_INFINITY;
  #heldUntil = Number.NEGATIVE_INFINITY;

  constructor(
    /** @default 4: one of Airtable's five a second is left to others */
    requestsPerSecond = 4,
    private readonly clock: Clock = systemClock,
  ) {
    this.#intervalMilliseconds = SECOND_MS / requestsPerSecond;
  }

  /** Resolves when the caller may send. @throws the signal's reason once it is aborted. */
  acquire(signal?: AbortSignal): Promise<void> {
    // One after the other: of several that wait, a busy moment would let all pass that are overdue.
    const slot = this.#lastSlot.then(() => this.#nextSlot(signal));
    this.#lastSlot = slot.catch(() => {});
    return signal === undefined ? slot : abortable(signal, () => slot);
  }

  /** Gives no slot for so long. */
  hold(milliseconds: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.clock.elapsed() + milliseconds);
  }

  /** How long no slot is given because of `hold`; 0 where it is not held. */
  get heldMilliseconds(): number {
    return Math.max(0, this.#heldUntil - this.clock.elapsed());
  }

  async #nextSlot(signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const wait = Math.max(this.#nextAt, this.#heldUntil) - this.clock.elapsed();
      if (wait <= 0) break;
      await this.clock.pause(wait, signal);
    }
    this.#nextAt = this.clock.elapsed() + this.#intervalMilliseconds;
  }
}

const limiters = new Map<string, RateLimiter>();

/** The one limiter of everything that this process sends to a base, because Airtable counts all tokens together. */
export function limiterOf(baseAddress: string, requestsPerSecond?: number, clock?: Clock): RateLimiter {
  const key = `${baseAddress} ${requestsPerSecond ?? ''}`;
  const limiter = limiters.get(key) ?? new RateLimiter(requestsPerSecond, clock);
  limiters.set(key, limiter);
  return limiter;
}
