import { type ChildProcess, spawn } from 'node:child_process';

export interface Command {
  /** @default this process's environment */
  readonly env?: NodeJS.ProcessEnv;
  /** @default this process's folder */
  readonly cwd?: string;
  readonly signal: AbortSignal;
}

export interface CommandResult {
  readonly status: number | null;
  /** Its stdout and stderr. */
  readonly output: string;
}

/** Runs a program to its end; if the signal comes first, ends it and every program it started. */
export async function attempt(
  program: string,
  args: readonly string[],
  command: Command,
): Promise<CommandResult> {
  const { signal, ...where } = command;
  signal.throwIfAborted();
  // A process group of its own, so that it can be ended as a whole, and only by us.
  const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], ...where });
  const end = () => endGroup(child);
  signal.addEventListener('abort', end, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text;
        });
      }
      child.on('error', reject).on('close', (status) => resolve({ status, output }));
    });
  } finally {
    signal.removeEventListener('abort', end);
    signal.throwIfAborted();
  }
}

/** Ends a program that leads a process group, and every program it started. */
export function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // All of them have ended already.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/**
 * Runs a program that must succeed.
 * @throws {Error} with all its output, if it fails.
 */
export async function run(program: string, args: readonly string[], command: Command): Promise<string> {
  const { status, output } = await attempt(program, args, command);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with status ${status}:\n${output}`);
  return output;
}
