import type { Composer } from '../../lambdas/inbox/api';

/** Why nothing can be written freely in a chat. */
export type ComposerBar =
  | { readonly kind: 'opted-out'; readonly since: string | null }
  | { readonly kind: 'templates-only'; readonly since: string | null }
  | { readonly kind: 'closed' };

/** In the last hour of WhatsApp's 24 a countdown is shown. */
const LAST_HOUR_MS = 3_600_000;

/**
 * The bar that replaces the composer; null where one can write.
 * @param now the server's time: the 24 hours end although no event says so
 */
export function composerBar(composer: Composer, now: number): ComposerBar | null {
  if (composer.state !== 'open') {
    if (composer.state === 'closed') return { kind: 'closed' };
    return { kind: composer.state, since: composer.since };
  }
  const { closesAt } = composer;
  if (closesAt !== null && Date.parse(closesAt) <= now) return { kind: 'templates-only', since: closesAt };
  return null;
}

/** Milliseconds until free text ends, in the last hour only; else null. */
export function countdown(composer: Composer, now: number): number | null {
  if (composer.state !== 'open' || composer.closesAt === null) return null;
  const left = Date.parse(composer.closesAt) - now;
  return left > 0 && left <= LAST_HOUR_MS ? left : null;
}
