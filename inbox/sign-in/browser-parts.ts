import type { Clock, TabMessage } from './token-keeper';
import { ProviderUnreachableError } from './token-requests';

const LOCK = 'inbox-tokens';
const CHANNEL = 'inbox-sign-in';
/** Longer than the request that the tab before may be waiting for. */
const MAX_WAIT_MS = 30_000;

export const browserClock: Clock = { monotonic: () => performance.now(), wall: () => Date.now() };

/** Runs while no other tab of this browser does. @throws {ProviderUnreachableError} where another takes too long */
export async function exclusively<T>(run: (hasWaited: boolean) => Promise<T>): Promise<T> {
  const { locks } = navigator;
  const atOnce = await locks.request(LOCK, { ifAvailable: true }, async (lock) =>
    lock === null ? null : { result: await run(false) },
  );
  if (atOnce !== null) return atOnce.result;
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), MAX_WAIT_MS);
  try {
    return await locks.request(LOCK, { signal: waiting.signal }, () => {
      clearTimeout(timer);
      return run(true);
    });
  } catch (error) {
    if (!waiting.signal.aborted) throw error;
    throw new ProviderUnreachableError('another tab is still asking', { cause: error });
  }
}

/** Connects the tabs of this browser. @returns a function that sends a message to the other tabs */
export function joinTabs(receive: (message: unknown) => void): (message: TabMessage) => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', ({ data }) => receive(data));
  return (message) => channel.postMessage(message);
}
