import { setMaxListeners } from 'node:events';
import { DeadlineExceededError } from '../errors';

/** Grace period in which aborted work may still report which system it was waiting for. */
const LAST_WORDS_MS = 100;

/** A request's deadline; outbound calls are aborted when it passes. */
export class Deadline {
  readonly signal: AbortSignal;
  readonly #endsAt: number;

  private constructor(milliseconds: number) {
    this.#endsAt = performance.now() + milliseconds;
    // Not joined to a parent's by AbortSignal.any: Node 20 may collect the parts of such a signal, which then never
    // fires.
    this.signal = AbortSignal.timeout(Math.max(0, Math.floor(milliseconds)));
    // Every call of the work in progress listens; Node takes more than ten for a leak.
    setMaxListeners(0, this.signal);
  }

  static in(milliseconds: number): Deadline {
    return new Deadline(milliseconds);
  }

  get remainingMilliseconds(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /** A deadline for one part of the work, never later than this one. */
  within(milliseconds: number): Deadline {
    return new Deadline(Math.min(milliseconds, this.remainingMilliseconds));
  }

  /** An earlier deadline that leaves time to handle unfinished work. */
  leaving(milliseconds: number): Deadline {
    return this.within(this.remainingMilliseconds - milliseconds);
  }

  /**
   * The outcome of the work, if it arrives in time or within the grace period: the signal aborts the work, whose own
   * error is more specific.
   * @throws {DeadlineExceededError} when it does not arrive; a later outcome is ignored.
   */
  race<T>(work: Promise<T>): Promise<T> {
    return abortable(this.signal, () => work, {
      graceMilliseconds: LAST_WORDS_MS,
      reason: () =>
        new DeadlineExceededError('Deadline exceeded: the work was not done in the time that Twilio waits'),
    });
  }
}

export interface AbortableOptions {
  /** How long after the abort the work's own outcome is still accepted. @default 0 */
  readonly graceMilliseconds?: number;
  /** The error thrown on abort. @default the signal's reason */
  readonly reason?: () => unknown;
}

/**
 * The outcome of the work, unless the signal aborts first. A later outcome is ignored.
 *
 * Needed even where the work has the signal itself: once headers have arrived, `fetch` may lose the signal to the
 * garbage collector, and a stalled body would never end.
 * @throws the signal's reason, or the given one
 */
export async function abortable<T>(
  signal: AbortSignal,
  work: () => Promise<T>,
  { graceMilliseconds = 0, reason = () => signal.reason }: AbortableOptions = {},
): Promise<T> {
  if (signal.aborted && graceMilliseconds === 0) throw reason();
  let grace: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      if (graceMilliseconds === 0) reject(reason());
      else grace = setTimeout(() => reject(reason()), graceMilliseconds);
    };
  });
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    clearTimeout(grace);
  }
}
