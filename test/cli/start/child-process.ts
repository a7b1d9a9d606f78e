import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { endGroup } from '../../e2e/command';

const ROOT = resolve(import.meta.dirname, '../../..');

/** A command's output and exit status. */
export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command of `cli/` in its own process, as npm starts it. */
export class Command {
  readonly ended: Promise<CommandResult>;
  readonly #child: ChildProcess;
  readonly #watchers = new Set<() => void>();
  #stdout = '';
  #stderr = '';
  #isClosed = false;

  /**
   * @param name such as `start`
   * @param directory the project's root for the command, with `.env` and `.frontline`
   * @param environment the only variables of the service that it gets
   * @param inShell under its own shell, as npm runs it, so that a signal reaches only the shell
   */
  constructor(
    name: string,
    words: readonly string[],
    {
      directory,
      environment = {},
      inShell = false,
    }: {
      readonly directory: string;
      readonly environment?: NodeJS.ProcessEnv;
      readonly inShell?: boolean;
    },
  ) {
    const command = [process.execPath, resolve(ROOT, 'cli/frontline.mjs'), name, ...words];
    const [program = '', ...rest] = inShell ? ['sh', '-c', '"$0" "$@"; exit $?', ...command] : command;
    this.#child = spawn(program, rest, {
      cwd: directory,
      // As one of npm's scripts, it ends when its parent, the tests, is interrupted.
      env: { PATH: process.env['PATH'], npm_lifecycle_event: name, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child.stdout?.on('data', (chunk) =>
      this.#heard(() => {
        this.#stdout += chunk;
      }),
    );
    this.#child.stderr?.on('data', (chunk) =>
      this.#heard(() => {
        this.#stderr += chunk;
      }),
    );
    this.ended = new Promise((settle, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (status) => {
        this.#isClosed = true;
        settle({ status, stdout: this.#stdout, stderr: this.#stderr });
        this.#heard(() => undefined);
      });
    });
  }

  /** Resolves to the pattern's match as soon as stdout or stderr contains it. @throws {Error} if the command ends before */
  async message(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.#stdout) ?? pattern.exec(this.#stderr);
      if (found !== null) return found;
      // Not at its exit, when some of its output may still be unread.
      if (this.#isClosed) throw new Error(`It ended: ${this.#stdout}\n${this.#stderr}`);
      await new Promise<void>((resolve) => this.#watchers.add(resolve));
    }
  }

  /** Its stdout so far. */
  get output(): string {
    return this.#stdout;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Kills it if it still runs, with what it started: esbuild can outlive it, and hold its output open. */
  async kill(): Promise<void> {
    if (!this.#isClosed) endGroup(this.#child);
    await this.ended;
  }

  #heard(keep: () => void): void {
    keep();
    for (const watcher of this.#watchers) watcher();
    this.#watchers.clear();
  }
}
