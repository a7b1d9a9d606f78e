import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { Misconfigured, reasonOf } from '../../lambdas/errors/errors';
import type { CsvFile } from './csv-file';
import type { RefusedRow } from './customer-row';

/** In front, so that a row with too many cells or too few does not push them out of their columns. */
const VERDICT = ['line', 'reason'] as const;

/**
 * Writes the rows that were not imported beside their file, as `<name>.rejects.csv`: with the line and the reason in
 * front, else to the letter, for them to be corrected there and imported. So no formula in them is disarmed either:
 * a cell "+4915…" is a number here, and a "=…" came from the very file that the reader has.
 * A reader never sees half of it.
 * @returns its path.
 * @throws {Misconfigured} where it cannot be written.
 */
export async function writeRejects(source: CsvFile, refused: readonly RefusedRow[]): Promise<string> {
  const { path, delimiter, headings } = source;
  const folder = dirname(path);
  const target = join(folder, `${basename(path, extname(path))}.rejects.csv`);
  const rows = refused.map(({ source: { line, cells }, reason }) => [String(line), reason, ...cells]);
  // With a byte order mark: without one, Excel spoils every name that is not plain English.
  const text = stringify([[...VERDICT, ...headings], ...rows], { delimiter, bom: true });
  const draft = `${target}.tmp`;
  try {
    await writeThrough(draft, text, (await stat(path)).mode);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    const problem = `${target} cannot be written: ${reasonOf(error)}. Import the file from a folder that you may write to`;
    throw new Misconfigured([problem], { cause: error });
  }
  return target;
}

/** The file as it was before its rows were refused; any other file as it is. */
export function withoutVerdicts(file: CsvFile): CsvFile {
  const isRejects = VERDICT.every((heading, index) => file.headings[index]?.trim().toLowerCase() === heading);
  if (!isRejects) return file;
  const rows = file.rows.map((row) => ({ ...row, cells: row.cells.slice(VERDICT.length) }));
  return { ...file, headings: file.headings.slice(VERDICT.length), rows };
}

/** @param mode who may read and write it: customers' numbers are for nobody else's eyes than before. */
async function writeThrough(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'w', (mode & 0o777) | 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
