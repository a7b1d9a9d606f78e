import { ServiceUnavailableError } from '../errors';
import { abortable } from '../http-client/deadline';
import type { SyncState } from './replica-store';

/** The replica has not read the base for the first time. A callback that gets this error starts a run of sync. */
export class ReplicaNotReadyError extends ServiceUnavailableError {
  constructor(message: string) {
    super(message, RETRY_SECONDS, {
      userMessage: 'Your customers are being loaded from Airtable. Please try again in a minute.',
    });
  }
}

const RETRY_SECONDS = 30;

/** Many requests at once find no replica; one start per minute is enough. */
const START_EVERY_MS = 60_000;
const START_MS = 1_000;

/**
 * The bases whose replica is known to be complete. One object per container: a complete replica stays complete, so the
 * state is not read again.
 */
export class ReplicaReadiness {
  readonly #ready = new Set<string>();
  #startedAt = Number.NEGATIVE_INFINITY;

  /** @param startFirstPass called at most once a minute, when a base has not been read yet */
  constructor(private readonly startFirstPass: () => Promise<void> = async () => {}) {}

  /** @throws {ReplicaNotReadyError} until the first pass of the base is complete. */
  async require(baseId: string, readState: () => Promise<Pick<SyncState, 'lastPass'>>): Promise<void> {
    if (this.#ready.has(baseId)) return;
    if ((await readState()).lastPass === null) {
      await this.#start();
      throw new ReplicaNotReadyError(`The base ${baseId} has not been read into the replica yet`);
    }
    this.#ready.add(baseId);
  }

  async #start(): Promise<void> {
    const now = performance.now();
    if (now - this.#startedAt < START_EVERY_MS) return;
    this.#startedAt = now;
    const accepted = this.startFirstPass();
    // If that fails or takes too long, the schedule starts one.
    await abortable(AbortSignal.timeout(START_MS), () => accepted).catch(() => {});
  }
}
