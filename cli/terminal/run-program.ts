import { Command, CommanderError } from 'commander';
import { printable } from '../../lambdas/characters/visible-text';
import { ConfigurationError, errorCode, isKnownError } from '../../lambdas/errors';
import { CancelledError, UsageError, UserError } from '../../lib/user-error';
import { withFix } from '../aws/aws-errors';
import { ApplyError } from '../plan/apply';

const HELP_WIDTH = 110;
const STATUS = { failed: 1, usage: 2, interrupted: 130, brokenPipe: 141 };

/**
 * Runs a program with commands and ends the process with its status: the one that a command sets, 2 on a usage error,
 * 1 on failure with the reason as a message, 130 when interrupted, 141 when its reader, such as head, has gone.
 * @param define adds the commands. The signal fires on Ctrl-C, on a request to terminate, and when the reader has gone.
 */
export async function runProgram(
  args: readonly string[],
  define: (program: Command, signal: AbortSignal) => void,
): Promise<void> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort(new CancelledError());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, interrupt);
  exitWithParent(process.env, interrupt);
  let isReaderGone = false;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (errorCode(error) !== 'EPIPE') throw error;
      isReaderGone = true;
      interrupt();
    });
  }
  const program = new Command()
    .exitOverride()
    // A usage error quotes what was typed or pasted.
    .configureOutput({ outputError: (text, write) => write(printable(text)) })
    .showHelpAfterError('Add --help to list the valid arguments.')
    .configureHelp({ helpWidth: Math.min(process.stdout.columns ?? HELP_WIDTH, HELP_WIDTH) })
    .helpCommand(false);
  define(program, interruption.signal);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!isReaderGone) process.exitCode = report(error, interruption.signal);
  }
  // At once: work must not continue after an interruption, and an open connection must not delay the end.
  process.exit(isReaderGone ? STATUS.brokenPipe : process.exitCode);
}

/** Prints an error, and returns the status for it. */
function report(error: unknown, signal: AbortSignal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : STATUS.usage;
  if (error instanceof CancelledError || signal.aborted) {
    console.error(`\n${new CancelledError().message}`);
    return STATUS.interrupted;
  }
  console.error(printable(describe(withFix(error))));
  if (!(error instanceof UsageError)) return STATUS.failed;
  console.error('Add --help to list the valid arguments.');
  return STATUS.usage;
}

/** The text for an error: a foreseen one by its message, any other with its stack. */
function describe(error: unknown): string {
  if (error instanceof ConfigurationError)
    return ['Fix the following first:', ...error.problems].join('\n  ');
  const isForeseen = error instanceof UserError || error instanceof ApplyError || isKnownError(error);
  if (error instanceof Error) return isForeseen ? error.message : (error.stack ?? error.message);
  return String(error);
}

const POLL_MS = 500;

/**
 * Calls `stop` once npm's shell has ended. A signal to `npm run` ends npm and that shell but does not reach this process,
 * which would keep its ports, child processes and files. Does nothing if npm did not start this process.
 */
function exitWithParent(environment: NodeJS.ProcessEnv, stop: () => void): void {
  if (environment['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const polling = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(polling);
    stop();
  }, POLL_MS);
  polling.unref();
}
