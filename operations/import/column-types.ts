import { readYesNo } from '../../lambdas/airtable/yes-no';
import { choicesOf, type FieldModel } from '../airtable/schema';

/** What a cell of the file becomes in the base, or why its column does not take it. */
export type Reading = { readonly cell: unknown } | { readonly refusal: string };

type Reader = (text: string, field: FieldModel) => Reading;

/**
 * What a filled cell of the file becomes in a column (Airtable contract 2.3): the column's own type throughout, since
 * `typecast` would also add choices to the team's selects.
 * @param text trimmed, and not blank
 */
export function readCell(text: string, field: FieldModel): Reading {
  return READERS.get(field.type)?.(text, field) ?? { refusal: 'the column cannot be written' };
}

/** Whether a file can fill the column: not what Airtable computes, and no links, which take record ids. */
export function canBeFilled({ type }: FieldModel): boolean {
  return READERS.has(type);
}

export function holdsText({ type }: FieldModel): boolean {
  return TEXTS.has(type);
}

const asIs: Reader = (text) => ({ cell: text });

const number: Reader = (text) =>
  /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text)
    ? { cell: Number(text) }
    : { refusal: 'is no number: write it like 1234.5' };

const percent: Reader = (text, field) => {
  const share = /^(.*\d)\s*%$/.exec(text)?.[1];
  const reading = number(share ?? text, field);
  return share !== undefined && 'cell' in reading ? { cell: Number(reading.cell) / 100 } : reading;
};

const checkbox: Reader = (text) => {
  const read = readYesNo(text);
  return read === 'unclear'
    ? { refusal: 'is neither yes nor no: write true or false' }
    : { cell: read === 'yes' };
};

const singleSelect: Reader = (text, field) => {
  const choices = choicesOf(field);
  const choice =
    choices.find((name) => name === text) ??
    choices.find((name) => name.trim().toLowerCase() === text.toLowerCase());
  return choice === undefined ? { refusal: noChoice(choices) } : { cell: choice };
};

const multipleSelects: Reader = (text, field) => {
  const whole = singleSelect(text, field);
  if ('cell' in whole) return { cell: [whole.cell] };
  return all(parts(text, /[,;\n]/), (part) => singleSelect(part, field));
};

const DATE = /^(\d{4}-\d\d-\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/;

/** Not the forms in which 4/5 is one day here and another there. */
const date: Reader = (text) => {
  const [, day] = DATE.exec(text) ?? [];
  return day !== undefined && isInCalendar(day)
    ? { cell: day }
    : { refusal: 'is no date: write it like 2026-05-31' };
};

const dateTime: Reader = (text, field) => {
  const isOne = 'cell' in date(text, field) && !Number.isNaN(Date.parse(text));
  return isOne
    ? { cell: text.replace(' ', 'T') }
    : { refusal: 'is no time: write it like 2026-05-31T09:30Z' };
};

const collaborator: Reader = (text) =>
  /^[^\s@]+@[^\s@]+$/.test(text)
    ? { cell: { email: text } }
    : { refusal: "is no e-mail address, by which the base's collaborators are named" };

const attachment: Reader = (text) =>
  /^https?:\/\/\S+$/i.test(text)
    ? { cell: { url: text } }
    : { refusal: 'is no web address, from which Airtable would fetch the file' };

const TEXTS: ReadonlySet<string> = new Set([
  'singleLineText',
  'multilineText',
  'richText',
  'email',
  'url',
  'phoneNumber',
]);

const READERS: ReadonlyMap<string, Reader> = new Map([
  ...[...TEXTS].map((type) => [type, asIs] as const),
  ['number', number],
  ['currency', number],
  ['duration', number],
  ['rating', number],
  ['percent', percent],
  ['checkbox', checkbox],
  ['singleSelect', singleSelect],
  ['multipleSelects', multipleSelects],
  ['date', date],
  ['dateTime', dateTime],
  ['singleCollaborator', collaborator],
  ['multipleCollaborators', (text, field) => all(parts(text, /[,;\s]/), (part) => collaborator(part, field))],
  ['multipleAttachments', (text, field) => all(parts(text, /[;\s]|,\s/), (part) => attachment(part, field))],
  ['barcode', (text) => ({ cell: { text } })],
]);

function parts(text: string, between: RegExp): string[] {
  return text.split(between).flatMap((part) => part.trim() || []);
}

/** A list of cells, unless one is refused. */
function all(texts: readonly string[], read: (text: string) => Reading): Reading {
  const readings = texts.map(read);
  const refused = readings.find((reading) => 'refusal' in reading);
  return refused ?? { cell: readings.flatMap((reading) => ('cell' in reading ? [reading.cell] : [])) };
}

function isInCalendar(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

function noChoice(choices: readonly string[]): string {
  const named = choices.map((name) => `"${name}"`).join(', ') || 'none';
  return `is no choice of the column; they are: ${named}. Add it in Airtable, or correct it`;
}
