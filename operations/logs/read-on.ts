import { setTimeout as pause } from 'node:timers/promises';
import type { LogEvent, LogSource } from './log-source';

const LOOK_MS = 2_000;

/**
 * Reads a log from a time on: once, or on and on until the signal. No event comes twice, and none that turns up late
 * is missed, as long as it is not later than its source says.
 */
export async function* readOn(
  source: LogSource,
  {
    since,
    follow,
    signal,
    lookMs = LOOK_MS,
  }: {
    readonly since: number;
    readonly follow: boolean;
    readonly signal: AbortSignal;
    readonly lookMs?: number;
  },
): AsyncGenerator<readonly LogEvent[]> {
  const seen = new Map<string, number>();
  let newest = since;
  let from = since;
  try {
    for (;;) {
      const events = await source.read(from, signal);
      const fresh = events.filter(({ id }) => !seen.has(id));
      for (const { id, at } of fresh) seen.set(id, at);
      yield fresh;
      if (!follow) return;
      newest = fresh.reduce((latest, { at }) => Math.max(latest, at), newest);
      from = Math.max(since, newest - source.lateByMs);
      for (const [id, at] of seen) if (at < from) seen.delete(id);
      await pause(lookMs, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
