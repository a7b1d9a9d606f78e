import { TEXT_TYPES } from '../../lambdas/airtable/field-types';
import { readYesNo } from '../../lambdas/airtable/yes-no';
import { choicesOf, type FieldModel } from '../airtable/schema';
import { readDay, readDecimal, readDuration, readMoment } from './cell-formats';

/** The value that a cell becomes in the base, or why its column rejects it. */
export type Reading = { readonly cell: unknown } | { readonly rejection: string };

type Reader = (text: string, field: FieldModel) => Reading;

/**
 * Converts a filled cell to the column's own type (airtable.md#cell-values). `typecast` is not used, because it would
 * also add options to the team's selects.
 * @param text trimmed, and not blank
 */
export function readCell(text: string, field: FieldModel): Reading {
  return READERS.get(field.type)?.(text, field) ?? { rejection: 'cannot be written to this column' };
}

/** Whether a file can fill the column: computed columns cannot be filled, nor links, which take record ids. */
export function canBeFilled({ type }: FieldModel): boolean {
  return READERS.has(type);
}

export function holdsText({ type }: FieldModel): boolean {
  return TEXTS.has(type);
}

const asIs: Reader = (text) => ({ cell: text });

const number: Reader = (text, { options }) => {
  const size = readDecimal(text, options?.precision ?? null);
  return size === null ? { rejection: 'is not a number: write it like 1234.5' } : { cell: size };
};

/** With the column's own sign, another currency's or no sign, before or after: `$1,234.50`, `1.234,50 €`. */
const currency: Reader = (text, field) => {
  const symbol = field.options?.symbol ?? '';
  const plain = (symbol === '' ? text : text.replace(symbol, '')).replace(/\p{Sc}/u, '').trim();
  const reading = number(plain.replace(/^([+-])\s+/, '$1'), field);
  return 'cell' in reading ? reading : { rejection: 'is not an amount: write it like 1234.5' };
};

const percent: Reader = (text, field) => {
  const share = /^(.*\d)\s*%$/.exec(text)?.[1];
  // The precision is that of the displayed percentage, not of the stored fraction.
  const reading = number(share ?? text, { ...field, options: {} });
  // Not divided by 100, which makes 33.3 % 0.33299999999999996.
  return share !== undefined && 'cell' in reading
    ? { cell: Number((Number(reading.cell) / 100).toPrecision(15)) }
    : reading;
};

/** Airtable rejects more stars than the column has. */
const rating: Reader = (text, { options }) => {
  const stars = readDecimal(text, 0);
  const most = options?.max ?? 10;
  return stars !== null && Number.isInteger(stars) && stars >= 1 && stars <= most
    ? { cell: stars }
    : { rejection: `is not a rating: write a whole number from 1 to ${most}` };
};

const duration: Reader = (text, field) => {
  const seconds = readDuration(text, field.options?.durationFormat ?? 'h:mm');
  return seconds === null ? number(text, field) : { cell: seconds };
};

const checkbox: Reader = (text) => {
  const read = readYesNo(text);
  return read === 'unclear'
    ? { rejection: 'is neither yes nor no: write true or false' }
    : { cell: read === 'yes' };
};

const singleSelect: Reader = (text, field) => {
  const choices = choicesOf(field);
  const choice =
    choices.find((name) => name === text) ??
    choices.find((name) => name.trim().toLowerCase() === text.toLowerCase());
  return choice === undefined ? { rejection: unknownOption(choices) } : { cell: choice };
};

const multipleSelects: Reader = (text, field) => {
  const whole = singleSelect(text, field);
  if ('cell' in whole) return { cell: [whole.cell] };
  return all(optionsIn(text), (part) => singleSelect(part, field));
};

/** Airtable quotes an option that contains a comma. */
function optionsIn(text: string): string[] {
  const written = text.match(/\s*"(?:[^"]|"")*"(?=\s*(?:[,;\n]|$))|[^,;\n]+/g) ?? [];
  return written.flatMap((each) => {
    const quoted = /^"(.*)"$/s.exec(each.trim())?.[1];
    return quoted?.replaceAll('""', '"').trim() || each.trim() || [];
  });
}

/** Airtable's name for the viewer's own time zone: here, that of the person who imports. */
const VIEWER_ZONE = 'client';

const date: Reader = (text, { options }) => {
  const read = readDay(text, options?.dateFormat?.name ?? null);
  return read !== null && (read.rest === '' || /^\d\d?:\d\d/.test(read.rest))
    ? { cell: read.day }
    : { rejection: 'is not a date: write it like 2026-05-31' };
};

const dateTime: Reader = (text, { options }) => {
  const zone = options?.timeZone ?? 'utc';
  const timeZone = zone === VIEWER_ZONE ? Intl.DateTimeFormat().resolvedOptions().timeZone : zone;
  const moment = readMoment(text, options?.dateFormat?.name ?? null, timeZone);
  return moment === null ? { rejection: 'is not a time: write it like 2026-05-31T09:30Z' } : { cell: moment };
};

/** `ana@example.com`, and `Ana <ana@example.com>`. */
const collaborator: Reader = (text) => {
  const email = /^(?:[^<>]*<)?([^\s@<>]+@[^\s@<>]+)>?$/.exec(text)?.[1];
  return email === undefined
    ? { rejection: 'is not an e-mail address: collaborators are matched by e-mail address' }
    : { cell: { email } };
};

/** `https://…`, and `photo.png (https://…)`, as Airtable exports an attachment. */
const ATTACHMENT = /^(?:(https?:\/\/[^\s()]+)|((?:(?!:\/\/).)+)\((https?:\/\/\S{1,4000})\))$/is;

const attachment: Reader = (text) => {
  const [, address, filename, exported] = ATTACHMENT.exec(text) ?? [];
  const url = address ?? exported;
  return url === undefined
    ? { rejection: 'is not a URL: Airtable downloads an attachment from its URL' }
    : { cell: { url, ...(filename !== undefined && { filename: filename.trim() }) } };
};

const attachments: Reader = (text, field) => {
  const exported = text.includes('(') ? parts(text, /(?<=\(https?:\/\/[^\s,]+\)),\s*/i) : [];
  const isExport = exported.length > 0 && exported.every((part) => ATTACHMENT.test(part));
  return all(isExport ? exported : parts(text, /[;\s]|,\s/), (part) => attachment(part, field));
};

const TEXTS: ReadonlySet<string> = new Set(TEXT_TYPES);

const READERS: ReadonlyMap<string, Reader> = new Map([
  ...[...TEXTS].map((type) => [type, asIs] as const),
  ['number', number],
  ['currency', currency],
  ['duration', duration],
  ['rating', rating],
  ['percent', percent],
  ['checkbox', checkbox],
  ['singleSelect', singleSelect],
  ['multipleSelects', multipleSelects],
  ['date', date],
  ['dateTime', dateTime],
  ['singleCollaborator', collaborator],
  ['multipleCollaborators', (text, field) => all(parts(text, /[,;]/), (part) => collaborator(part, field))],
  ['multipleAttachments', attachments],
  ['barcode', (text) => ({ cell: { text } })],
]);

function parts(text: string, between: RegExp): string[] {
  return text.split(between).flatMap((part) => part.trim() || []);
}

/** A list of cells; one invalid cell invalidates it. */
function all(texts: readonly string[], read: (text: string) => Reading): Reading {
  const readings = texts.map(read);
  const rejected = readings.find((reading) => 'rejection' in reading);
  return rejected ?? { cell: readings.flatMap((reading) => ('cell' in reading ? [reading.cell] : [])) };
}

function unknownOption(choices: readonly string[]): string {
  const named = choices.map((name) => `"${name}"`).join(', ') || 'none';
  return `is not an option of the column (options: ${named}). Add it in Airtable, or correct it`;
}
