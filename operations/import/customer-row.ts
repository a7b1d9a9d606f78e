import type { Cells } from '../../lambdas/airtable/airtable-base';
import { COLUMN } from '../../lambdas/airtable/customer-record';
import { shorten } from '../../lambdas/customers/shorten';
import {
  type Channel,
  type CountryCode,
  keysOf,
  type NumberCell,
  readNumberCell,
  toNumberOrId,
} from '../../lambdas/phone-number/address';
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
  /** Those of sms and whatsapp, a WhatsApp user id among them; one that is both is here twice. */
  readonly numbers: readonly string[];
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
  const numbers: string[] = [];
  const problems: string[] = [];
  let name = '';
  let hasNumber = false;

  for (const { index, field } of columns) {
    const text = source.cells[index]?.trim() ?? '';
    if (text === '') continue;
    if (field.name === COLUMN.name) name = text;
    const channel = channelOf(field);
    hasNumber ||= channel !== null;
    const number = channel === null ? null : toNumberOrId(text, channel, country);
    const reading = channel === null ? readOther(text, field) : readNumber(text, channel, country);
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

function channelOf({ name }: FieldModel): Channel | null {
  return name === COLUMN.sms || name === COLUMN.whatsapp ? name : null;
}

function readNumber(text: string, channel: Channel, country: CountryCode): Reading {
  const number = toNumberOrId(text, channel, country);
  if (number !== null && !SPREADSHEET_NUMBER.test(text)) return { cell: number };
  return { refusal: whyNotNumber(text, readNumberCell(text, channel, country), country) };
}

function whyNotNumber(text: string, cell: NumberCell, country: CountryCode): string {
  if (SPREADSHEET_NUMBER.test(text)) {
    return (
      'is what a spreadsheet makes of a telephone number that it takes for a quantity: format the column as text ' +
      'there, and type the number again'
    );
  }
  const keys = keysOf(cell);
  if (keys.length > 1 || (keys.length === 1 && cell.kind === 'several' && cell.tails.length > 0)) {
    return 'holds several numbers: keep the one to write to, and put the others into rows of their own';
  }
  if (keys.some((key) => key.startsWith('whatsapp-id:'))) {
    return `is a WhatsApp user id: put it into the column ${COLUMN.whatsapp}`;
  }
  return `is no telephone number, not even with the country code of ${country}: write it with + and its country code`;
}

function readOther(text: string, field: FieldModel): Reading {
  if (field.name !== COLUMN.optOut || !holdsText(field)) return readCell(text, field);
  // Kept as a text, an opt-out counts by the word "true" only: with any other the customer would be written to.
  const reading = readCell(text, { ...field, type: 'checkbox' });
  return 'cell' in reading ? { cell: String(reading.cell) } : reading;
}
