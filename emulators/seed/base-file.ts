import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { errorCode } from '../../lib/error-code';
import type { BaseData } from '../airtable/base-model';
import { KeptBase } from './base-schema';

/** The file is there and cannot be used. It is left as it is: somebody's changes may still be got out of it. */
export class BaseFileError extends Error {
  override readonly name = 'BaseFileUnusable';

  constructor(path: string, fault: string, cause: unknown) {
    super(
      `The file ${path} ${fault}. Mend or move it, or begin again with the made-up team: npm start -- --reset`,
      { cause },
    );
  }
}

/** A base kept in a file, so that what is changed today is there tomorrow. */
export class BaseFile {
  #running: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | null = null;

  constructor(readonly path: string) {}

  /**
   * The base as it was last saved; null where there is no file yet.
   * @throws {BaseFileError} where the file holds no base.
   */
  async load(): Promise<BaseData | null> {
    const text = await this.#read();
    if (text === null) return null;
    const parsed = v.safeParse(KeptBase, this.#parse(text));
    if (parsed.success) return parsed.output;
    const [issue] = parsed.issues;
    const place = v.getDotPath(issue) ?? 'its top';
    throw new BaseFileError(this.path, `holds no base: at ${place}, ${issue.message}`, parsed.issues);
  }

  /**
   * Resolves when the file holds everything that was in the base at the time of the call. Calls that come while one
   * is being written share the next write.
   */
  save(base: BaseData): Promise<void> {
    this.#waiting ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#waiting = null;
        this.#running = write(this.path, JSON.stringify(base, null, 1));
        return this.#running;
      });
    return this.#waiting;
  }

  async #read(): Promise<string | null> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw new BaseFileError(this.path, 'cannot be read', error);
    }
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new BaseFileError(this.path, 'is broken or half-written: it is no JSON', error);
    }
  }
}

/** The old file stays whole until the new one is: a kill half way leaves a `.tmp` that the next write replaces. */
async function write(path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(`${text}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
