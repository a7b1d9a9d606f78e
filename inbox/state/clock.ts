import { signal } from '@preact/signals';

/** How often times and countdowns are renewed. */
const TICK_MS = 10_000;
/** A tick this late means that the computer slept. */
const SLEPT_MS = 60_000;

/** By how much the server's clock is ahead of this device's. */
let offsetMs = 0;

/** The server's time, renewed every ten seconds. */
export const now = signal(Date.now());

type WakeListener = () => void;
const wakeListeners = new Set<WakeListener>();

/** Adjusts to the server's time. */
export function setServerTime(moment: string): void {
  offsetMs = Date.parse(moment) - Date.now();
  now.value = serverNow();
}

/** The server's time at this moment. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}

/** Calls the listener after the computer slept. */
export function onWake(listener: WakeListener): void {
  wakeListeners.add(listener);
}

/** Starts the ticks. */
export function startClock(): void {
  let last = Date.now();
  setInterval(() => {
    const slept = Date.now() - last > SLEPT_MS;
    last = Date.now();
    now.value = serverNow();
    if (slept) for (const listener of wakeListeners) listener();
  }, TICK_MS);
}
