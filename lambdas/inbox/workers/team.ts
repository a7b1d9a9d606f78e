import type { Availability } from '../../twilio/frontline-users';
import type { InboxConfiguration } from '../inbox-configuration';
import type { WorkerRecord } from '../store/worker-store';

/** The team by identity. Of two records with one identity, an active one counts. */
export class Team {
  readonly #byIdentity: ReadonlyMap<string, WorkerRecord>;

  constructor(
    readonly workers: readonly WorkerRecord[],
    private readonly routing: InboxConfiguration['routing'],
  ) {
    const activeLast = [...workers].sort((a, b) => Number(a.isActive) - Number(b.isActive));
    this.#byIdentity = new Map(activeLast.map((worker) => [worker.identity, worker]));
  }

  find(identity: string): WorkerRecord | null {
    return this.#byIdentity.get(identity) ?? null;
  }

  /** The identities of the workers who left the team. */
  leavers(): string[] {
    return [...this.#byIdentity.values()].flatMap(({ isActive, identity }) => (isActive ? [] : identity));
  }

  get hasActive(): boolean {
    return this.workers.some(({ isActive }) => isActive);
  }

  nameOf(identity: string): string {
    return this.find(identity)?.name ?? identity;
  }

  /**
   * Whether a worker with this identity sees the chats that it is in. Where Frontline routes, an identity without a record may be a
   * worker who uses Frontline only. Where this service routes, it is a mistake in a cell, a worker who was never
   * invited, or another system's: no worker sees its chats.
   */
  canServe(identity: string): boolean {
    return this.find(identity)?.isActive ?? this.routing === 'frontline';
  }

  /** The availability for routing by this service. */
  availabilityOf(identity: string): Availability {
    const worker = this.find(identity);
    if (!worker?.isActive) return 'deactivated';
    return worker.isAvailable ? 'available' : 'unavailable';
  }
}
