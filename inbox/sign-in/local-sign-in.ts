import { setAccess } from '../api/client';
import { openSession, sessionState } from '../state/session';
import { readStored, writeStored } from '../state/stored';
import type { SignInMethod } from './sign-in-method';

const TOKEN_KEY = 'inbox.token';

/** The demo's sign-in: a choice from a list. Each tab may be another worker. */
export const localSignIn: SignInMethod = {
  /** Takes up the session of this tab, or that of another tab of this browser. */
  start: async () => {
    const token = readStored(sessionStorage, TOKEN_KEY) ?? readStored(localStorage, TOKEN_KEY);
    if (token === null) sessionState.value = { state: 'signed-out', wasSignedIn: false };
    else await signInWith(token);
  },
  signIn: async () => {
    sessionState.value = { state: 'signed-out', wasSignedIn: false };
  },
  signOut: async () => {
    const token = readStored(sessionStorage, TOKEN_KEY);
    writeStored(sessionStorage, TOKEN_KEY, null);
    if (readStored(localStorage, TOKEN_KEY) === token) writeStored(localStorage, TOKEN_KEY, null);
    location.assign('/');
  },
};

/** Signs in with a token: this tab keeps it, and new tabs begin with it. */
export async function signInWith(token: string): Promise<void> {
  setAccess({ apiUrl: '', token: async () => token, replace: async () => null });
  writeStored(sessionStorage, TOKEN_KEY, token);
  writeStored(localStorage, TOKEN_KEY, token);
  await openSession();
}
