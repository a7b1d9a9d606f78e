import { MESSAGE_LENGTH } from '../../lambdas/inbox/api';

/** From this length on the composer counts down. */
const COUNT_FROM = 1_400;
/** Where a screen reader hears the count: after each letter it would talk over what is written. */
const STEPS = [0, 10, 20, 50, 100, MESSAGE_LENGTH - COUNT_FROM];

/** How many characters a message may still have. */
export interface ComposerCount {
  /** Below zero for a text that is too long; null before the count begins. */
  readonly left: number | null;
  /** The step that the count has passed last, -1 for a text that is too long; null before the count begins. */
  readonly step: number | null;
}

export function composerCount({ length }: string): ComposerCount {
  if (length < COUNT_FROM) return { left: null, step: null };
  const left = MESSAGE_LENGTH - length;
  return { left, step: left < 0 ? -1 : (STEPS.find((step) => left <= step) ?? null) };
}
