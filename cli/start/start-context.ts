import type { Environment } from '../../lambdas/config';
import type { Closables } from './closables';
import type { FunctionLog } from './function-log';
import type { StartState } from './start-state';

/** Where and how the service is started. */
export interface StartContext {
  /** The callbacks' port; the emulators take the next five. 0 stands for any that are free. */
  readonly port: number;
  /** `.env`, overridden by the environment. */
  readonly environment: Environment;
  /** The project's folder. */
  readonly directory: string;
  readonly log: FunctionLog;
  /** Gets what is started, and closes it. */
  readonly running: Closables;
}

/** The service, started. */
export interface Started extends StartState {
  /** Above the banner. */
  readonly warnings: readonly string[];
  /** The functions' log output before the banner. */
  readonly log: string;
}
