/** How often the sweep looks for lost events and chats without a worker. */
export const SWEEP_MINUTES = 5;
/** Multiples of the golden ratio spread evenly: three sweeps reach all chats if each has time for two fifths of them. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Rotates the chats, so that those which get no worker do not take the time of the others in every sweep. */
export function inTurn<T>(chats: readonly T[], now: Date): T[] {
  const sweeps = Math.floor(now.getTime() / (SWEEP_MINUTES * 60_000));
  const start = Math.floor(((sweeps * GOLDEN) % 1) * chats.length);
  return [...chats.slice(start), ...chats.slice(0, start)];
}
