import { errorMessage } from '../../lambdas/errors';
import type { Check, CheckResult } from './health-check';

/** A check with its result. */
export interface CheckReport {
  readonly check: Check;
  readonly outcome: CheckResult;
  /** The failed check because of which this one was skipped; null if it ran. */
  readonly skippedBecauseOf: Check | null;
  readonly milliseconds: number;
}

/**
 * Runs the checks one after the other, each after its dependencies. They do not run in parallel, so that the doctor
 * does not use up Airtable's rate limit.
 * @param seen receives each result immediately.
 * @throws the signal's reason once it is aborted, because an aborted check did not fail.
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

/** Whether any check failed. A skipped check is the consequence of a failed one. */
export function isAnythingWrong(examined: readonly CheckReport[]): boolean {
  return examined.some(({ outcome }) => outcome.verdict === 'wrong');
}

function wrongInTheWay({ needs }: Check, examined: readonly CheckReport[]): Check | null {
  const needed = examined.filter(({ check }) => needs.includes(check.id));
  const wrong = needed.find(({ outcome }) => outcome.verdict === 'wrong')?.check;
  return wrong ?? needed.find(({ skippedBecauseOf }) => skippedBecauseOf !== null)?.skippedBecauseOf ?? null;
}

function notLookedAt({ title }: Check): CheckResult {
  return {
    verdict: 'unknown',
    says: `not looked at while this is wrong: ${title}`,
    remedy: `Mend that first: ${title}`,
  };
}

async function run(check: Check): Promise<CheckResult> {
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
