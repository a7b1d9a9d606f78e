/** Error values that a spreadsheet shows in place of a result. */
const SPREADSHEET_ERROR = /^#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NULL!|NUM!|SPILL!|CALC!|ERROR!|#+)$/i;
/** After the equals sign: a function's name and its bracket, a cell's address, an operator or a number. */
const FORMULA = /^(?:=(?:[A-Z][A-Z0-9.]*\(|\$?[A-Z]{1,3}\$?\d+(?![A-Za-z])|[+\-(\d"])|@[A-Z][A-Z0-9.]*\()/i;
/** `="00123"`: programs write it so that a spreadsheet does not read a text as a number. */
const QUOTED_TEXT = /^=\s*"((?:[^"]|"")*)"$/;
/** The apostrophe by which spreadsheets and cautious programs mark a text that looks like a formula. */
const TEXT_MARK = /^'(?=[=+\-@\d])/;

export type CellText = { readonly text: string } | { readonly rejection: string };

/**
 * A cell as a spreadsheet shows it: trimmed, `="…"` unwrapped, without the apostrophe that marks a text.
 * A formula or a spreadsheet's error has no such text.
 */
export function readCellText(cell: string): CellText {
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
