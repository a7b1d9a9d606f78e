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

/** Reads from the base, and extends the lease for the writes that follow. */
export async function readBase<T>(run: SyncRun, read: (base: SyncBase) => Promise<T>): Promise<T> {
  const result = await read(run.base);
  await run.lease.renew(run.clock.now());
  return result;
}
