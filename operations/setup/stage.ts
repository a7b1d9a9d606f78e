import type { Environment } from '../../lambdas/configuration/configuration';
import type { Choice } from '../terminal/questions';
import type { Variable } from './variables';

/** Settings that can only be checked together, and how they are checked against the real thing. */
export interface Stage {
  readonly variables: readonly Variable[];
  /** What there is to choose from for one of them; empty where that cannot be learned, and the person types. */
  choices(environment: Environment, variable: Variable): Promise<readonly Choice[]>;
  /**
   * Tries the values out.
   * @returns what is right about them, in words; null where there is nothing to try.
   * @throws {KnownError} saying what is wrong, and what to do.
   */
  check(environment: Environment): Promise<string | null>;
}
