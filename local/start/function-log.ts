import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reasonOf } from '../../lambdas/errors/errors';

/** Where the log of the functions is kept, for `npm run logs -- --local`. */
export function functionLogFile(directory: string): string {
  return join(directory, '.frontline', 'service.log');
}

/**
 * From now on everything is written to stdout, and into the file, which begins anew. On Lambda both streams are one
 * log; here, warnings of the functions would otherwise come out of order, and be missing where stdout is piped on.
 * A file that cannot be written to is said once, and done without.
 */
export function keepOneLog(file: string): void {
  const write = process.stdout.write.bind(process.stdout);
  const keeper = new LogKeeper(file, (reason) => write(`The log cannot be kept in ${file}: ${reason}\n`));
  const writeAndKeep = (chunk: string | Uint8Array, ...rest: never[]): boolean => {
    keeper.keep(chunk);
    return write(chunk, ...rest);
  };
  process.stdout.write = writeAndKeep;
  process.stderr.write = writeAndKeep;
}

/** Adds to a file at once, so that what was written last is there even after a kill. */
class LogKeeper {
  #isUsable = true;

  constructor(
    private readonly file: string,
    private readonly say: (reason: string) => void,
  ) {
    this.#attempt(() => {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, '');
    });
  }

  keep(chunk: string | Uint8Array): void {
    this.#attempt(() => appendFileSync(this.file, chunk));
  }

  #attempt(write: () => void): void {
    if (!this.#isUsable) return;
    try {
      write();
    } catch (error) {
      this.#isUsable = false;
      this.say(reasonOf(error));
    }
  }
}
