import { printable } from '../lambdas/characters/visible-text';
import { Misconfigured } from '../lambdas/errors/errors';
import { withDotEnv } from '../lib/dot-env';
import { BadPort, readPort } from './settings/port';
import { UsageError } from './settings/usage-error';
import { parseStartOptions, refuseOptionsOfNpm, START_HELP, type StartOptions } from './start/command-line';
import type { Started } from './start/first-sync';
import { FunctionLog, functionLogFile } from './start/function-log';
import { startLive } from './start/live';
import { startMadeUp } from './start/made-up';
import { TablesInUseError } from './start/replica';
import { Running } from './start/running';
import { stopWithNpm } from './start/stop-with-npm';
import { BaseFileUnusable } from './team/base-file';

const running = new Running();

/** Starts what the words ask for. @returns what to show */
async function start({ live, reset }: StartOptions, log: FunctionLog): Promise<Started> {
  const directory = process.cwd();
  const environment = withDotEnv(directory, process.env);
  const port = readPort(environment);
  return live
    ? startLive(port, environment, running, { directory, log })
    : startMadeUp(port, environment, running, { directory, reset, log });
}

async function stop(status: number): Promise<never> {
  await running.close();
  process.exit(status);
}

/** What to say of an error: a fault of the settings in words, anything else with its stack. */
function explain(error: unknown): string {
  if (error instanceof Misconfigured) return ['Some settings will not do:', ...error.problems].join('\n  ');
  const isForeseen =
    error instanceof UsageError ||
    error instanceof BadPort ||
    error instanceof BaseFileUnusable ||
    error instanceof TablesInUseError;
  if (isForeseen) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

// Ctrl-C may come twice, from the terminal and from npm: the second one must not end this half way.
let isStopping = false;
function stopOnce(): void {
  if (!isStopping) void stop(0);
  isStopping = true;
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stopOnce);
stopWithNpm(process.env, stopOnce);
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
