import * as v from 'valibot';

/** The event of the `sync` function, from the schedule, Airtable's ping, set-up, or a callback without a replica. */
export const SyncEvent = v.object({
  /** `changes` reads only changes; `pass` reads the whole base; `schedule` chooses by what is due. */
  run: v.picklist(['schedule', 'changes', 'pass']),
});
export type SyncEvent = v.InferOutput<typeof SyncEvent>;

/** Starts a run of sync without waiting for it. */
export type StartSync = (event: SyncEvent) => Promise<void>;
