import { expect, test } from '@jest/globals';
import { startSchedule } from '../../../cli/start/first-sync';

/** A task that waits until the test ends it, and counts its runs. */
function controlledTask() {
  const begun: (() => void)[] = [];
  let onBegin = () => {};
  return {
    run: () =>
      new Promise<void>((resolve) => {
        begun.push(resolve);
        onBegin();
      }),
    runs: begun,
    /** Resolves when the given number of runs have begun. */
    began: (count: number) =>
      new Promise<void>((resolve) => {
        onBegin = () => {
          if (begun.length === count) resolve();
        };
        onBegin();
      }),
  };
}

test('a schedule starts a run after the previous one has ended, and none after close', async () => {
  const task = controlledTask();
  const schedule = startSchedule(1, task.run);

  await task.began(1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(task.runs).toHaveLength(1);

  task.runs[0]?.();
  await task.began(2);
  await schedule.close();
  task.runs[1]?.();
  await new Promise((resolve) => setTimeout(resolve, 20));

  expect(task.runs).toHaveLength(2);
});
