/** Time as sync sees it; tests give one that they move themselves. */
export interface SyncClock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}
