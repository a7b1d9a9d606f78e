import { setTimeout as delay } from 'node:timers/promises';

/** Long enough for a slow machine; shorter than the limit of a test, so that the error says what did not happen. */
const MAX_WAIT_MS = 60_000;

/**
 * Polls until there is a result.
 * @param find gives false or undefined until then
 * @param what the expected event, for the error
 * @throws {Error} after a minute
 */
export async function until<T>(
  find: () => T | false | undefined | Promise<T | false | undefined>,
  what: () => string = () => 'the expected event',
  everyMs = 10,
): Promise<T> {
  const endsAt = performance.now() + MAX_WAIT_MS;
  for (;;) {
    const found = await find();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > endsAt) throw new Error(`A minute passed without ${what()}`);
    await delay(everyMs);
  }
}
