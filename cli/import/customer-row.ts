import type { Cells } from '../../lambdas/airtable/airtable-records';
import { COLUMN } from '../../lambdas/airtable/columns';
import { printableLine, shorten, visibleLine } from '../../lambdas/characters/visible-text';
import {
  type Channel,
  type CountryCode,
  keysOf,
  readNumberCell,
  toNumberOrId,
} from '../../lambdas/phone-number/address';
import type { FieldModel } from '../airtable/schema';
import { holdsText, type Reading, readCell } from './column-types';
import type { FilledColumn } from './columns';
import type { CsvRow } from './csv-file';

/** A reason shows this many characters of a cell; the rejects file has the whole cell. */
const SHOWN_LENGTH = 80;

/** A row of the file as a customer of the base. */
export interface CustomerRow {
  readonly source: CsvRow;
  /** By column name of the base; blank cells are left out. */
  readonly cells: Cells;
  readonly name: string;
  /** Addresses of sms and whatsapp, including a WhatsApp user id; a number in both is here twice. */
  readonly numbers: readonly string[];
  /** Optional cells that their columns reject: the customer is imported without them. */
  readonly leftOut: readonly LeftOutCell[];
}

/** A cell that is left out although its row is imported. */
export interface LeftOutCell {
  readonly column: string;
  readonly line: number;
  readonly reason: string;
}

/** Columns that a customer needs: an unreadable cell here rejects the row. */
export const ESSENTIAL: readonly string[] = [
  COLUMN.name,
  COLUMN.sms,
  COLUMN.whatsapp,
  COLUMN.owner,
  COLUMN.optOut,
  COLUMN.id,
];

/** Airtable's limit for a text (airtable.md#cell-values). */
const MAX_TEXT_LENGTH = 100_000;

/** A row that is not imported. */
export interface RejectedRow {
  readonly source: CsvRow;
  /** All problems of the row. */
  readonly reason: string;
}

/** A row read on its own; with problems, it is not a customer. */
export interface RowReading extends CustomerRow {
  readonly problems: readonly string[];
}

export function readRow(source: CsvRow, columns: readonly FilledColumn[], country: CountryCode): RowReading {
  const nothing = { source, cells: {}, name: '', numbers: [], leftOut: [] };
  if (source.fault !== null) return { ...nothing, problems: [source.fault] };
  const cells: Record<string, unknown> = {};
  const numbers: string[] = [];
  const problems: string[] = [];
  const leftOut: LeftOutCell[] = [];
  let name = '';
  let hasNumber = false;

  for (const { index, field } of columns) {
    const raw = source.cells[index]?.trim() ?? '';
    const reading = readColumn(raw, field, country);
    if (reading === null) continue;
    hasNumber ||= channelOf(field) !== null;
    if ('rejection' in reading) {
      const reason = `${field.name}: "${shorten(raw, SHOWN_LENGTH)}" ${reading.rejection}`;
      if (ESSENTIAL.includes(field.name)) problems.push(reason);
      else leftOut.push({ column: field.name, line: source.line, reason });
      continue;
    }
    cells[field.name] = reading.cell;
    if (field.name === COLUMN.name) name = String(reading.cell);
    if (reading.number !== undefined) numbers.push(reading.number);
  }
  if (name === '' && !problems.some((problem) => problem.startsWith(`${COLUMN.name}:`))) {
    problems.push('the name is missing');
  }
  if (!hasNumber) problems.push('sms and whatsapp are both blank');
  return { source, cells, name, numbers, leftOut, problems };
}

type ColumnReading = { readonly cell: unknown; readonly number?: string } | { readonly rejection: string };

/** Null for a blank cell. */
function readColumn(raw: string, field: FieldModel, country: CountryCode): ColumnReading | null {
  const cellText = readCellText(raw);
  if ('rejection' in cellText) return cellText;
  const text = asShown(cellText.text, field);
  if (text === '') return null;
  if (text.length > MAX_TEXT_LENGTH) return { rejection: `is longer than ${MAX_TEXT_LENGTH} characters` };
  const channel = channelOf(field);
  return channel === null ? readOther(text, field) : readNumber(text, channel, country);
}

/** Invisible characters are removed from names, because an owner with one would match no worker. */
function asShown(text: string, { name }: FieldModel): string {
  if (name === COLUMN.name) return visibleLine(text) ?? '';
  return name === COLUMN.owner ? printableLine(text).trim() : text;
}

function channelOf({ name }: FieldModel): Channel | null {
  return name === COLUMN.sms || name === COLUMN.whatsapp ? name : null;
}

/** 4.15556E+09, and 4155550123.0, which would be read as another number. */
const SPREADSHEET_NUMBER = /^\+?\d+(?:[.,]\d+)?E[+-]?\d+$|^\+?\d{6,}[.,]0+$/i;

function readNumber(text: string, channel: Channel, country: CountryCode): ColumnReading {
  if (SPREADSHEET_NUMBER.test(text)) {
    return {
      rejection:
        'looks like a phone number reformatted by a spreadsheet: format the column as text, and enter the number again',
    };
  }
  const number = toNumberOrId(text, channel, country);
  return number === null ? { rejection: numberProblem(text, channel, country) } : { cell: number, number };
}

function numberProblem(text: string, channel: Channel, country: CountryCode): string {
  const cell = readNumberCell(text, channel, country);
  const [key, ...others] = keysOf(cell);
  if (cell.kind === 'several' && key?.startsWith('whatsapp-id:') && others.length === 0) {
    return `is a WhatsApp user ID: move it to the column ${COLUMN.whatsapp}`;
  }
  return cell.kind === 'several'
    ? 'contains several numbers: keep one, and move the others to rows of their own'
    : `is not a valid phone number (default country ${country}): write it with + and country code`;
}

function readOther(text: string, field: FieldModel): Reading {
  if (field.name !== COLUMN.optOut || !holdsText(field)) return readCell(text, field);
  // In a text column, only the word "true" counts as an opt-out.
  const reading = readCell(text, { ...field, type: 'checkbox' });
  return 'cell' in reading ? { cell: String(reading.cell) } : reading;
}

/** Error values that a spreadsheet shows in place of a result. */
const SPREADSHEET_ERROR = /^#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NULL!|NUM!|SPILL!|CALC!|ERROR!|#+)$/i;
/** After the equals sign: a function's name and its bracket, a cell's address, an operator or a number. */
const FORMULA = /^(?:=(?:[A-Z][A-Z0-9.]*\(|\$?[A-Z]{1,3}\$?\d+(?![A-Za-z])|[+\-(\d"])|@[A-Z][A-Z0-9.]*\()/i;
/** `="00123"`: programs write it so that a spreadsheet does not read a text as a number. */
const QUOTED_TEXT = /^=\s*"((?:[^"]|"")*)"$/;
/** The apostrophe by which spreadsheets and cautious programs mark a text that looks like a formula. */
const TEXT_MARK = /^'(?=[=+\-@\d])/;

type CellText = { readonly text: string } | { readonly rejection: string };

/**
 * A cell as a spreadsheet shows it: trimmed, `="…"` unwrapped, without the apostrophe that marks a text.
 * A formula or a spreadsheet's error has no such text.
 */
function readCellText(cell: string): CellText {
  const trimmed = cell.trim();
  const quoted = QUOTED_TEXT.exec(trimmed)?.[1];
  if (quoted !== undefined) return readPlain(quoted.replaceAll('""', '"').trim());
  return readPlain(trimmed);
}

function readPlain(text: string): CellText {
  if (SPREADSHEET_ERROR.test(text)) return { rejection: 'is a spreadsheet error, not a value' };
  if (FORMULA.test(text)) {
    return { rejection: 'is a spreadsheet formula: export values, not formulas' };
  }
  return { text: text.replace(TEXT_MARK, '') };
}
