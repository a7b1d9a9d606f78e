import dayjs from 'dayjs';
import customParseFormat from 'dayjs/plugin/customParseFormat.js';
import utc from 'dayjs/plugin/utc.js';
import { notSupportedHere } from '../airtable-errors';
import { parseIsoDate } from '../iso-date';
import { lastModifiedTime } from '../presenting';
import { eager, type FormulaFunction } from './row';
import { joinable, numberOperand, RowError, textOperand, truth, type Value } from './value';

dayjs.extend(utc);
dayjs.extend(customParseFormat);

/** A date, or ISO 8601 text; text without a zone is in GMT. */
export function asDate(value: Value): Date {
  const date = typeof value === 'string' ? parseIsoDate(value) : value;
  if (!(date instanceof Date)) throw new RowError(`${joinable(value)} is not a date`);
  return date;
}

const UNITS = [
  ['millisecond', 'ms'],
  ['second', 's'],
  ['minute', 'm'],
  ['hour', 'h'],
  ['day', 'd'],
  ['week', 'w'],
  ['month', 'M'],
  ['year', 'y'],
] as const;

function unitNamed(value: Value, user: string): (typeof UNITS)[number][0] {
  const name = textOperand(value, user);
  const unit = UNITS.find(([long, short]) => name === long || name === `${long}s` || name === short);
  if (!unit) throw notSupportedHere(`the unit "${name}" in ${user}`);
  return unit[0];
}

function parseDate(text: Value, format: Value, locale: Value): Date {
  if (locale !== null) throw notSupportedHere('DATETIME_PARSE with a locale');
  if (format === null) return asDate(text);
  const parsed = dayjs.utc(textOperand(text, 'DATETIME_PARSE'), textOperand(format, 'DATETIME_PARSE'));
  if (!parsed.isValid())
    throw new RowError(`${joinable(text)} is not a date in the format ${joinable(format)}`);
  return parsed.toDate();
}

/** airtable.md#formula-functions; all in GMT. */
export const dateFunctions: Readonly<Record<string, FormulaFunction>> = {
  NOW: { min: 0, max: 0, call: (_args, { now }) => now },
  TODAY: { min: 0, max: 0, call: (_args, { now }) => dayjs.utc(now).startOf('day').toDate() },
  CREATED_TIME: { min: 0, max: 0, call: (_args, { record }) => new Date(record.createdTime) },
  LAST_MODIFIED_TIME: {
    min: 0,
    max: Number.POSITIVE_INFINITY,
    call: (args, row) => {
      const names = args.flatMap(({ fieldName }) => fieldName ?? []);
      if (names.length < args.length)
        throw notSupportedHere('LAST_MODIFIED_TIME of an argument that is not a field');
      return new Date(
        lastModifiedTime(row.record, row.table, names.length > 0 ? names.map(row.field) : undefined),
      );
    },
  },
  IS_AFTER: eager(2, 2, (a = null, b = null) => truth(asDate(a) > asDate(b))),
  IS_BEFORE: eager(2, 2, (a = null, b = null) => truth(asDate(a) < asDate(b))),
  IS_SAME: eager(2, 3, (a = null, b = null, unit = 'ms') =>
    truth(dayjs.utc(asDate(a)).isSame(asDate(b), unitNamed(unit, 'IS_SAME'))),
  ),
  DATETIME_PARSE: eager(1, 3, (text = null, format = null, locale = null) => parseDate(text, format, locale)),
  DATEADD: eager(3, 3, (date = null, count = null, unit = null) =>
    dayjs.utc(asDate(date)).add(numberOperand(count, 'DATEADD'), unitNamed(unit, 'DATEADD')).toDate(),
  ),
  DATETIME_DIFF: eager(2, 3, (a = null, b = null, unit = 'seconds') =>
    dayjs.utc(asDate(a)).diff(asDate(b), unitNamed(unit, 'DATETIME_DIFF')),
  ),
};
