import { setTimeout as pauseFor } from 'node:timers/promises';
import { abortable } from './deadline';

const SECOND_MS = 1_000;

/**
 * Evenly spaced slots for one request each. A burst followed by a pause would not work: Airtable uses a sliding window,
 * so requests that the network delays would fall into the next burst's window.
 */
export class RateLimiter {
  readonly #intervalMilliseconds: number;
  #lastSlot: Promise<void> = Promise.resolve();
  #nextAt = Number.NEGATIVE_INFINITY;
  #heldUntil = Number.NEGATIVE_INFINITY;

  constructor(
    /** @default 4: one of Airtable's five a second is left to other clients */
    requestsPerSecond = 4,
    private readonly clock: Clock = systemClock,
  ) {
    this.#intervalMilliseconds = SECOND_MS / requestsPerSecond;
  }

  /** Resolves when the caller may send. @throws the signal's reason once it is aborted. */
  acquire(signal?: AbortSignal): Promise<void> {
    // One at a time: several waiting together would all pass at once after a busy moment, because all are overdue.
    const slot = this.#lastSlot.then(() => this.#nextSlot(signal));
    this.#lastSlot = slot.catch(() => {});
    return signal === undefined ? slot : abortable(signal, () => slot);
  }

  /** Gives no slots for this long. */
  hold(milliseconds: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.clock.elapsed() + milliseconds);
  }

  /** How long `hold` still blocks slots; 0 where it does not. */
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

/** The single limiter for all requests of this process to a base, because Airtable counts all tokens together. */
export function limiterOf(baseAddress: string, requestsPerSecond?: number, clock?: Clock): RateLimiter {
  const key = `${baseAddress} ${requestsPerSecond ?? ''}`;
  const limiter = limiters.get(key) ?? new RateLimiter(requestsPerSecond, clock);
  limiters.set(key, limiter);
  return limiter;
}

/** The time that waiting code uses; tests replace it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  time(): number;
  /** Milliseconds since an arbitrary moment. Unlike `time`, it never goes back. */
  elapsed(): number;
  /** @throws the signal's reason once it is aborted. */
  pause(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  time: () => Date.now(),
  elapsed: () => performance.now(),
  pause: async (milliseconds, signal) => {
    try {
      await pauseFor(milliseconds, undefined, signal && { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};
