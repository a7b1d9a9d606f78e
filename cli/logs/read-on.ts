import { setTimeout as pause } from 'node:timers/promises';
import type { LogEvent, LogSource } from './log-source';

const POLL_MS = 2_000;
/** AWS rejects a request if the caller's clock is further from its own. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Reads a log from a time on, once or until the signal. Each event is returned once. Late events are included, unless
 * they are later than the source allows.
 */
export async function* readOn(
  source: LogSource,
  {
    since,
    follow,
    signal,
    pollMs = POLL_MS,
    now = Date.now,
  }: {
    readonly since: number;
    readonly follow: boolean;
    readonly signal: AbortSignal;
    readonly pollMs?: number;
    readonly now?: () => number;
  },
): AsyncGenerator<readonly LogEvent[]> {
  const seen = new Map<string, number>();
  let newest = since;
  let from = since;
  try {
    for (;;) {
      const readAt = now();
      const events = await source.read(from, signal);
      const fresh = events.filter(({ id }) => !seen.has(id));
      for (const { id, at } of fresh) seen.set(id, at);
      yield fresh;
      if (!follow) return;
      newest = fresh.reduce((latest, { at }) => Math.max(latest, at), newest);
      // Also by the clock: if few events match, each read would otherwise cover the whole period again.
      from = Math.max(since, newest - source.lateByMs, readAt - CLOCK_SKEW_MS - source.lateByMs);
      for (const [id, at] of seen) if (at < from) seen.delete(id);
      await pause(pollMs, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
