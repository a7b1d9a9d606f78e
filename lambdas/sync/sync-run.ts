import type { Customer } from '../customers/customer';
import type { OptOutStore } from '../opt-out/opt-out-store';
import type { Lease, ReplicaStore } from '../replica/replica-store';
import type { RequiredColumn, SyncBase } from './sync-base';
import type { SyncReport } from './sync-report';

/** The clock of sync; tests replace it with one that they control. */
export interface SyncClock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export interface SyncSettings {
  /** Where Airtable sends its pings; null for a webhook that is only polled. */
  readonly webhookUrl: string | null;
  /** How often the schedule starts a run. */
  readonly scheduleMilliseconds: number;
  /** Minimum time between drains while pings continue. */
  readonly pingMilliseconds: number;
  /** Columns that must exist before a write removes an opt-out, an address or a record. */
  readonly guardColumns: readonly RequiredColumn[];
}

/** The dependencies of sync. */
export interface SyncParts {
  readonly base: SyncBase;
  readonly store: ReplicaStore;
  readonly optOuts: OptOutStore;
  readonly clock: SyncClock;
  readonly settings: SyncSettings;
  /** Called with customers before they leave the replica. @default nothing */
  readonly beforeRemoval?: (customers: readonly Customer[]) => Promise<void>;
}

/** A run that holds the lease. */
export interface SyncRun extends SyncParts {
  readonly lease: Lease;
  readonly report: SyncReport;
}

/** A third of a lease's duration. */
const HEARTBEAT_MS = 20_000;

type Holding = Pick<SyncRun, 'clock'> & { readonly lease: Pick<Lease, 'renew'> };

/** Reads from the base, and extends the lease for the writes that follow. */
export async function readBase<Base, T>(
  run: Holding & { readonly base: Base },
  read: (base: Base) => Promise<T>,
): Promise<T> {
  const result = await keepingLease(run, () => read(run.base));
  await run.lease.renew(run.clock.now());
  return result;
}

/**
 * Renews the lease while a request to Airtable waits. Airtable throttles for half a minute at a time, maybe several
 * times for one request: a run that lost its lease each time would never finish.
 */
export async function keepingLease<T>({ lease, clock }: Holding, work: () => Promise<T>): Promise<T> {
  // The next awaited renewal reports that the lease is lost. A run that never continues keeps no process alive.
  const heartbeat = setInterval(() => void lease.renew(clock.now()).catch(() => {}), HEARTBEAT_MS).unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
  }
}
