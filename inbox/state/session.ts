import { computed, signal } from '@preact/signals';
import type { Session, Worker } from '../../lambdas/inbox/api';
import { ApiError, call, onSignedOut, setToken } from '../api/client';
import { setServerTime } from './clock';
import { readStored, writeStored } from './stored';

/** Whether a worker is signed in, and why not. */
export type SessionState =
  | { readonly state: 'loading' }
  | { readonly state: 'signed-out'; readonly wasSignedIn: boolean }
  /** The worker has no active record. */
  | { readonly state: 'refused'; readonly message: string }
  /** The server does not answer. */
  | { readonly state: 'unreachable' }
  | { readonly state: 'signed-in'; readonly session: Session };

const TOKEN_KEY = 'inbox.token';

export const sessionState = signal<SessionState>({ state: 'loading' });

/** The signed-in worker; null before and after. */
export const worker = computed<Worker | null>(() =>
  sessionState.value.state === 'signed-in' ? sessionState.value.session.worker : null,
);

onSignedOut(() => {
  sessionState.value = { state: 'signed-out', wasSignedIn: true };
});

/** Takes up the session of this tab, or that of another tab of this browser. */
export async function resumeSession(): Promise<void> {
  const token = readStored(sessionStorage, TOKEN_KEY) ?? readStored(localStorage, TOKEN_KEY);
  if (token === null) {
    sessionState.value = { state: 'signed-out', wasSignedIn: false };
    return;
  }
  await signIn(token);
}

/** Signs in with a token: this tab keeps it, and new tabs begin with it. */
export async function signIn(token: string): Promise<void> {
  setToken(token);
  writeStored(sessionStorage, TOKEN_KEY, token);
  writeStored(localStorage, TOKEN_KEY, token);
  try {
    const session = await call('session', {});
    setServerTime(session.serverTime);
    sessionState.value = { state: 'signed-in', session };
  } catch (error) {
    if (!(error instanceof ApiError)) sessionState.value = { state: 'unreachable' };
    else if (error.code === 'not-active') sessionState.value = { state: 'refused', message: error.message };
    else if (error.code !== 'not-signed-in') sessionState.value = { state: 'unreachable' };
  }
}

/** Forgets the token and loads the app anew, so that nothing of the worker stays in memory. */
export function signOut(): void {
  const token = readStored(sessionStorage, TOKEN_KEY);
  writeStored(sessionStorage, TOKEN_KEY, null);
  if (readStored(localStorage, TOKEN_KEY) === token) writeStored(localStorage, TOKEN_KEY, null);
  location.assign('/');
}

/** Replaces what is known about the worker. */
export function updateWorker(changed: Worker): void {
  const current = sessionState.value;
  if (current.state !== 'signed-in') return;
  sessionState.value = { state: 'signed-in', session: { ...current.session, worker: changed } };
}

/** Turns availability on or off; at once here, and back if the server refuses. */
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
