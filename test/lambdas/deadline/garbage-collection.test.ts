import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, test } from '@jest/globals';
import { Deadline } from '../../../lambdas/deadline/deadline';

let collecting: NodeJS.Timeout | undefined;
afterEach(() => clearInterval(collecting));

/** Has the garbage collected again and again, as a busy container does now and then. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('Node does not let this test collect garbage');
  collecting = setInterval(() => collect(), 10);
}

test('a deadline within another ends in time, however much garbage is collected meanwhile', async () => {
  collectGarbage();
  const { signal } = Deadline.in(5_000).within(200);

  await new Promise((resolve) => signal.addEventListener('abort', resolve));

  expect(signal.aborted).toBe(true);
});
