import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { FIELD_TYPES } from '../../lambdas/airtable/field-types';
import { errorCode } from '../../lambdas/errors';
import { UserError } from '../../lib/user-error';
import { writeAtomically } from '../../lib/write-atomically';
import type { BaseData, CellValue } from '../airtable/base-model';

/** The file exists but is not valid. It is left untouched, because a user's changes may still be recoverable. */
class BaseFileError extends UserError {
  override readonly name = 'BaseFileError';

  constructor(path: string, fault: string, cause: unknown) {
    super(
      `The file ${path} ${fault}. Fix or move it, or start over with the demo team: npx frontline start --reset`,
      { cause },
    );
  }
}

/** A base kept in a file, so that changes survive a restart. */
export class BaseFile {
  #running: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | null = null;

  constructor(readonly path: string) {}

  /**
   * The base as it was last saved; null when the file does not exist.
   * @throws {BaseFileError} when the file does not hold a valid base.
   */
  async load(): Promise<BaseData | null> {
    const text = await this.#read();
    if (text === null) return null;
    const parsed = v.safeParse(KeptBase, this.#parse(text));
    if (parsed.success) return parsed.output;
    const [issue] = parsed.issues;
    const place = v.getDotPath(issue) ?? 'its top';
    throw new BaseFileError(
      this.path,
      `does not hold a valid base: at ${place}, ${issue.message}`,
      parsed.issues,
    );
  }

  /**
   * Resolves when the file holds everything that was in the base at the time of the call. Calls made during a
   * write share the next one.
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
      throw new BaseFileError(this.path, 'is broken or half-written: it is not JSON', error);
    }
  }
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeAtomically(path, `${text}\n`);
}

const Cell: v.GenericSchema<CellValue> = v.lazy(() =>
  v.union([v.string(), v.number(), v.boolean(), v.null(), v.array(Cell), v.record(v.string(), Cell)]),
);

const Named = { id: v.string(), name: v.string() };

const Field = v.looseObject({
  ...Named,
  type: v.picklist(FIELD_TYPES),
  description: v.exactOptional(v.string()),
  options: v.exactOptional(
    v.looseObject({
      choices: v.exactOptional(v.array(v.looseObject({ ...Named, color: v.exactOptional(v.string()) }))),
      precision: v.exactOptional(v.number()),
      max: v.exactOptional(v.number()),
      linkedTableId: v.exactOptional(v.string()),
      icon: v.exactOptional(v.string()),
      color: v.exactOptional(v.string()),
      symbol: v.exactOptional(v.string()),
      durationFormat: v.exactOptional(v.string()),
      dateFormat: v.exactOptional(v.looseObject({ name: v.string() })),
      timeFormat: v.exactOptional(v.looseObject({ name: v.string() })),
      timeZone: v.exactOptional(v.string()),
    }),
  ),
});

const View = v.looseObject({
  ...Named,
  type: v.string(),
  filterByFormula: v.exactOptional(v.string()),
  sort: v.exactOptional(
    v.array(v.looseObject({ field: v.string(), direction: v.exactOptional(v.picklist(['asc', 'desc'])) })),
  ),
});

const KeptRecord = v.looseObject({
  id: v.string(),
  createdTime: v.pipe(v.string(), v.isoTimestamp()),
  fields: v.record(v.string(), Cell),
});

/** A base as stored in the file. Unknown properties are kept. */
const KeptBase: v.GenericSchema<unknown, BaseData> = v.looseObject({
  ...Named,
  collaborators: v.exactOptional(v.array(v.looseObject({ ...Named, email: v.string() }))),
  tables: v.array(
    v.looseObject({
      ...Named,
      description: v.exactOptional(v.string()),
      primaryFieldId: v.exactOptional(v.string()),
      fields: v.array(Field),
      views: v.array(View),
      records: v.array(KeptRecord),
    }),
  ),
});
