import { ServiceUnavailableError } from '../errors';
import type { SyncState } from './replica-store';

/** The replica has not read the base for the first time. A callback that finds it so starts a run of sync. */
export class ReplicaNotReadyError extends ServiceUnavailableError {
  constructor(message: string) {
    super(message, RETRY_SECONDS, {
      userMessage: 'Your customers are being loaded from Airtable. Please try again in a minute.',
    });
  }
}

const RETRY_SECONDS = 30;

/**
 * The bases whose replica is known to be complete. A container makes one and keeps it: once complete, a replica stays
 * so, and nothing is asked about it any more.
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
