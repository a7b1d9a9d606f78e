import type { Environment } from '../../lambdas/config';
import type { Limit } from '../plan/plan';
import type { Choice } from '../terminal/prompts';
import type { Variable } from './config-variables';

/** Settings that can only be checked together, and how they are checked against the real thing. */
export interface Stage {
  readonly variables: readonly Variable[];
  /** What there is to choose from for one of them; empty where that cannot be learned, and the person types. */
  choices(environment: Environment, variable: Variable): Promise<readonly Choice[]>;
  /**
   * Tries the values out.
   * @returns null where there is nothing to try.
   * @throws {KnownError} saying what is wrong, and what to do.
   */
  check(environment: Environment): Promise<Tried | null>;
}

/** Values that work. */
interface Tried {
  /** What is right about them, in words. */
  readonly right: string;
  /** What the service does without, because of them. */
  readonly limits: readonly Limit[];
}
