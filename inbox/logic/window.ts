/** The rows of a list that are in the document: `from` up to, not including, `to`. */
export interface RowWindow {
  readonly from: number;
  readonly to: number;
}

/** Rows above and below those in view. With rows of 64 px and a screen of 2,000 px, at most 48 are in the document. */
const OVERSCAN = 8;
const MAX_ROWS = 80;

/** Which rows of equal height to show. */
export function rowWindow(
  scrollTop: number,
  viewHeight: number,
  rowHeight: number,
  count: number,
): RowWindow {
  const first = Math.floor(scrollTop / rowHeight) - OVERSCAN;
  const from = Math.min(Math.max(0, first), Math.max(0, count - 1));
  const visible = Math.ceil(viewHeight / rowHeight) + 2 * OVERSCAN;
  return { from, to: Math.min(count, from + Math.min(visible, MAX_ROWS)) };
}
