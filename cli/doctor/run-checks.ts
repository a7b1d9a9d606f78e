import { errorMessage } from '../../lambdas/errors';
import type { Check, Outcome } from './health-check';

/** What a check came to. */
export interface CheckReport {
  readonly check: Check;
  readonly outcome: Outcome;
  /** The wrong because of which it was not looked at; null where it was. */
  readonly skippedBecauseOf: Check | null;
  readonly milliseconds: number;
}

/**
 * Makes the checks one after the other, each after those that it needs; in turn, so that the doctor itself does not
 * use up what Airtable allows a second.
 * @param seen is given each as soon as it is made.
 * @throws the signal's reason, once it is aborted: what was broken off is no wrong.
 */
export async function examine(
  checks: readonly Check[],
  seen: (examined: CheckReport) => void,
  signal?: AbortSignal,
): Promise<readonly CheckReport[]> {
  const examined: CheckReport[] = [];
  for (const check of checks) {
    const startedAt = performance.now();
    const skippedBecauseOf = wrongInTheWay(check, examined);
    const outcome = skippedBecauseOf === null ? await run(check) : notLookedAt(skippedBecauseOf);
    signal?.throwIfAborted();
    const one = { check, outcome, skippedBecauseOf, milliseconds: Math.round(performance.now() - startedAt) };
    examined.push(one);
    seen(one);
  }
  return examined;
}

/** Whether anything is wrong. What could not be looked at is the consequence of something that is. */
export function isAnythingWrong(examined: readonly CheckReport[]): boolean {
  return examined.some(({ outcome }) => outcome.verdict === 'wrong');
}

function wrongInTheWay({ needs }: Check, examined: readonly CheckReport[]): Check | null {
  const needed = examined.filter(({ check }) => needs.includes(check.id));
  const wrong = needed.find(({ outcome }) => outcome.verdict === 'wrong')?.check;
  return wrong ?? needed.find(({ skippedBecauseOf }) => skippedBecauseOf !== null)?.skippedBecauseOf ?? null;
}

function notLookedAt({ title }: Check): Outcome {
  return {
    verdict: 'unknown',
    says: `not looked at while this is wrong: ${title}`,
    remedy: `Mend that first: ${title}`,
  };
}

async function run(check: Check): Promise<Outcome> {
  try {
    return await check.run();
  } catch (error) {
    return {
      verdict: 'wrong',
      says: errorMessage(error),
      remedy: 'Do as it says, and run npm run doctor again',
    };
  }
}
