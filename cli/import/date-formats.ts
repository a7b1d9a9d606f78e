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
