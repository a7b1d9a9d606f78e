import { setTimeout as delay } from 'node:timers/promises';

/** Long enough for a slow machine; shorter than the limit of a test, so that the error says what did not happen. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Polls until the condition holds.
 * @param what the expected event, for the error
 * @throws {Error} after a minute
 */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  what: () => string = () => 'what the test waits for',
  everyMs = 10,
): Promise<void> {
  const endsAt = performance.now() + LONGEST_WAIT_MS;
  while (!(await isSo())) {
    if (performance.now() > endsAt) throw new Error(`A minute passed without ${what()}`);
    await delay(everyMs);
  }
}
