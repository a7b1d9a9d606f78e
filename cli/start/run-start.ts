import { once } from 'node:events';
import { printableJson } from '../../lambdas/characters/visible-text';
import { withDotEnv } from '../../lib/deployment-configuration';
import { functionLogFile } from '../logs/local-log';
import { readPort } from '../terminal/port';
import { startDemo } from './demo';
import { FunctionLog } from './function-log';
import { listenToKeys } from './keys';
import { startLive } from './live';
import { Closables } from './start-context';
import { claimFolder, publishState, requireRunning } from './start-state';

/** What `frontline start` runs, and where. */
export interface StartRequest {
  /** Whether the demo team's data are restored. */
  readonly reset: boolean;
  /** Whether the real Airtable and Twilio are used. */
  readonly live: boolean;
  /** Whether the functions' log is shown as JSON. */
  readonly json: boolean;
  /** The project's folder. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

/**
 * Runs the service until the signal.
 * @throws {ConfigurationError} {UserError} if it cannot start
 */
export async function runStart({ reset, live, json, directory, signal }: StartRequest): Promise<void> {
  const running = new Closables();
  const ending = new AbortController();
  const end = () => ending.abort();
  signal.addEventListener('abort', end);
  // Ctrl-C may arrive twice, from the terminal and from npm. The second one must not interrupt the shutdown.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, end);
  try {
    const environment = withDotEnv(directory, process.env);
    const port = readPort(environment);
    running.add(await claimFolder(directory));
    const log = running.add(new FunctionLog(json ? 'json' : 'readable'));
    const context = { port, environment, directory, log, running };
    const started = live ? await startLive(context) : await startDemo(context, { reset });
    const { urls, baseId, banner } = started;
    running.add(await publishState(directory, { urls, baseId, banner }));
    for (const warning of started.warnings) log.screen.limited(warning, 'The demo runs without it.');
    log.screen.line(banner);
    log.keepIn(functionLogFile(directory));
    process.stdout.write(started.log);
    const keys = await listenToKeys(process.stdin, { u: () => log.screen.line(banner) });
    if (keys !== null) {
      running.add(keys);
      log.screen.line('Press u to show the addresses again, Ctrl-C to stop.\n');
    }
    if (!ending.signal.aborted) await once(ending.signal, 'abort');
  } finally {
    await running.close();
  }
}

/** Prints the addresses of the running service. @throws {UserError} without one */
export async function showUrls(directory: string, json: boolean): Promise<void> {
  const { banner, urls, baseId } = await requireRunning(directory);
  console.log(json ? printableJson(JSON.stringify({ urls, baseId }, null, 2)) : banner);
}
