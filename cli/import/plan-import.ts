import { CUSTOMERS } from '../../lambdas/airtable/columns';
import { ConfigurationError } from '../../lambdas/errors';
import { type AddressKey, type CountryCode, keyOf } from '../../lambdas/phone-number/address';
import type { PacedBase } from '../airtable/rate-limited-base';
import { type FieldModel, findTable } from '../airtable/schema';
import { type IgnoredColumn, matchColumns, requireColumns } from './columns';
import { type CsvFile, readCsvFile } from './csv-file';
import { type CustomerRow, type RejectedRow, type RowReading, readRow } from './customer-row';
import { type ExistingCustomers, readExistingCustomers } from './existing-customers';
import { withoutRejectColumns } from './rejects-file';

export interface PlanRequest {
  readonly file: string;
  /** The base, with a token that may read its schema; the token for its records need not. */
  readonly schema: Pick<PacedBase, 'readSchema'>;
  readonly base: PacedBase;
  /** The country of numbers without a country code. */
  readonly defaultCountry: CountryCode;
  /** Receives how many customers of the base have been read. */
  readonly onRead: (customers: number) => void;
}

/** The effect of an import of the file, row by row. */
export interface ImportPlan {
  readonly source: CsvFile;
  /** The columns of the base's table. */
  readonly fields: readonly FieldModel[];
  readonly toCreate: readonly CustomerRow[];
  readonly existing: readonly CustomerRow[];
  readonly rejected: readonly RejectedRow[];
  readonly ignoredColumns: readonly IgnoredColumn[];
}

/**
 * Reads the file and the base, and writes to neither.
 * @throws {ConfigurationError} if the file or the table is unsuitable, with how to fix it.
 */
export async function planImport(request: PlanRequest): Promise<ImportPlan> {
  const { file, schema, base, defaultCountry, onRead } = request;
  const source = withoutRejectColumns(await readCsvFile(file));
  const fields = findTable(await schema.readSchema(), CUSTOMERS)?.fields;
  if (fields === undefined) {
    throw new ConfigurationError([`The base has no table ${CUSTOMERS}: npx frontline setup creates it`]);
  }
  requireColumns(fields);
  const { filled, ignored } = matchColumns(source, fields);
  const there = await readExistingCustomers(base, fields, defaultCountry, onRead);
  const readings = source.rows.map((row) => readRow(row, filled, defaultCountry));
  return { source, fields, ...sort(readings, there), ignoredColumns: ignored };
}

/** A number belongs to the first line that has it, unless that line is rejected for another reason. */
function sort(readings: readonly RowReading[], there: ExistingCustomers) {
  const lines = new Map<AddressKey, number>();
  const toCreate: CustomerRow[] = [];
  const existing: CustomerRow[] = [];
  const rejected: RejectedRow[] = [];
  for (const { problems, ...row } of readings) {
    const state = row.name === '' ? [] : there.compare(row);
    const all = [...problems, ...repeated(row, lines), ...(typeof state === 'string' ? [] : state)];
    if (all.length > 0) {
      rejected.push({ source: row.source, reason: all.join('; ') });
      continue;
    }
    for (const number of row.numbers) lines.set(keyOf(number), row.source.line);
    (state === 'existing' ? existing : toCreate).push(row);
  }
  return { toCreate, existing, rejected };
}

function repeated({ numbers }: CustomerRow, lines: ReadonlyMap<AddressKey, number>): string[] {
  const byKey = new Map(numbers.map((number) => [keyOf(number), number] as const));
  return [...byKey].flatMap(([key, number]) => {
    const line = lines.get(key);
    return line === undefined ? [] : `${number} is already in line ${line}`;
  });
}
