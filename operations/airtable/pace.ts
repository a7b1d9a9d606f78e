import { setTimeout as pause } from 'node:timers/promises';
import pThrottle from 'p-throttle';

const SECOND_MS = 1_000;

/**
 * Turns to send one request each, at even distances. Even, and not so many at once and then a rest: Airtable counts
 * by a window that slides, and requests that the network delays would fall into the next one's.
 */
export class Pace {
  readonly #spaced: () => Promise<void>;
  #lastTurn: Promise<void> = Promise.resolve();
  #heldUntil = 0;

  constructor(requestsPerSecond: number) {
    const throttle = pThrottle({ limit: 1, interval: SECOND_MS / requestsPerSecond, strict: true });
    this.#spaced = throttle(async () => {});
  }

  /** Resolves when the caller may send. @throws an AbortError where the signal ends the wait. */
  async turn(signal?: AbortSignal): Promise<void> {
    do {
      await this.#holdOver(signal);
      // One after the other: of several that wait, a busy moment would let all pass that are overdue.
      this.#lastTurn = this.#lastTurn.then(this.#spaced);
      await this.#lastTurn;
    } while (this.#heldMilliseconds > 0);
  }

  /** Nobody gets a turn for so long. */
  hold(seconds: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, performance.now() + seconds * SECOND_MS);
  }

  get #heldMilliseconds(): number {
    return this.#heldUntil - performance.now();
  }

  async #holdOver(signal?: AbortSignal): Promise<void> {
    while (this.#heldMilliseconds > 0) {
      await pause(this.#heldMilliseconds, undefined, signal && { signal });
    }
  }
}

const paces = new Map<string, Pace>();

/** The one pace of all that this process sends to a base: Airtable counts all tokens together (Airtable contract 4). */
export function paceOf(baseAddress: string, requestsPerSecond: number): Pace {
  const key = `${baseAddress} ${requestsPerSecond}`;
  const pace = paces.get(key) ?? new Pace(requestsPerSecond);
  paces.set(key, pace);
  return pace;
}
