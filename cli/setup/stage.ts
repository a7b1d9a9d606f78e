import type { Environment } from '../../lambdas/config';
import type { Limit } from '../plan/plan';
import type { Choice } from '../terminal/prompts';
import type { Variable } from './config-variables';

/** Settings that can only be verified together, and how they are verified against the real service. */
export interface Stage {
  readonly variables: readonly Variable[];
  /** The choices for one of the settings; empty if they cannot be listed, and the person types. */
  choices(environment: Environment, variable: Variable): Promise<readonly Choice[]>;
  /**
   * Verifies the values.
   * @returns null if there is nothing to verify.
   * @throws {KnownError} with the fault and the fix.
   */
  check(environment: Environment): Promise<Tried | null>;
}

/** Valid values. */
interface Tried {
  /** The message that confirms them. */
  readonly upToDate: string;
  /** Features that the service lacks because of them. */
  readonly limits: readonly Limit[];
}
