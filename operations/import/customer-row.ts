import type { Cells } from '../../lambdas/airtable/airtable-records';
import { COLUMN } from '../../lambdas/airtable/columns';
import { shorten } from '../../lambdas/customers/shorten';
import { type CountryCode, type E164Number, toE164 } from '../../lambdas/phone-number/phone-number';
import type { FieldModel } from '../airtable/schema';
import { holdsText, type Reading, readCell } from './column-types';
import type { FilledColumn } from './columns';
import type { CsvRow } from './csv-file';

/** As much of a cell as a reason shows; the cell itself is in the rejects file. */
const SHOWN_LENGTH = 80;

/** A row of the file as a customer of the base. */
export interface CustomerRow {
  readonly source: CsvRow;
  /** By the names of the base's columns; a blank one is left out. */
  readonly cells: Cells;
  readonly name: string;
  /** Those of sms and whatsapp; one that is both is here twice. */
  readonly numbers: readonly E164Number[];
}

/** A row that is not imported. */
export interface RefusedRow {
  readonly source: CsvRow;
  /** All that is wrong with it. */
  readonly reason: string;
}

/** What a row says, taken by itself; with problems, it is no customer. */
export interface RowReading extends CustomerRow {
  readonly problems: readonly string[];
}

export function readRow(source: CsvRow, columns: readonly FilledColumn[], country: CountryCode): RowReading {
  if (source.fault !== null) return { source, cells: {}, name: '', numbers: [], problems: [source.fault] };
  const cells: Record<string, unknown> = {};
  const numbers: E164Number[] = [];
  const problems: string[] = [];
  let name = '';
  let hasNumber = false;

  for (const { index, field } of columns) {
    const text = source.cells[index]?.trim() ?? '';
    if (text === '') continue;
    if (field.name === COLUMN.name) name = text;
    const isNumber = field.name === COLUMN.sms || field.name === COLUMN.whatsapp;
    hasNumber ||= isNumber;
    const number = isNumber ? toE164(text, country) : null;
    const reading = isNumber ? readNumber(text, number, country) : readOther(text, field);
    if ('refusal' in reading)
      problems.push(`${field.name}: "${shorten(text, SHOWN_LENGTH)}" ${reading.refusal}`);
    else cells[field.name] = reading.cell;
    if ('cell' in reading && number !== null) numbers.push(number);
  }
  if (name === '') problems.push('it has no name');
  if (!hasNumber) problems.push('it has neither a number for sms nor one for whatsapp');
  return { source, cells, name, numbers, problems };
}

/** 4.15556E+09, and 4155550123.0, of which a number could be read that is another. */
const SPREADSHEET_NUMBER = /^\+?\d+(?:[.,]\d+)?E[+-]?\d+$|^\+?\d{6,}[.,]0+$/i;

function readNumber(text: string, number: E164Number | null, country: CountryCode): Reading {
  if (SPREADSHEET_NUMBER.test(text)) {
    return {
      refusal:
        'is what a spreadsheet makes of a telephone number that it takes for a quantity: format the column as text ' +
        'there, and type the number again',
    };
  }
  return number === null
    ? {
        refusal: `is no telephone number, not even with the country code of ${country}: write it with + and its country code`,
      }
    : { cell: number };
}

function readOther(text: string, field: FieldModel): Reading {
  if (field.name !== COLUMN.optOut || !holdsText(field)) return readCell(text, field);
  // Kept as a text, an opt-out counts by the word "true" only: with any other the customer would be written to.
  const reading = readCell(text, { ...field, type: 'checkbox' });
  return 'cell' in reading ? { cell: String(reading.cell) } : reading;
}
