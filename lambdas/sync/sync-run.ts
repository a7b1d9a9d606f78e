import type { OptOutStore } from '../opt-out/opt-out-store';
import type { Lease, ReplicaStore } from '../replica/replica-store';
import type { SyncClock } from './clock';
import type { RequiredColumn, SyncBase } from './sync-base';
import type { SyncReport } from './sync-report';

export interface SyncSettings {
  /** Where Airtable sends its pings; null for a webhook that is polled only. */
  readonly webhookUrl: string | null;
  /** How often the schedule starts a run. */
  readonly scheduleMilliseconds: number;
  /** While pings continue, at most one drain in this time. */
  readonly pingMilliseconds: number;
  /** Columns that a write needs which takes away an opt-out, an address or a record. */
  readonly guardColumns: readonly RequiredColumn[];
}

/** What sync works on. */
export interface SyncParts {
  readonly base: SyncBase;
  readonly store: ReplicaStore;
  readonly optOuts: OptOutStore;
  readonly clock: SyncClock;
  readonly settings: SyncSettings;
}

/** A run that holds the lease. */
export interface SyncRun extends SyncParts {
  readonly lease: Lease;
  readonly report: SyncReport;
}

/** A third of what a lease lasts. */
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
 * Renews the lease while Airtable lets the work wait. Airtable throttles for half a minute at a time, maybe several times
 * for one request: a run that another one ended each time would never get done.
 */
export async function keepingLease<T>({ lease, clock }: Holding, work: () => Promise<T>): Promise<T> {
  // The next renewal that is waited for tells that the lease is lost.
  const heartbeat = setInterval(() => void lease.renew(clock.now()).catch(() => {}), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
  }
}
