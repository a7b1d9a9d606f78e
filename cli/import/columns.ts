import { missingColumns } from '../../lambdas/airtable/airtable-errors';
import { COLUMN, CUSTOMERS } from '../../lambdas/airtable/columns';
import { shorten } from '../../lambdas/characters/visible-text';
import { ConfigurationError } from '../../lambdas/errors';
import { type FieldModel, isAlike, typeName } from '../airtable/schema';
import { canBeFilled, holdsText } from './column-types';
import type { CsvFile } from './csv-file';

/** A column of the file, and the base's column that it fills. */
export interface FilledColumn {
  readonly index: number;
  readonly field: FieldModel;
}

export interface IgnoredColumn {
  readonly heading: string;
  readonly reason: string;
}

export interface ColumnMatch {
  readonly filled: readonly FilledColumn[];
  readonly ignored: readonly IgnoredColumn[];
}

/** Columns with an address: a customer needs one of them. */
const NUMBERS: readonly string[] = [COLUMN.sms, COLUMN.whatsapp];

/** The length of a first line that a message shows. */
const SHOWN_LENGTH = 200;

/**
 * Finds the base's column for each heading, by name, ignoring letter case, spaces, underscores and hyphens. Synonyms
 * are not guessed: "Phone" may be the number of a fax.
 * @throws {ConfigurationError} if no column names the customers, or two columns of the file match one of the base.
 */
export function matchColumns({ path, headings, rows }: CsvFile, fields: readonly FieldModel[]): ColumnMatch {
  const filled: FilledColumn[] = [];
  const ignored: IgnoredColumn[] = [];
  headings.forEach((heading, index) => {
    const field = findField(heading, fields);
    const reason = field === undefined ? `${CUSTOMERS} has no column of this name` : reasonNotFilled(field);
    if (field !== undefined && reason === null) filled.push({ index, field });
    else if (reason !== null && heading.trim() !== '') ignored.push({ heading: heading.trim(), reason });
    else if (rows.some(({ cells }) => (cells[index] ?? '').trim() !== '')) {
      ignored.push({ heading: `(column ${index + 1})`, reason: 'it has no heading' });
    }
  });
  const problems = [...duplicates(filled, headings), ...missing(filled, fields, headings)];
  if (problems.length > 0) throw new ConfigurationError(problems.map((problem) => `${path}: ${problem}`));
  return { filled, ignored };
}

/** The column with exactly this name, else one with the same normalized name: the service's own columns first. */
function findField(heading: string, fields: readonly FieldModel[]): FieldModel | undefined {
  const own: readonly string[] = Object.values(COLUMN);
  const alike = fields.filter(({ name }) => isAlike(name, heading));
  return (
    alike.find(({ name }) => name === heading.trim()) ??
    alike.find(({ name }) => own.includes(name)) ??
    alike[0]
  );
}

function reasonNotFilled(field: FieldModel): string | null {
  if (canBeFilled(field)) return null;
  return field.type === 'multipleRecordLinks'
    ? 'an import cannot link records'
    : `Airtable computes it (${typeName(field.type)})`;
}

function duplicates(filled: readonly FilledColumn[], headings: readonly string[]): string[] {
  return filled.flatMap(({ index, field }) => {
    const first = filled.find((other) => other.field.id === field.id);
    return first === undefined || first.index === index
      ? []
      : `"${headings[first.index]}" and "${headings[index]}" both match the column "${field.name}": rename or delete one`;
  });
}

function missing(
  filled: readonly FilledColumn[],
  fields: readonly FieldModel[],
  headings: readonly string[],
): string[] {
  const fills = (column: string) => filled.some(({ field }) => field.name === column);
  const lacking = [
    ...(fills(COLUMN.name) ? [] : ['"name"']),
    ...(NUMBERS.some(fills) ? [] : ['"sms" or "whatsapp"']),
  ];
  if (lacking.length === 0) return [];
  const usable = fields.filter(canBeFilled).map(({ name }) => name);
  return [
    `no column ${lacking.join(' and no column ')}. The first line must name the columns; it is ` +
      `"${shorten(headings.join(', '), SHOWN_LENGTH)}". The columns of the base are: ${usable.join(', ')}`,
  ];
}

/**
 * Whether the table can hold customers.
 * @throws {ConfigurationError} naming the column that is missing or has an unsuitable type.
 */
export function requireColumns(fields: readonly FieldModel[]): void {
  const named = (column: string) => fields.find(({ name }) => name === column);
  if (named(COLUMN.name) === undefined) throw missingColumns(CUSTOMERS, [COLUMN.name]);
  if (!NUMBERS.some(named)) throw missingColumns(CUSTOMERS, NUMBERS);
  const problems = [COLUMN.name, ...NUMBERS].flatMap((column) => {
    const field = named(column);
    return field === undefined || holdsText(field)
      ? []
      : `Column "${column}" of ${CUSTOMERS} has the type ${typeName(field.type)}: change it to ${typeName('singleLineText')}`;
  });
  if (problems.length > 0) throw new ConfigurationError(problems);
}
