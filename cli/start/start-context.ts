import type { Environment } from '../../lambdas/config';
import type { FunctionLog } from './function-log';
import type { StartState } from './start-state';

interface Closable {
  close(): Promise<void>;
}

/** Running resources, which are closed in reverse order of their start. */
export class Closables {
  readonly #parts: Closable[] = [];

  add<T extends Closable>(part: T): T {
    this.#parts.push(part);
    return part;
  }

  async close(): Promise<void> {
    for (let part = this.#parts.pop(); part !== undefined; part = this.#parts.pop()) await part.close();
  }
}

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
