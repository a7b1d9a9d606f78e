import { ServiceUnavailableError } from '../errors';
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

/**
 * The bases whose replica is known to be complete. One object per container: a complete replica stays complete, so the
 * state is not read again.
 */
export class ReplicaReadiness {
  readonly #ready = new Set<string>();

  /** @throws {ReplicaNotReadyError} until the first pass of the base is complete. */
  async require(baseId: string, readState: () => Promise<Pick<SyncState, 'lastPass'>>): Promise<void> {
    if (this.#ready.has(baseId)) return;
    if ((await readState()).lastPass === null) {
      throw new ReplicaNotReadyError(`The base ${baseId} has not been read into the replica yet`);
    }
    this.#ready.add(baseId);
  }
}
