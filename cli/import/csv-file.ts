import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse/sync';
import * as v from 'valibot';
import { ConfigurationError, errorMessage } from '../../lambdas/errors';

const DELIMITERS = [',', ';', '\t'];

export interface CsvRow {
  /** The line in the file where it begins, from 1. A cell may span several lines. */
  readonly line: number;
  /** Verbatim. */
  readonly cells: readonly string[];
  /** Why its cells cannot be separated reliably; null if they can. */
  readonly fault: string | null;
}

export interface CsvFile {
  readonly path: string;
  readonly delimiter: string;
  readonly headings: readonly string[];
  /** Without rows of blank cells only. */
  readonly rows: readonly CsvRow[];
}

/** @throws {ConfigurationError} for a file that is not a CSV file, or has blank lines only. */
export async function readCsvFile(path: string): Promise<CsvFile> {
  const { text, delimiter, firstLine } = readDelimiterLine(await readFileText(path));
  const [first, ...rest] = readRecords(text, delimiter, { path, firstLine });
  if (first === undefined) {
    throw new ConfigurationError([
      `${path} is empty: the first line must name the columns, and each other line is a customer`,
    ]);
  }
  const rows = rest.map((row) => ({ ...row, fault: row.fault ?? surplusCells(row, first.cells) }));
  return { path, delimiter, headings: first.cells, rows };
}

/** `sep=;` names the delimiter for Excel, with or without quotation marks. */
const DELIMITER_LINE = /^"?sep=([^"\r\n])"?[^\S\r\n]*(?:\r\n|\r|\n|$)/i;

/** Removes a first line that only names the delimiter; without one, the delimiter is detected in the headings. */
function readDelimiterLine(text: string) {
  const [line, delimiter] = DELIMITER_LINE.exec(text) ?? [];
  if (line === undefined || delimiter === undefined) {
    return { text, delimiter: delimiterOf(text), firstLine: 1 };
  }
  return { text: text.slice(line.length), delimiter, firstLine: 2 };
}

/** The delimiter that is most frequent in the first line, outside quotation marks. */
function delimiterOf(text: string): string {
  const [firstLine = ''] = /^\s*(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text) ?? [];
  const plain = firstLine.replace(/"(?:[^"]|"")*"/g, '');
  const count = (delimiter: string) => plain.split(delimiter).length;
  return DELIMITERS.reduce((best, each) => (count(each) > count(best) ? each : best));
}

const LINE_BREAK = /\r\n|\r|\n/g;
const Parsed = v.object({ record: v.array(v.string()), raw: v.string() });

/**
 * All records but blank ones. The line is counted from the line breaks of the records before, because the parser's own
 * count takes a Windows line break inside quotation marks for two.
 */
function readRecords(
  text: string,
  delimiter: string,
  { path, firstLine }: { readonly path: string; readonly firstLine: number },
): CsvRow[] {
  const records: CsvRow[] = [];
  let line = firstLine;
  const take = (parsed: unknown) => {
    const { record: cells, raw } = v.parse(Parsed, parsed);
    if (cells.some((cell) => cell.trim() !== '')) {
      records.push({ line, cells, fault: strayQuotes(cells, raw) });
    }
    line += 1 + cells.reduce((breaks, cell) => breaks + (cell.match(LINE_BREAK)?.length ?? 0), 0);
    return null;
  };
  try {
    parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      raw: true,
      max_record_size: 0,
      on_record: take,
    });
  } catch (error) {
    if (!(error instanceof CsvError) || error.code !== 'CSV_QUOTE_NOT_CLOSED') throw error;
    throw new ConfigurationError(
      [
        `${path}: unclosed quotation mark in or after line ${line}. Close it, or double it if it is part of the text`,
      ],
      { cause: error },
    );
  }
  return records;
}

/** The parser keeps misplaced quotation marks in the cell; a text that begins with one properly has three in a row. */
function strayQuotes(cells: readonly string[], raw: string): string | null {
  const isStray = cells.some((cell) => cell.trimStart().startsWith('"')) && !raw.includes('"""');
  return isStray
    ? 'a cell contains a quotation mark: double it, and enclose the cell in quotation marks'
    : null;
}

/**
 * Programs omit or add blank cells at the end of a row, which is harmless. A surplus cell with text means that a
 * text contains an unquoted delimiter.
 */
function surplusCells({ cells }: CsvRow, headings: readonly string[]): string | null {
  return cells.slice(headings.length).every((cell) => cell.trim() === '')
    ? null
    : `the row has ${cells.length} cells, the first line ${headings.length}: quote the cell that contains a delimiter`;
}

const SAVE_AS_UTF8 =
  'save it as UTF-8 (Excel: File > Save As > "CSV UTF-8"; LibreOffice: Save As, character set "Unicode (UTF-8)"; ' +
  'Google Sheets: File > Download > Comma-separated values) and import that';

/** The first bytes of other formats that people mistake for CSV. */
const WORKBOOKS = [Buffer.from('PK\x03\x04', 'latin1'), Buffer.from('d0cf11e0', 'hex')];
const UTF16_MARKS = [Buffer.from('fffe', 'hex'), Buffer.from('feff', 'hex')];

/**
 * The text of a file that must be UTF-8, without a byte order mark. The whole file is read, because the meaning of a
 * line depends on all lines before it.
 * @throws {ConfigurationError} for a file that cannot be read or has another format, with how to save it.
 */
async function readFileText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new ConfigurationError([`${file} cannot be read: ${readProblem(error)}`], { cause: error });
  });
  const is = encodingProblem(bytes);
  if (is !== null) throw new ConfigurationError([`${file} ${is}: ${SAVE_AS_UTF8}`]);
  return new TextDecoder().decode(bytes);
}

function readProblem(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'no such file';
    case 'EISDIR':
      return 'it is a directory';
    case 'EACCES':
      return 'permission denied';
    default:
      return errorMessage(error);
  }
}

function encodingProblem(bytes: Buffer): string | null {
  if (WORKBOOKS.some((start) => bytes.subarray(0, start.length).equals(start))) {
    return 'is a spreadsheet workbook, not a CSV file';
  }
  if (UTF16_MARKS.some((mark) => bytes.subarray(0, 2).equals(mark)) || bytes.includes(0)) {
    return 'is UTF-16 or binary, not UTF-8';
  }
  if (isUtf8(bytes)) return null;
  const [readable = ''] = new TextDecoder().decode(bytes).split('\ufffd');
  const line = readable.split(/\r\n|\r|\n/).length;
  return `is not UTF-8: line ${line} has a character in another encoding, such as Windows-1252 or Latin-1`;
}
