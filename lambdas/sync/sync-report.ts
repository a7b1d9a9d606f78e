/** A run's results, for its log line and its metrics. */
export class SyncReport {
  /** The kind of run: a pass, a drain, the outbox only, or nothing because another run holds the lease. */
  kind: 'pass' | 'drain' | 'outbox' | 'busy' = 'outbox';
  /** Why a full pass ran. */
  passReason: string | null = null;
  /** How long the run took. */
  milliseconds = 0;
  /** Records that the run read. */
  recordsRead = 0;
  customersWritten = 0;
  customersDeleted = 0;
  /** Corrections of a full pass that the webhook should have reported; must be 0. Null without such a pass. */
  repairs: number | null = null;
  /** Opt-out cells that the run ticked and unticked. */
  ticks = 0;
  unticks = 0;
  /** Cells that a person unticked although the customer had opted out. */
  ticksRestored = 0;
  /** Opt-outs that Airtable does not have yet, after the run. */
  optOutsWaiting = 0;
  /** How long the oldest of them has waited, in milliseconds. */
  oldestOptOutWaits = 0;
  /** How far the replica is behind, in milliseconds, counted from when a run was due. */
  age: number | null = null;
  /** Why there is no webhook; null where there is one. */
  webhookProblem: string | null = null;
  /** Why a record could not be mapped or written, by its id. It stays in the replica unchanged. */
  readonly recordFaults = new Map<string, string>();
  readonly warnings: string[] = [];
  /** The error that ended the run early. */
  failure: unknown = null;
}
