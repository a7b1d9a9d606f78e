import { existsSync, readFileSync } from 'node:fs';
import { printable } from '../../lambdas/characters/visible-text';
import { ConfigurationError, isKnownError } from '../../lambdas/errors';
import { ApplyError } from '../plan/apply';
import { CancelledError } from './cancelled';
import { UsageError } from './usage-error';

const STATUS = { usage: 2, interrupted: 130 };

/** The arguments of a command's function. */
export interface Invocation {
  readonly words: readonly string[];
  /** Fires on Ctrl-C and on a request to terminate. */
  readonly signal: AbortSignal;
}

/**
 * Runs a command and ends the process with its status: its return value, 2 on a usage error, 1 on failure, with the
 * reason as a message.
 * @param options those that npm silently consumes if the `--` in between is missing.
 */
export async function runCommand(
  name: string,
  options: readonly string[],
  command: (invocation: Invocation) => Promise<number>,
): Promise<void> {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => interruption.abort(new CancelledError()));
  }
  try {
    refuseOptionsOfNpm(name, options);
    process.exitCode = await command({ words: process.argv.slice(2), signal: interruption.signal });
  } catch (error) {
    if (error instanceof CancelledError || interruption.signal.aborted) {
      console.error(`\n${new CancelledError().message}`);
      // At once: work must not continue after the user has interrupted it.
      process.exit(STATUS.interrupted);
    }
    console.error(printable(explain(error)));
    process.exitCode = error instanceof UsageError ? STATUS.usage : 1;
  }
}

function refuseOptionsOfNpm(name: string, options: readonly string[]): void {
  const typed = options.find(
    (option) => process.env[`npm_config_${option.replaceAll('-', '_')}`] && !isSetByNpmrc(option),
  );
  if (typed !== undefined) {
    throw new UsageError(`npm consumed --${typed}; pass it after --: npm run ${name} -- --${typed}`);
  }
}

/** Whether an npmrc file sets the option, so that it was not typed here. npm lists the files that it read. */
function isSetByNpmrc(option: string): boolean {
  const files = [process.env['npm_config_userconfig'], process.env['npm_config_globalconfig']];
  return files.some(
    (file) =>
      file && existsSync(file) && new RegExp(`^\\s*${option}\\s*=`, 'm').test(readFileSync(file, 'utf8')),
  );
}

/** The text for an error: a foreseen one by its message, any other with its stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigurationError)
    return ['Fix the following first:', ...error.problems].join('\n  ');
  if (error instanceof UsageError || error instanceof ApplyError || isKnownError(error)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
