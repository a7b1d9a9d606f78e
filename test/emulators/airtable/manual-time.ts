import type { Scheduler } from '../../../emulators/airtable/webhooks/scheduler';

interface Task {
  readonly at: number;
  readonly run: () => void;
}

export interface ManualTime {
  readonly now: () => Date;
  readonly scheduler: Scheduler;
  /** Advances the clock, and runs the tasks that become due, in order. */
  advance(seconds: number): void;
}

/** A clock and a scheduler that only advance on request. */
export function manualTime(start = '2026-03-01T12:00:00.400Z'): ManualTime {
  let time = Date.parse(start);
  const tasks = new Set<Task>();
  return {
    now: () => new Date(time),
    scheduler: {
      after(milliseconds, run) {
        const task = { at: time + milliseconds, run };
        tasks.add(task);
        return () => tasks.delete(task);
      },
    },
    advance(seconds) {
      const end = time + seconds * 1000;
      for (let next = earliest(tasks, end); next; next = earliest(tasks, end)) {
        tasks.delete(next);
        time = Math.max(time, next.at);
        next.run();
      }
      time = end;
    },
  };
}

function earliest(tasks: ReadonlySet<Task>, end: number): Task | undefined {
  return [...tasks].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
}
