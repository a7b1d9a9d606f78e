import * as v from 'valibot';

/** What invokes the `sync` function: the schedule, Airtable's ping, set-up, or a callback that found no replica. */
export const SyncEvent = v.object({
  /** `changes` reads what changed; `pass` reads the whole base; `schedule` chooses by what is due. */
  run: v.picklist(['schedule', 'changes', 'pass']),
});
export type SyncEvent = v.InferOutput<typeof SyncEvent>;

/** Starts a run of sync and does not wait for it. */
export type StartSync = (event: SyncEvent) => Promise<void>;
