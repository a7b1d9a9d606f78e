import { lstat, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { ConfigurationError, errorMessage } from '../../lambdas/errors';
import { writeAtomically } from '../../lib/write-atomically';
import type { CsvFile } from './csv-file';
import type { RejectedRow } from './customer-row';

/** Added in front, so that a row with too many or too few cells does not shift them. */
const REJECT_COLUMNS = ['line', 'reason'] as const;

/**
 * Writes the rows that were not imported beside their file, as `<name>.rejects.csv`: the line and the reason first,
 * then the row verbatim, to be corrected there and imported. So formulas are not escaped either: a cell "+4915…" is a
 * number here, and a "=…" came from the file that the reader already has.
 *
 * The file appears only when complete. An existing file may hold a person's corrections: it stays, and the rejects go
 * to `<name>.rejects-2.csv` and so on. A link is not followed.
 * @param replacing the rejects file that this same import wrote before; null if it wrote none.
 * @returns its path.
 * @throws {ConfigurationError} if it cannot be written.
 */
export async function writeRejects(
  source: CsvFile,
  rejected: readonly RejectedRow[],
  replacing: string | null = null,
): Promise<string> {
  const { path, delimiter, headings } = source;
  const rows = rejected.map(({ source: { line, cells }, reason }) => [String(line), reason, ...cells]);
  // With a byte order mark, because without one Excel garbles every name that is not plain English.
  const text = stringify([[...REJECT_COLUMNS, ...headings], ...rows], { delimiter, bom: true });
  const stem = join(dirname(path), `${basename(path, extname(path))}.rejects`);
  const target = replacing ?? (await freeName(stem, text));
  try {
    const { mode } = await stat(path);
    await writeAtomically(target, text, (mode & 0o777) | 0o600);
  } catch (error) {
    const problem = `${target} cannot be written: ${errorMessage(error)}. Move the file to a folder that you can write to`;
    throw new ConfigurationError([problem], { cause: error });
  }
  return target;
}

/** The first free name, or the first whose file already has this text. */
async function freeName(stem: string, text: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? `${stem}.csv` : `${stem}-${number}.csv`;
    if (await isFree(name, text)) return name;
  }
}

async function isFree(name: string, text: string): Promise<boolean> {
  const found = await lstat(name).catch(() => null);
  if (found === null) return true;
  if (!found.isFile()) return false;
  const present = await readFile(name, 'utf8').catch(() => null);
  return present === text;
}

/** The file as it was before its rows were rejected; any other file unchanged. */
export function withoutRejectColumns(file: CsvFile): CsvFile {
  const isRejects = REJECT_COLUMNS.every(
    (heading, index) => file.headings[index]?.trim().toLowerCase() === heading,
  );
  if (!isRejects) return file;
  const rows = file.rows.map((row) => ({ ...row, cells: row.cells.slice(REJECT_COLUMNS.length) }));
  return { ...file, headings: file.headings.slice(REJECT_COLUMNS.length), rows };
}
