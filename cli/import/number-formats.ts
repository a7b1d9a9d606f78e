/** Groups of three, as `1,234,567.5` and `1 234 567.5`. */
const GROUPED = /^\d{1,3}(?:[,\u0020\u00a0\u202f'’]\d{3})+(?:\.\d+)?$/;
/** Groups of three, as `1 234 567,5`. */
const GROUPED_BY_SPACE = /^\d{1,3}(?:[\u0020\u00a0\u202f'’]\d{3})+,\d+$/;
/** Groups of three, as `1.234.567,5`. */
const GROUPED_BY_DOT = /^\d{1,3}(?:\.\d{3})+,\d+$|^\d{1,3}(?:\.\d{3}){2,}$/;
/** Far more digits than any number has, and few enough for expressions that backtrack. */
const LONGEST_NUMBER = 400;
const DECIMAL_COMMA = /^\d+,\d+$/;
const PLAIN = /^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/**
 * A number as programs and people write it: `1234.5`, `1,234.50`, `1.234,50`, `12,5`, `-3`, `(12.00)`. Null if it is
 * not a number or is ambiguous: `1.234` is 1234 in Berlin and 1.234 in Boston, so it is read only with a precision of
 * three decimals or more.
 */
export function readDecimal(text: string, precision: number | null): number | null {
  if (text.length > LONGEST_NUMBER) return null;
  const [, bracket, minus, digits = ''] = /^(\()?\s*([+\-\u2212])?\s*(.*?)\s*\)?$/.exec(text) ?? [];
  if ((bracket !== undefined) !== text.endsWith(')')) return null;
  const size = sizeOf(digits, precision);
  if (size === null) return null;
  return bracket !== undefined || (minus !== undefined && minus !== '+') ? -size : size;
}

function sizeOf(digits: string, precision: number | null): number | null {
  if (GROUPED.test(digits)) return Number(digits.replace(/[^\d.]/g, ''));
  if (GROUPED_BY_SPACE.test(digits)) return Number(digits.replace(/[^\d,]/g, '').replace(',', '.'));
  if (GROUPED_BY_DOT.test(digits)) return Number(digits.replaceAll('.', '').replace(',', '.'));
  if (DECIMAL_COMMA.test(digits)) return Number(digits.replace(',', '.'));
  const isAmbiguous = precision !== null && precision < 3 && /^[1-9]\d{0,2}\.\d{3}$/.test(digits);
  // JSON has no infinity.
  return PLAIN.test(digits) && !isAmbiguous && Number.isFinite(Number(digits)) ? Number(digits) : null;
}

/** Seconds, of `1:30` in a column of the format `h:mm`, or `1:30:15.5` in one of `h:mm:ss.S`; null for another form. */
export function readDuration(text: string, format: string): number | null {
  const [, minus = '', clock = ''] = /^([+-]?)(\d+(?::[0-5]?\d){1,2}(?:\.\d+)?)$/.exec(text) ?? [];
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
  if (clock === '' || clock.split(':').length !== format.split(':').length) return null;
  const total = hours * 3_600 + minutes * 60 + seconds;
  return minus === '-' ? -total : total;
}
