import { stringify } from 'csv-stringify/sync';
import type { OptedOutAddress } from './list-opt-outs';

const HEADINGS = ['address', 'channel', 'since', 'word', 'customers', 'in_airtable'] as const;

/**
 * The list as a CSV file with a header. Starts with a byte order mark, because Excel misreads names without one.
 * Prefixes a cell that starts like a formula with an apostrophe, because names come from customers and a spreadsheet
 * would run it. A phone number keeps its plus sign, because it contains only digits.
 */
export function asCsv(optOuts: readonly OptedOutAddress[]): string {
  const rows = optOuts.map(({ address, channel, since, word, customers, inAirtable }) =>
    [address, channel, since ?? '', word, customers.join('; '), inAirtable].map(harmless),
  );
  return stringify([HEADINGS, ...rows], { bom: true, record_delimiter: 'windows' });
}

const PHONE_NUMBER = /^\+\d+$/;
/** Also after white space and control characters, which some programs skip, and in full width. */
const FORMULA = /^[\s\p{Cc}\p{Cf}]*[=+\-@|%＝＋－＠]|^[\t\r\n]/u;

function harmless(cell: string): string {
  return FORMULA.test(cell) && !PHONE_NUMBER.test(cell) ? `'${cell}` : cell;
}
