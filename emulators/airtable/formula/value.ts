import { notSupportedHere } from '../airtable-errors';

/**
 * A list keeps its items for ARRAYJOIN. Elsewhere selects and links are texts; how a lookup or an attachment
 * compares is not known (airtable.md#columns-in-formulas).
 */
export interface List {
  readonly items: readonly string[];
  readonly isText: boolean;
}

/** The value of a part of a formula. True is 1 and false is 0; null is a blank. */
export type Value = string | number | Date | List | null;

/** A formula failed on one row: Airtable shows `#ERROR!` there and a filter leaves the row out. */
export class RowError extends Error {
  override readonly name = 'RowError';
}

const SEPARATOR = ', ';

export function isList(value: Value): value is List {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}

/** Whether a filter keeps a row with this result (airtable.md#listing-records). */
export function isTruthy(value: Value): boolean {
  return isList(value) ? value.items.length > 0 : value !== null && value !== 0 && value !== '';
}

export const truth = (condition: boolean): number => (condition ? 1 : 0);

/** The text that `&` makes of a value. */
export function joinable(value: Value): string {
  if (value === null) return '';
  if (isList(value)) return value.items.join(SEPARATOR);
  return value instanceof Date ? value.toISOString() : String(value);
}

/** An operand that must be text; a blank counts as "". */
export function textOperand(value: Value, user: string): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (isList(value) && value.isText) return value.items.join(SEPARATOR);
  throw notSupportedHere(`${user} over ${kindOf(value)}; append &"" to make it text`);
}

/** An operand that must be a number; a blank counts as 0. */
export function numberOperand(value: Value, user: string): number {
  if (value === null) return 0;
  if (typeof value === 'number') return value;
  throw notSupportedHere(`${user} over ${kindOf(value)}`);
}

/** @throws RowError for infinity and NaN */
export function finite(value: number): number {
  if (!Number.isFinite(value)) throw new RowError('not a finite number');
  return value;
}

export function kindOf(value: Value): string {
  if (value === null) return 'a blank';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'a number';
  return value instanceof Date ? 'a date' : 'a list';
}
