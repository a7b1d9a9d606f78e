import { computed, signal } from '@preact/signals';
import type { Session, Worker } from '../../lambdas/inbox/api';
import { ApiError, call, onAccessLost } from '../api/client';
import { setServerTime } from './clock';

/** Whether a worker is signed in, and why not. */
export type SessionState =
  | { readonly state: 'loading' }
  /** On the way to the provider's page. */
  | { readonly state: 'redirecting' }
  | { readonly state: 'signed-out'; readonly wasSignedIn: boolean }
  | { readonly state: 'signing-out' }
  /** The provider answered with an error, by its name in RFC 6749. */
  | { readonly state: 'sign-in-failed'; readonly error: string }
  /** The provider does not answer. */
  | { readonly state: 'provider-unreachable' }
  /** The worker has no active record. */
  | { readonly state: 'not-active' }
  /** The server does not answer. */
  | { readonly state: 'unreachable' }
  | { readonly state: 'signed-in'; readonly session: Session };

export const sessionState = signal<SessionState>({ state: 'loading' });

/** The signed-in worker; null before and after. */
export const worker = computed<Worker | null>(() =>
  sessionState.value.state === 'signed-in' ? sessionState.value.session.worker : null,
);

/** The worker who was last signed in on this page, whose data it still has; null for none. */
let lastIdentity: string | null = null;

onAccessLost({ signedOut: () => endSession(), notActive });

/** Shows that the session is over; what the worker wrote stays. */
export function endSession(): void {
  // A page that leaves stays as it is until it is gone.
  const { state } = sessionState.peek();
  if (state === 'signing-out' || state === 'redirecting') return;
  sessionState.value = { state: 'signed-out', wasSignedIn: true };
}

function notActive(): void {
  if (sessionState.peek().state !== 'signing-out') sessionState.value = { state: 'not-active' };
}

/** The worker whose data this page has; null for none. */
export function knownIdentity(): string | null {
  return lastIdentity;
}

/**
 * Asks the API who is signed in. Where that is another worker than before, the page is loaded again, so that nothing of
 * the previous worker stays in memory.
 * @param before called before the worker's pages are shown
 */
export async function openSession(before: (worker: Worker) => void = () => undefined): Promise<void> {
  try {
    const session = await call('session', {});
    if (lastIdentity !== null && lastIdentity !== session.worker.identity) {
      location.reload();
      return;
    }
    lastIdentity = session.worker.identity;
    before(session.worker);
    setServerTime(session.serverTime);
    sessionState.value = { state: 'signed-in', session };
  } catch (error) {
    const isKnown = error instanceof ApiError && ['not-active', 'not-signed-in'].includes(error.code);
    if (!isKnown) sessionState.value = { state: 'unreachable' };
  }
}

/** Replaces what is known about the worker. */
export function updateWorker(changed: Worker): void {
  const current = sessionState.value;
  if (current.state !== 'signed-in') return;
  sessionState.value = { state: 'signed-in', session: { ...current.session, worker: changed } };
}

/** Turns availability on or off; at once here, and back if the server rejects it. */
export async function setAvailability(isAvailable: boolean): Promise<void> {
  const before = worker.value;
  if (before === null) return;
  updateWorker({ ...before, isAvailable });
  try {
    updateWorker(await call('setAvailability', { body: { isAvailable } }));
  } catch (error) {
    updateWorker(before);
    throw error;
  }
}
