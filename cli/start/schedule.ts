import { setTimeout as delay } from 'node:timers/promises';

/** A repeating task. */
export interface Schedule {
  /** Ends the schedule without waiting for a current run. */
  close(): Promise<void>;
}

/** Runs the task after each pause, so that no two runs overlap. The task handles its own errors. */
export function startSchedule(pauseMilliseconds: number, task: () => Promise<void>): Schedule {
  const ending = new AbortController();
  const { signal } = ending;
  const repeat = async () => {
    while (!signal.aborted) {
      await delay(pauseMilliseconds, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await task();
    }
  };
  void repeat();
  return { close: async () => ending.abort() };
}
