import type { MiniStack } from './ministack';
import type { Report } from './report';

/** Resources to close at the end, last first. */
export type Closing = (() => Promise<void>)[];

/** The surroundings of the checks. */
export interface Place {
  readonly report: Report;
  /** A folder for this run only. */
  readonly folder: string;
  readonly cloud: MiniStack;
  readonly cfnLint: string;
  readonly python: string;
  readonly signal: AbortSignal;
  readonly closing: Closing;
}
