import { existsSync, readFileSync } from 'node:fs';
import { printable } from '../../lambdas/characters/visible-text';
import { ConfigurationError, isKnownError } from '../../lambdas/errors';
import { ApplyError } from '../plan/apply';
import { Cancelled } from './cancelled';
import { UsageError } from './usage-error';

const STATUS = { usage: 2, interrupted: 130 };

/** What a command is given. */
export interface Invocation {
  readonly words: readonly string[];
  /** Fires on Ctrl-C and when the command is told to end. */
  readonly signal: AbortSignal;
}

/**
 * Runs a command to its end, and ends the process with its status: what it returns, 2 where it was called wrongly, 1
 * where it failed, with the reason in words.
 * @param options those that npm would take for its own where the `--` in between is forgotten, and say nothing.
 */
export async function runCommand(
  name: string,
  options: readonly string[],
  command: (invocation: Invocation) => Promise<number>,
): Promise<void> {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => interruption.abort(new Cancelled()));
  }
  try {
    refuseOptionsOfNpm(name, options);
    process.exitCode = await command({ words: process.argv.slice(2), signal: interruption.signal });
  } catch (error) {
    if (error instanceof Cancelled || interruption.signal.aborted) {
      console.error(`\n${new Cancelled().message}`);
      // At once: what was under way must not go on behind the back of whoever stopped it.
      process.exit(STATUS.interrupted);
    }
    console.error(printable(explain(error)));
    process.exitCode = error instanceof UsageError ? STATUS.usage : 1;
  }
}

function refuseOptionsOfNpm(name: string, options: readonly string[]): void {
  const typed = options.find(
    (option) => process.env[`npm_config_${option.replaceAll('-', '_')}`] && !isSetForGood(option),
  );
  if (typed !== undefined) {
    throw new UsageError(`npm took --${typed} for its own: say npm run ${name} -- --${typed}`);
  }
}

/** Whether a file of npm's sets the option, so that nobody typed it here. npm says which files it read. */
function isSetForGood(option: string): boolean {
  const files = [process.env['npm_config_userconfig'], process.env['npm_config_globalconfig']];
  return files.some(
    (file) =>
      file && existsSync(file) && new RegExp(`^\\s*${option}\\s*=`, 'm').test(readFileSync(file, 'utf8')),
  );
}

/** What to say of an error: a foreseen one in words, anything else with its stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigurationError)
    return ['Something has to be put right first:', ...error.problems].join('\n  ');
  if (error instanceof UsageError || error instanceof ApplyError || isKnownError(error)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
