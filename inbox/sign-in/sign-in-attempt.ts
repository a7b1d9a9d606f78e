import * as v from 'valibot';
import { readStoredJson, type TextStorage, writeStored } from '../state/stored';
import { randomText } from './pkce';

const Attempt = v.object({
  /** Comes back with the answer: an answer without it was not asked for by this tab. */
  state: v.string(),
  /** The secret of PKCE. */
  verifier: v.string(),
  /** The path to open afterwards. */
  returnTo: v.string(),
  /** The worker who was at that path; null without one. */
  identity: v.nullable(v.string()),
});
export type Attempt = v.InferOutput<typeof Attempt>;

const KEY = 'inbox.sign-in-attempt';

/** Begins an attempt of this tab, in place of an earlier one. @returns null where the browser stores nothing */
export function beginAttempt(
  storage: TextStorage,
  { returnTo, identity }: Pick<Attempt, 'returnTo' | 'identity'>,
): Attempt | null {
  const attempt = { state: randomText(), verifier: randomText(), returnTo, identity };
  return writeStored(storage, KEY, JSON.stringify(attempt)) ? attempt : null;
}

/** Consumes the attempt that matches the answer; null for an unknown state. */
export function takeAttempt(storage: TextStorage, state: string | null): Attempt | null {
  const attempt = readStoredJson(storage, KEY, v.nullable(Attempt), null);
  if (attempt === null || state === null || attempt.state !== state) return null;
  writeStored(storage, KEY, null);
  return attempt;
}
