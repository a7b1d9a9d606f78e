/** How often the sweep looks for lost events and chats without a worker. */
export const SWEEP_MINUTES = 5;
/** How many chats later each sweep begins than the one before: about as many as one has time for. */
const STEP = 40;

/** Rotates the chats, so that those which get no worker do not take the time of the others in every sweep. */
export function inTurn<T>(chats: readonly T[], now: Date): T[] {
  const sweeps = Math.floor(now.getTime() / (SWEEP_MINUTES * 60_000));
  const start = (sweeps * STEP) % Math.max(1, chats.length);
  return [...chats.slice(start), ...chats.slice(0, start)];
}
