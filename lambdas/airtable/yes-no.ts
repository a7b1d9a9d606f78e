/** "checked" is Airtable's own export of a ticked checkbox. */
const YES: ReadonlySet<string> = new Set(['true', 'yes', '1', 'x', '✓', '✔', 'checked']);
const NO: ReadonlySet<string> = new Set(['', 'false', 'no', '0', 'unchecked']);

/** Invisible characters, including the variation selector that turns a check mark into an emoji. */
const INVISIBLE = /\p{Cf}|[\ufe00-\ufe0f]/gu;

/**
 * Reads a cell as yes or no, whether its column is a checkbox, a number, a select or a text. A blank cell is a no;
 * `unclear` is a text that is neither. The only such reader, so that import, callbacks and doctor agree.
 */
export function readYesNo(cell: unknown): 'yes' | 'no' | 'unclear' {
  if (cell === undefined || cell === null) return 'no';
  if (Array.isArray(cell)) return readAll(cell);
  if (typeof cell === 'object') return 'unclear';
  const word = String(cell).normalize('NFKC').replace(INVISIBLE, '').trim().toLowerCase();
  if (YES.has(word)) return 'yes';
  return NO.has(word) ? 'no' : 'unclear';
}

/** Values of a lookup or a multiple select: one yes makes the cell a yes. */
function readAll(cells: readonly unknown[]): 'yes' | 'no' | 'unclear' {
  const read = cells.map(readYesNo);
  if (read.includes('yes')) return 'yes';
  return read.includes('unclear') ? 'unclear' : 'no';
}
