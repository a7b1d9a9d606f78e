/** Runs tasks later. */
export interface Scheduler {
  /** @returns a function that cancels the task */
  after(milliseconds: number, task: () => void): () => void;
}

/** The machine's timers. They do not keep the process alive. */
export const systemScheduler: Scheduler = {
  after(milliseconds, task) {
    const timer = setTimeout(task, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
