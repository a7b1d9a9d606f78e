import { DeadlineExceededError } from '../errors';
import { abortable } from './abortable';

/** Within these, work that was told that its time is up may still say whom it was waiting for. */
const LAST_WORDS_MS = 100;

/** The end of the time that a request may take. Everything it waits for outside is given up by then. */
export class Deadline {
  readonly signal: AbortSignal;
  readonly #endsAt: number;

  private constructor(milliseconds: number) {
    this.#endsAt = performance.now() + milliseconds;
    // Not joined to a parent's by AbortSignal.any: Node 20 may collect the parts of such a signal, which then never fires.
    this.signal = AbortSignal.timeout(Math.max(0, Math.floor(milliseconds)));
  }

  static in(milliseconds: number): Deadline {
    return new Deadline(milliseconds);
  }

  get remainingMilliseconds(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /** An earlier end for one part of the work: never later than this one. */
  within(milliseconds: number): Deadline {
    return new Deadline(Math.min(milliseconds, this.remainingMilliseconds));
  }

  /** An earlier end that leaves time to do something about what was not done by then. */
  leaving(milliseconds: number): Deadline {
    return this.within(this.remainingMilliseconds - milliseconds);
  }

  /**
   * The outcome of the work, if it comes in time or a moment later: the work is told by the signal, and its own error
   * says more than ours.
   * @throws {DeadlineExceededError} when it does not come; what the work does later is ignored.
   */
  race<T>(work: Promise<T>): Promise<T> {
    return abortable(this.signal, () => work, {
      graceMilliseconds: LAST_WORDS_MS,
      reason: () => new DeadlineExceededError('The work was not done in the time that Twilio waits'),
    });
  }
}
