import type { Bundles } from './bundles';
import { resultsOf, runPass, withLargeBase } from './full-pass';
import type { Result } from './result';

/** The nightly pass, which compares each customer with the stored one, after a first pass. */
export function measure(bundles: Bundles): Promise<Result[]> {
  return withLargeBase(async (surroundings) => {
    await runPass(bundles, surroundings);
    return resultsOf('nightly pass', await runPass(bundles, surroundings));
  });
}
