import * as v from 'valibot';
import { SIGN_IN_HOURS } from '../../lib/inbox/sign-in';
import { readStoredJson, type TextStorage, writeStored } from '../state/stored';

/** `SIGN_IN_HOURS` in milliseconds. */
export const SIGN_IN_MS = SIGN_IN_HOURS * 3_600_000;

const SignIn = v.object({
  /** Made here for each sign-in, so that no tab takes up another worker's tokens. */
  id: v.string(),
  refreshToken: v.string(),
  /** When the provider forgets it, by this device's clock: milliseconds since the epoch. */
  until: v.number(),
});
export type SignIn = v.InferOutput<typeof SignIn>;

export const SIGN_IN_KEY = 'inbox.sign-in';

/** The sign-in of this browser, shared by its tabs. The only token that is ever stored is the refresh token. */
export class SignInStore {
  constructor(
    private readonly storage: TextStorage,
    private readonly now: () => number = Date.now,
  ) {}

  /** The sign-in; null without one. */
  read(): SignIn | null {
    return readStoredJson(this.storage, SIGN_IN_KEY, v.nullable(SignIn), null);
  }

  /** The sign-in that a page begins with: one that is over by now is forgotten without asking the provider. */
  readAtStart(): SignIn | null {
    const found = this.read();
    if (found === null || found.until > this.now()) return found;
    this.clear(found.id);
    return null;
  }

  /** Keeps a sign-in. @returns whether the browser stored it */
  add(signIn: Omit<SignIn, 'until'>): boolean {
    return this.#write({ ...signIn, until: this.now() + SIGN_IN_MS });
  }

  /** Replaces the refresh token of a sign-in that is still there; it ends when it would have ended. */
  replaceToken(id: string, refreshToken: string): void {
    const found = this.read();
    if (found?.id === id) this.#write({ ...found, refreshToken });
  }

  /** Forgets a sign-in, unless another one has taken its place. */
  clear(id: string): void {
    if (this.read()?.id === id) writeStored(this.storage, SIGN_IN_KEY, null);
  }

  #write(signIn: SignIn): boolean {
    return writeStored(this.storage, SIGN_IN_KEY, JSON.stringify(signIn));
  }
}
