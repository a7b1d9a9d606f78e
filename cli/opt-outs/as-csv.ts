import { stringify } from 'csv-stringify/sync';
import type { OptedOutAddress } from './list-opt-outs';

const HEADINGS = ['address', 'channel', 'since', 'word', 'customers', 'in_airtable'] as const;

/**
 * The list as a CSV file: a byte order mark, because Excel reads names wrongly without one, and one header. A
 * spreadsheet program runs a cell that begins like a formula, and names come from customers: such a cell gets an
 * apostrophe in front. A phone number keeps its plus sign; it cannot be more than a number.
 */
export function asCsv(optOuts: readonly OptedOutAddress[]): string {
  const rows = optOuts.map(({ address, channel, since, word, customers, inAirtable }) =>
    [address, channel, since ?? '', word, customers.join('; '), inAirtable].map(harmless),
  );
  return stringify([HEADINGS, ...rows], { bom: true, record_delimiter: 'windows' });
}

const PHONE_NUMBER = /^\+\d+$/;
/** Also behind white space and control characters, which some programs skip, and in full width. */
const FORMULA = /^[\s\p{Cc}\p{Cf}]*[=+\-@|%＝＋－＠]|^[\t\r\n]/u;

function harmless(cell: string): string {
  return FORMULA.test(cell) && !PHONE_NUMBER.test(cell) ? `'${cell}` : cell;
}
