import dayjs from 'dayjs';
import utc from 'dayjs/plugin/utc.js';

dayjs.extend(utc);

const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/;

/** ISO 8601, a date or a date with a time; without a zone, in GMT. Undefined for anything else. */
export function parseIsoDate(text: string): Date | undefined {
  const parsed = ISO.test(text) ? dayjs.utc(text) : undefined;
  return parsed?.isValid() ? parsed.toDate() : undefined;
}
