/**
 * Times in words, in the worker's language and zone by default. All take instants in milliseconds; `zone` exists so
 * that tests do not depend on the machine.
 */
export interface TimeFormat {
  readonly locale?: string;
  readonly zone?: string;
}

const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(instant: number, options: Intl.DateTimeFormatOptions, { locale, zone }: TimeFormat): string {
  const key = JSON.stringify([options, locale, zone]);
  const known = formats.get(key);
  const made =
    known ??
    new Intl.DateTimeFormat(locale, { ...options, ...(zone === undefined ? {} : { timeZone: zone }) });
  if (known === undefined) formats.set(key, made);
  return made.format(instant);
}

/** The calendar day of an instant as `2026-11-25`: equal for two instants of the same day in that zone. */
export function dayOf(instant: number, { zone }: TimeFormat = {}): string {
  return format(instant, { year: 'numeric', month: '2-digit', day: '2-digit' }, withZone('en-CA', zone));
}

/** The hour: `14:05` or `2:05 PM`. */
export function clock(instant: number, options: TimeFormat = {}): string {
  return format(instant, { hour: 'numeric', minute: '2-digit' }, options);
}

/** The time of a list row: the hour today, the weekday within the last six days, else the date. */
export function rowTime(instant: number, now: number, options: TimeFormat = {}): string {
  const today = dayOf(now, options);
  if (dayOf(instant, options) === today) return clock(instant, options);
  if (instant < now && daysBetween(instant, now, options) < 7) {
    return format(instant, { weekday: 'short' }, options);
  }
  const sameYear = dayOf(instant, options).slice(0, 4) === today.slice(0, 4);
  return format(instant, sameYear ? { day: 'numeric', month: 'short' } : { dateStyle: 'short' }, options);
}

/** The heading of a day in a conversation: today and yesterday in words, else weekday and date. */
export function dayHeading(instant: number, now: number, options: TimeFormat = {}): string {
  const days = daysBetween(instant, now, options);
  if (days === 0 || days === 1) {
    const words = new Intl.RelativeTimeFormat(options.locale, { numeric: 'auto' }).format(-days, 'day');
    return words.charAt(0).toLocaleUpperCase(options.locale) + words.slice(1);
  }
  const sameYear = dayOf(instant, options).slice(0, 4) === dayOf(now, options).slice(0, 4);
  return format(
    instant,
    {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      ...(sameYear ? {} : { year: 'numeric' }),
    },
    options,
  );
}

/** Date and hour in full, as a tooltip and in details. */
export function fullTime(instant: number, options: TimeFormat = {}): string {
  return format(instant, { dateStyle: 'long', timeStyle: 'short' }, options);
}

/** A date without the hour. */
export function fullDate(instant: number, options: TimeFormat = {}): string {
  return format(instant, { dateStyle: 'long' }, options);
}

/** What is left of a time span, in the largest useful unit: `18 hours`, `42 minutes`. */
export function span(milliseconds: number, { locale }: TimeFormat = {}): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const [value, unit] =
    seconds >= 3600
      ? [Math.floor(seconds / 3600), 'hour']
      : seconds >= 60
        ? [Math.floor(seconds / 60), 'minute']
        : [seconds, 'second'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}

/** The size of a file: `42 kB`, `1.8 MB`. */
export function fileSize(bytes: number, { locale }: TimeFormat = {}): string {
  const [value, unit] =
    bytes < 1000
      ? [bytes, 'byte']
      : bytes < 1_000_000
        ? [bytes / 1000, 'kilobyte']
        : [bytes / 1_000_000, 'megabyte'];
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}

/** Whole calendar days from an instant until now; 0 on the same day. */
function daysBetween(instant: number, now: number, options: TimeFormat): number {
  return Math.round((Date.parse(dayOf(now, options)) - Date.parse(dayOf(instant, options))) / DAY_MS);
}

function withZone(locale: string, zone: string | undefined): TimeFormat {
  return zone === undefined ? { locale } : { locale, zone };
}
