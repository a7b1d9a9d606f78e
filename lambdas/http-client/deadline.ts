import { setMaxListeners } from 'node:events';
import { DeadlineExceededError } from '../errors';
import { abortable } from './abortable';

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
