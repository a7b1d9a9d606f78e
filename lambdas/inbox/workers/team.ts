import type { Availability } from '../../twilio/frontline-users';
import type { WorkerRecord } from '../store/worker-store';

/** The team by identity. Of two records with one identity, an active one counts. */
export class Team {
  readonly #byIdentity: ReadonlyMap<string, WorkerRecord>;

  constructor(readonly workers: readonly WorkerRecord[]) {
    const activeLast = [...workers].sort((a, b) => Number(a.isActive) - Number(b.isActive));
    this.#byIdentity = new Map(activeLast.map((worker) => [worker.identity, worker]));
  }

  find(identity: string): WorkerRecord | null {
    return this.#byIdentity.get(identity) ?? null;
  }

  /** The identities of the workers who left the team. */
  removed(): string[] {
    return [...this.#byIdentity.values()].flatMap(({ isActive, identity }) => (isActive ? [] : identity));
  }

  nameOf(identity: string): string {
    return this.find(identity)?.name ?? identity;
  }

  /** Whether a participant with this identity serves the chat: a worker without a record may use Frontline. */
  isActive(identity: string): boolean {
    return this.find(identity)?.isActive ?? true;
  }

  availabilityOf(identity: string): Availability {
    const worker = this.find(identity);
    if (worker === null) return 'unknown';
    if (!worker.isActive) return 'deactivated';
    return worker.isAvailable ? 'available' : 'unavailable';
  }
}
