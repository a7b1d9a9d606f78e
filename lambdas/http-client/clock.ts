import { setTimeout as pauseFor } from 'node:timers/promises';

/** The time that waiting code uses; tests replace it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  time(): number;
  /** Milliseconds since an arbitrary moment. Unlike `time`, it never goes back. */
  elapsed(): number;
  /** @throws the signal's reason once it is aborted. */
  pause(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  time: () => Date.now(),
  elapsed: () => performance.now(),
  pause: async (milliseconds, signal) => {
    try {
      await pauseFor(milliseconds, undefined, signal && { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};
