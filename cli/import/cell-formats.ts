const ISO = /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})/;
/** `May 31, 2026`, as Airtable's format "friendly" writes it, and `31 May 2026`. */
const NAMED_MONTH_FIRST = /^(?<month>[A-Za-z]{3,9})\.? (?<day>\d{1,2}),? (?<year>\d{4})/;
const NAMED_DAY_FIRST = /^(?<day>\d{1,2}) (?<month>[A-Za-z]{3,9})\.?,? (?<year>\d{4})/;
const MONTH_FIRST = /^(?<month>\d{1,2})[/.](?<day>\d{1,2})[/.](?<year>\d{4})/;
const DAY_FIRST = /^(?<day>\d{1,2})[/.](?<month>\d{1,2})[/.](?<year>\d{4})/;

/** The form of a date with slashes or dots in a column of this format; in other formats it may be either. */
const FORM: ReadonlyMap<string, RegExp> = new Map([
  ['us', MONTH_FIRST],
  ['european', DAY_FIRST],
]);

const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
);

export interface ReadDay {
  /** `2026-05-31`. */
  readonly day: string;
  /** The rest of the text: a time, or nothing. */
  readonly rest: string;
}

/**
 * The day at the start of a text, in ISO's form or in the column's own. Null for anything else, and if the text is
 * ambiguous, as 4/5.
 * @param format the name of the column's date format: `iso`, `us`, `european`, `friendly`, `local`; null if unknown.
 */
export function readDay(text: string, format: string | null): ReadDay | null {
  const form = FORM.get(format ?? '');
  const forms = form === undefined ? [MONTH_FIRST, DAY_FIRST] : [form];
  const days = [ISO, NAMED_MONTH_FIRST, NAMED_DAY_FIRST, ...forms].flatMap((each) => dayOf(text, each) ?? []);
  const [day] = days;
  return day !== undefined && days.every((other) => other.day === day.day) ? day : null;
}

/** The day that the text begins with in this form; null if it does not, or if the calendar has no such day. */
function dayOf(text: string, form: RegExp): ReadDay | null {
  const match = form.exec(text);
  const { year = '', month = '', day: dayOfMonth = '' } = match?.groups ?? {};
  const day = `${year}-${monthNumber(month)}-${dayOfMonth.padStart(2, '0')}`;
  const date = new Date(`${day}T00:00:00Z`);
  const exists = match !== null && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
  return exists ? { day, rest: text.slice(match[0].length).replace(/^(?:T|,?\s+)/, '') } : null;
}

/** Two digits, of a number or of a month's name or the beginning of one; 00 for any other word. */
function monthNumber(text: string): string {
  const number = /^\d+$/.test(text)
    ? text
    : String(MONTHS.findIndex((month) => month.startsWith(text.toLowerCase())) + 1);
  return number.padStart(2, '0');
}

const CLOCK = /^(\d{1,2}):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?\s*(am|pm)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?$/i;

/**
 * A moment in UTC, as `2026-05-31T09:30:00.000Z`; a day alone stays a day. Null if the text is neither, or has a time
 * in an unknown zone.
 * @param timeZone of a time without an offset: the column's, as `Europe/Berlin`.
 */
export function readMoment(text: string, format: string | null, timeZone: string): string | null {
  const read = readDay(text, format);
  if (read === null || read.rest === '') return read?.day ?? null;
  const [matched, hours = '', minutes = '', seconds = '00', half, offset] = CLOCK.exec(read.rest) ?? [];
  const hour = hourOf(Number(hours), half);
  if (matched === undefined || hour === null) return null;
  const clock = `${read.day}T${String(hour).padStart(2, '0')}:${minutes}:${seconds}`;
  if (offset === undefined && !isKnownZone(timeZone)) return null;
  const time = offset === undefined ? timeInZone(clock, timeZone) : Date.parse(clock + isoOffset(offset));
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

function hourOf(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour < 24 ? hour : null;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
}

function isoOffset(offset: string): string {
  return /^[a-z]/i.test(offset) ? 'Z' : offset.replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2');
}

function isKnownZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** The moment at which clocks in the zone show this time. Tried twice, because the offset may change in between. */
function timeInZone(clock: string, timeZone: string): number {
  const asUtc = Date.parse(`${clock}Z`);
  const first = asUtc - zoneOffset(asUtc, timeZone);
  return asUtc - zoneOffset(first, timeZone);
}

/** Milliseconds by which the zone's clocks are ahead of UTC. */
function zoneOffset(time: number, timeZone: string): number {
  const shown = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(time);
  return Date.parse(`${shown.replace(' ', 'T')}Z`) - time;
}

/** Groups of three, as `1,234,567.5` and `1 234 567.5`. */
const GROUPED = /^\d{1,3}(?:[,\u0020\u00a0\u202f'’]\d{3})+(?:\.\d+)?$/;
/** Groups of three, as `1 234 567,5`. */
const GROUPED_BY_SPACE = /^\d{1,3}(?:[\u0020\u00a0\u202f'’]\d{3})+,\d+$/;
/** Groups of three, as `1.234.567,5`. */
const GROUPED_BY_DOT = /^\d{1,3}(?:\.\d{3})+,\d+$|^\d{1,3}(?:\.\d{3}){2,}$/;
/** Far more digits than any number has, and few enough for expressions that backtrack. */
const MAX_NUMBER_LENGTH = 400;
const DECIMAL_COMMA = /^\d+,\d+$/;
const PLAIN = /^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/**
 * A number as programs and people write it: `1234.5`, `1,234.50`, `1.234,50`, `12,5`, `-3`, `(12.00)`. Null if it is
 * not a number or is ambiguous: `1.234` is 1234 in Berlin and 1.234 in Boston, so it is read only with a precision of
 * three decimals or more.
 */
export function readDecimal(text: string, precision: number | null): number | null {
  if (text.length > MAX_NUMBER_LENGTH) return null;
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
