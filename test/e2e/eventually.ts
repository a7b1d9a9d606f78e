import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 100;
/** For a scheduled run, of which there is one a minute, and the rest of the run before. */
const PATIENCE_SECONDS = 150;

/**
 * Repeats a check that fails as long as work is under way.
 * @returns the milliseconds until it passed
 * @throws {Error} its last failure, if it has not passed after two and a half minutes
 */
export async function eventually(signal: AbortSignal, check: () => Promise<void> | void): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    try {
      await check();
      return performance.now() - startedAt;
    } catch (error) {
      if (performance.now() - startedAt > PATIENCE_SECONDS * 1_000) throw error;
      await delay(LOOK_EVERY_MS, undefined, { signal });
    }
  }
}
