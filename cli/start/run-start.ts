import { once } from 'node:events';
import { withDotEnv } from '../../lib/dot-env';
import { readPort } from '../terminal/port';
import { Closables } from './closables';
import { startDemo } from './demo';
import { exitWithParent } from './exit-with-parent';
import { startLive } from './live';
import { FunctionLog, functionLogFile } from './tee-output';

/** What `frontline start` runs, and where. */
export interface StartRequest {
  /** Whether the demo team's data are restored. */
  readonly reset: boolean;
  /** Whether the real Airtable and Twilio are used. */
  readonly live: boolean;
  /** The project's folder. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

/**
 * Runs the service until the signal.
 * @throws {ConfigurationError} {UserError} if it cannot start
 */
export async function runStart({ reset, live, directory, signal }: StartRequest): Promise<void> {
  const running = new Closables();
  const ending = new AbortController();
  const end = () => ending.abort();
  signal.addEventListener('abort', end);
  exitWithParent(process.env, end);
  try {
    const environment = withDotEnv(directory, process.env);
    const port = readPort(environment);
    const log = new FunctionLog();
    const started = live
      ? await startLive(port, environment, running, { directory, log })
      : await startDemo(port, environment, running, { directory, reset, log });
    console.log(started.screen);
    log.keepIn(functionLogFile(directory));
    process.stdout.write(started.log);
    if (!ending.signal.aborted) await once(ending.signal, 'abort');
  } finally {
    await running.close();
  }
}
