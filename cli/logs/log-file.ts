import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorMessage } from '../../lambdas/errors';

/** The file with the functions' log of `npm start`. */
export function functionLogFile(directory: string): string {
  return join(directory, '.frontline', 'service.log');
}

/** The file that was full before. */
export function earlierLogFile(path: string): string {
  return `${path}.1`;
}

const LARGEST_BYTES = 5_000_000;

/**
 * Appends to a file, synchronously, so that even after a kill the last output is in it. A full file replaces the
 * earlier one, and a new one begins.
 */
export class LogFile {
  #isUsable = true;
  #bytes = 0;

  /** @param warn called once with the reason if the file is not writable */
  constructor(
    private readonly path: string,
    private readonly warn: (reason: string) => void,
    private readonly largestBytes = LARGEST_BYTES,
  ) {
    this.#attempt(() => {
      mkdirSync(dirname(path), { recursive: true });
      this.#bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      appendFileSync(path, '');
    });
  }

  append(chunk: string | Uint8Array): void {
    this.#attempt(() => {
      if (this.#bytes >= this.largestBytes) {
        renameSync(this.path, earlierLogFile(this.path));
        this.#bytes = 0;
      }
      appendFileSync(this.path, chunk);
      this.#bytes += Buffer.byteLength(chunk);
    });
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
