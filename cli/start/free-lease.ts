import type { ReplicaStore } from '../../lambdas/replica/replica-store';

/** Longer than any lease lasts. */
const LATER_MS = 60 * 60_000;

/**
 * Releases the sync lease that an earlier `npm start` left when it ended during a run. No other process can hold it,
 * because only this process has the tables open, and no run has begun.
 */
export async function freeLease(store: ReplicaStore): Promise<void> {
  const lease = await store.acquireLease(Date.now() + LATER_MS);
  if (lease === null) return;
  // The next run also covers any run requested in the meantime.
  while ((await lease.release()) === 'again');
}
