import type { MiniStack } from './ministack';
import type { Report } from './report';

/** What is to be stopped in the end, last first. */
export type Closing = (() => Promise<void>)[];

/** Where the checks take place. */
export interface Place {
  readonly report: Report;
  /** A folder of the run's own. */
  readonly folder: string;
  readonly cloud: MiniStack;
  readonly cfnLint: string;
  readonly signal: AbortSignal;
  readonly closing: Closing;
}
