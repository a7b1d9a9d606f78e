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
   * Verifies the values, whose form is valid.
   * @throws {KnownError} if the service that verifies them does not respond.
   */
  verify(environment: Environment): Promise<Verification>;
}

/** The result of a verification; omitted lists are empty. */
export interface Verification {
  /** The message that confirms the values; null if there is nothing to confirm. */
  readonly confirmed: string | null;
  /** Values that the service rejects. */
  readonly problems?: readonly ValueProblem[];
  /** Features that the service lacks because of the values, or doubts about an optional one. */
  readonly warnings?: readonly Limit[];
}

export interface ValueProblem extends Limit {
  /** The variable to enter again; null if other values would not help. */
  readonly variable: string | null;
}
