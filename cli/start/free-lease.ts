import type { ReplicaStore } from '../../lambdas/replica/replica-store';

/** Longer than any lease lasts. */
const LATER_MS = 60 * 60_000;

/**
 * Releases the lease of sync that a start left behind which ended during a run. No other process can hold it: the tables
 * are open in this process only, and no run has begun.
 */
export async function freeLease(store: ReplicaStore): Promise<void> {
  const lease = await store.acquireLease(Date.now() + LATER_MS);
  if (lease === null) return;
  // A run that was asked for meanwhile is the one that begins now.
  while ((await lease.release()) === 'again');
}
