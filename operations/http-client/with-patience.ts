/** The work took too long, or was told to end. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

/**
 * The outcome of the work, if it comes in time; what the work does later is ignored.
 * @param signal ends the wait, too
 * @param work is given the signal by which it is told
 * @throws {GivenUp} where it does not come, and what the work throws
 */
export async function withPatience<T>(
  milliseconds: number,
  signal: AbortSignal | undefined,
  work: (givenUp: AbortSignal) => Promise<T>,
): Promise<T> {
  const givingUp = new AbortController();
  const abandoned = new Promise<never>((_, reject) => {
    givingUp.signal.addEventListener('abort', () => reject(new GivenUp('nothing came in time')), {
      once: true,
    });
  });
  const giveUp = () => givingUp.abort();
  const patience = setTimeout(giveUp, milliseconds);
  signal?.addEventListener('abort', giveUp, { once: true });
  if (signal?.aborted) giveUp();
  try {
    // Raced besides: once headers have come, fetch may lose its hold on the signal, and a stalled body would never end.
    return await Promise.race([work(givingUp.signal), abandoned]);
  } finally {
    clearTimeout(patience);
    signal?.removeEventListener('abort', giveUp);
  }
}
