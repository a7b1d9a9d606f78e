import { AsyncLocalStorage } from 'node:async_hooks';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { printable } from '../../lambdas/characters/visible-text';
import { errorMessage } from '../../lambdas/errors';

/** The file with the functions' log, for `npm run logs -- --local`. */
export function functionLogFile(directory: string): string {
  return join(directory, '.frontline', 'service.log');
}

type Chunk = string | Uint8Array;

/**
 * The log of the functions in this process. Merges stdout and stderr, as Lambda does. Otherwise the functions' warnings
 * would be out of order, and missing if stdout is piped.
 */
export class FunctionLog {
  readonly #writeOut = process.stdout.write.bind(process.stdout);
  readonly #held = new AsyncLocalStorage<Chunk[]>();
  #keeper: LogKeeper | null = null;

  constructor() {
    const writeError = process.stderr.write.bind(process.stderr);
    process.stdout.write = (chunk: Chunk, ...rest: never[]) => this.#write(chunk, rest, this.#writeOut);
    process.stderr.write = (chunk: Chunk, ...rest: never[]) => this.#write(chunk, rest, writeError);
  }

  /**
   * From now on, writes everything to stdout and to the file, which it truncates. If the file is not writable, reports
   * that once and continues without it.
   */
  keepIn(file: string): void {
    const warn = (reason: string) => this.#writeOut(`The log cannot be written to ${file}: ${reason}\n`);
    this.#keeper = new LogKeeper(file, warn);
  }

  /** Buffers the task's output. @returns the task's result, and the text to write or to drop */
  async hold<T>(task: () => Promise<T>): Promise<{ readonly result: T; readonly text: string }> {
    const chunks: Chunk[] = [];
    const result = await this.#held.run(chunks, task);
    return { result, text: chunks.map(textOf).join('') };
  }

  #write(chunk: Chunk, rest: never[], writeUnkept: typeof process.stdout.write): boolean {
    const chunks = this.#held.getStore();
    if (chunks) {
      chunks.push(chunk);
      return true;
    }
    this.#keeper?.keep(chunk);
    // The file keeps the text verbatim; the terminal must not interpret control characters in it.
    const shown = printable(textOf(chunk));
    return this.#keeper ? this.#writeOut(shown, ...rest) : writeUnkept(shown, ...rest);
  }
}

function textOf(chunk: Chunk): string {
  return typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
}

/** Appends to a file synchronously, so that even after a kill the last output is in it. */
class LogKeeper {
  #isUsable = true;

  constructor(
    private readonly file: string,
    private readonly warn: (reason: string) => void,
  ) {
    this.#attempt(() => {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, '');
    });
  }

  keep(chunk: Chunk): void {
    this.#attempt(() => appendFileSync(this.file, chunk));
  }

  #attempt(write: () => void): void {
    if (!this.#isUsable) return;
    try {
      write();
    } catch (error) {
      this.#isUsable = false;
      this.warn(errorMessage(error));
    }
  }
}
