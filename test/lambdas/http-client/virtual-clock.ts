import type { Clock } from '../../../lambdas/http-client/rate-limiter';

/** A clock that stands still until something waits, and then advances by the wait at once. */
export class VirtualClock implements Clock {
  #now: number;

  constructor(now = 0) {
    this.#now = now;
  }

  time(): number {
    return this.#now;
  }

  elapsed(): number {
    return this.#now;
  }

  /** Time advances after all work that needs no waiting is done. */
  async pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const until = this.#now + milliseconds;
    await new Promise(setImmediate);
    signal?.throwIfAborted();
    this.#now = Math.max(this.#now, until);
  }
}
