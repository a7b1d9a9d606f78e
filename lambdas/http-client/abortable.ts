export interface AbortableOptions {
  /** How long after the abort the work's own outcome is still accepted. @default 0 */
  readonly graceMilliseconds?: number;
  /** The error thrown on abort. @default the signal's reason */
  readonly reason?: () => unknown;
}

/**
 * The outcome of the work, unless the signal aborts first. A later outcome is ignored.
 *
 * Needed even where the work has the signal itself: once headers have arrived, `fetch` may lose the signal to the
 * garbage collector, and a stalled body would never end.
 * @throws the signal's reason, or the given one
 */
export async function abortable<T>(
  signal: AbortSignal,
  work: () => Promise<T>,
  { graceMilliseconds = 0, reason = () => signal.reason }: AbortableOptions = {},
): Promise<T> {
  if (signal.aborted && graceMilliseconds === 0) throw reason();
  let grace: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      if (graceMilliseconds === 0) reject(reason());
      else grace = setTimeout(() => reject(reason()), graceMilliseconds);
    };
  });
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    clearTimeout(grace);
  }
}
