import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { ConfigurationError, errorMessage } from '../../lambdas/errors';

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
export async function readFileText(file: string): Promise<string> {
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
