/** The clock of sync; tests replace it with one that they control. */
export interface SyncClock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}
