import { setTimeout as delay } from 'node:timers/promises';

/** A task that runs again and again. */
export interface Schedule {
  /** Ends it; a run under way is not waited for. */
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
