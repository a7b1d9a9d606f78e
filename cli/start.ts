import { BaseFileError } from '../emulators/seed/base-file';
import { printable } from '../lambdas/characters/visible-text';
import { ConfigurationError } from '../lambdas/errors';
import { withDotEnv } from '../lib/dot-env';
import { Closables } from './start/closables';
import { startDemo } from './start/demo';
import { exitWithParent } from './start/exit-with-parent';
import type { Started } from './start/first-sync';
import { startLive } from './start/live';
import { TablesInUseError } from './start/replica';
import { parseStartOptions, refuseOptionsOfNpm, START_HELP, type StartOptions } from './start/start-options';
import { FunctionLog, functionLogFile } from './start/tee-output';
import { PortError, readPort } from './terminal/port';
import { UsageError } from './terminal/usage-error';

const running = new Closables();

/** Starts the service as the options say. @returns the output to show */
async function start({ live, reset }: StartOptions, log: FunctionLog): Promise<Started> {
  const directory = process.cwd();
  const environment = withDotEnv(directory, process.env);
  const port = readPort(environment);
  return live
    ? startLive(port, environment, running, { directory, log })
    : startDemo(port, environment, running, { directory, reset, log });
}

async function stop(status: number): Promise<never> {
  await running.close();
  process.exit(status);
}

/** The text of an error: a configuration error's message only, any other error with its stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigurationError) return ['Invalid configuration:', ...error.problems].join('\n  ');
  const isForeseen =
    error instanceof UsageError ||
    error instanceof PortError ||
    error instanceof BaseFileError ||
    error instanceof TablesInUseError;
  if (isForeseen) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

// Ctrl-C may arrive twice, from the terminal and from npm. The second one must not interrupt the shutdown.
let isStopping = false;
function stopOnce(): void {
  if (!isStopping) void stop(0);
  isStopping = true;
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stopOnce);
exitWithParent(process.env, stopOnce);
try {
  refuseOptionsOfNpm(process.env);
  const options = parseStartOptions(process.argv.slice(2));
  if (options.help) {
    console.log(START_HELP);
    await stop(0);
  }
  const log = new FunctionLog();
  const started = await start(options, log);
  console.log(started.screen);
  log.keepIn(functionLogFile(process.cwd()));
  process.stdout.write(started.log);
} catch (error) {
  console.error(printable(explain(error)));
  await stop(error instanceof UsageError ? 2 : 1);
}
