/** The order of day and month in a column's format; null if it depends on the person who exports. */
const ORDER: ReadonlyMap<string, 'month-first' | 'day-first' | null> = new Map([
  ['us', 'month-first'],
  ['european', 'day-first'],
  ['local', null],
]);

const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})/;
const SLASHES = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})/;
/** `May 31, 2026`, as Airtable's format "friendly" writes it, and `31 May 2026`. */
const MONTH_FIRST = /^([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})/;
const DAY_FIRST = /^(\d{1,2}) ([A-Za-z]{3,9})\.?,? (\d{4})/;
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

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
  const iso = ISO.exec(text);
  if (iso) return inCalendar(iso[0], text, Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const slashes = SLASHES.exec(text);
  if (slashes) return readSlashes(slashes, text, format);
  const [monthFirst, dayFirst] = [MONTH_FIRST.exec(text), DAY_FIRST.exec(text)];
  if (monthFirst) {
    return inCalendar(
      monthFirst[0],
      text,
      Number(monthFirst[3]),
      monthOf(monthFirst[1]),
      Number(monthFirst[2]),
    );
  }
  if (!dayFirst) return null;
  return inCalendar(dayFirst[0], text, Number(dayFirst[3]), monthOf(dayFirst[2]), Number(dayFirst[1]));
}

function readSlashes(match: RegExpExecArray, text: string, format: string | null): ReadDay | null {
  const [first, second, year] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const order = ORDER.get(format ?? 'local') ?? orderOf(first, second);
  if (order === null) return null;
  return order === 'month-first'
    ? inCalendar(match[0], text, year, first, second)
    : inCalendar(match[0], text, year, second, first);
}

function orderOf(first: number, second: number): 'month-first' | 'day-first' | null {
  if (first > 12) return 'day-first';
  return second > 12 || first === second ? 'month-first' : null;
}

/** By a month's name or the beginning of one; 0 for any other word. */
function monthOf(name = ''): number {
  return MONTHS.findIndex((month) => month.startsWith(name.toLowerCase())) + 1;
}

function inCalendar(
  matched: string,
  text: string,
  year: number,
  month: number,
  dayOfMonth: number,
): ReadDay | null {
  const day = `${year}-${String(month).padStart(2, '0')}-${String(dayOfMonth).padStart(2, '0')}`;
  const date = new Date(`${day}T00:00:00Z`);
  const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
  return exists ? { day, rest: text.slice(matched.length).replace(/^(?:T|,?\s+)/, '') } : null;
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
