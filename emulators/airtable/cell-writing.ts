import * as v from 'valibot';
import {
  computedField,
  invalidAttachment,
  invalidValue,
  notEmulated,
  unknownChoice,
} from './airtable-errors';
import {
  type BaseData,
  type CellValue,
  type FieldData,
  isComputed,
  newId,
  type RecordData,
} from './base-model';
import { isBlank } from './records';

/**
 * The cell that results from a written value, null for a blank (airtable.md#cell-values, airtable.md#writing-records).
 * @param before the current record, if it exists: an attachment may be kept by its id
 * @throws AirtableError 422 for a value that the field does not accept
 */
export function writtenCell(
  field: FieldData,
  value: unknown,
  base: BaseData,
  before: RecordData | undefined,
): CellValue {
  if (isComputed(field)) throw computedField(field.name);
  // A cleared rich text still holds its line end.
  if (value === null) return field.type === 'richText' ? '\n' : null;
  const cell = typedCell(field, value, base, before);
  return isBlank(cell) ? null : cell;
}

const Texts = v.array(v.string());
const Finite = v.pipe(v.number(), v.finite());
const Barcode = v.strictObject({ text: v.string(), type: v.exactOptional(v.string()) });

function typedCell(
  field: FieldData,
  value: unknown,
  base: BaseData,
  before: RecordData | undefined,
): CellValue {
  switch (field.type) {
    case 'phoneNumber':
      return phoneNumber(accepted(v.string(), value, field));
    case 'richText':
      return richText(accepted(v.string(), value, field));
    case 'number':
    case 'currency':
    case 'percent':
    case 'duration':
      return accepted(Finite, value, field);
    case 'rating':
      return accepted(
        v.pipe(Finite, v.integer(), v.minValue(0), v.maxValue(field.options?.max ?? 5)),
        value,
        field,
      );
    case 'checkbox':
      return accepted(v.boolean(), value, field);
    case 'singleSelect':
      return choice(accepted(v.string(), value, field), field);
    case 'multipleSelects':
      return accepted(Texts, value, field).map((name) => choice(name, field));
    case 'date':
      return instant(accepted(v.string(), value, field), field)
        .toISOString()
        .slice(0, 10);
    case 'dateTime':
      return instant(accepted(v.union([v.string(), Finite]), value, field), field).toISOString();
    case 'singleCollaborator':
      return collaborator(value, field, base);
    case 'multipleCollaborators':
      return accepted(v.array(v.unknown()), value, field).map((each) => collaborator(each, field, base));
    case 'multipleRecordLinks':
      throw notEmulated('writing links');
    case 'multipleAttachments':
      return writtenAttachments(field, value, before);
    case 'barcode':
      return accepted(Barcode, value, field);
    default:
      return accepted(v.string(), value, field);
  }
}

/** @throws AirtableError 422 INVALID_VALUE_FOR_COLUMN for a value of another shape */
function accepted<T>(shape: v.GenericSchema<unknown, T>, value: unknown, field: FieldData): T {
  const result = v.safeParse(shape, value);
  if (!result.success) throw invalidValue(field.name);
  return result.output;
}

/** Ten bare digits are formatted (airtable.md#phone-numbers). */
function phoneNumber(text: string): string {
  return text.replace(/^(\d{3})(\d{3})(\d{4})$/, '($1) $2-$3');
}

/** Always ends with a line end; bullets are hyphens. */
function richText(text: string): string {
  return `${text.replace(/^\* /gm, '- ').replace(/\n$/, '')}\n`;
}

function choice(name: string, { options }: FieldData): string {
  if (name !== '' && !options?.choices?.some((each) => each.name === name)) throw unknownChoice(name);
  return name;
}

const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/;

/** Milliseconds, or ISO 8601; without a zone, in GMT. */
function instant(value: string | number, field: FieldData): Date {
  if (typeof value === 'string' && !ISO.test(value)) throw invalidValue(field.name);
  const isLocal = typeof value === 'string' && /:\d\d(\.\d+)?$/.test(value) && !/[+-]\d\d:\d\d$/.test(value);
  const date = new Date(isLocal ? `${value}Z` : value);
  if (Number.isNaN(date.getTime())) throw invalidValue(field.name);
  return date;
}

const Person = v.union([v.looseObject({ id: v.string() }), v.looseObject({ email: v.string() })]);

function collaborator(value: unknown, field: FieldData, { collaborators }: BaseData): CellValue {
  const wanted = accepted(Person, value, field);
  const person = collaborators?.find((each) =>
    'id' in wanted ? each.id === wanted.id : each.email === wanted.email,
  );
  if (!person) throw invalidValue(field.name);
  return { ...person };
}

const Written = v.array(
  v.looseObject({
    id: v.optional(v.string()),
    url: v.optional(v.string()),
    filename: v.optional(v.string()),
  }),
);
const WithId = v.looseObject({ id: v.string() });

/**
 * The attachments that result from a write: kept ones by their id, new ones by URL (airtable.md#cell-values). The real
 * service fetches a copy and returns an expiring link to it; here the given link is kept.
 * @throws AirtableError 422 for an id that is not in this cell, such as a copy of another cell's, and for a URL that is
 *   not HTTP
 */
function writtenAttachments(field: FieldData, value: unknown, before: RecordData | undefined): CellValue {
  const written = v.safeParse(Written, value);
  if (!written.success) throw invalidValue(field.name);
  const stored = before?.fields[field.name];
  const kept: readonly CellValue[] = Array.isArray(stored) ? stored : [];
  return written.output.map(({ id, url = '', filename }) => {
    const same = kept.find((each) => v.is(WithId, each) && each.id === id);
    if (same !== undefined) return same;
    if (id !== undefined || !/^https?:/i.test(url)) throw invalidAttachment(field.name);
    return attachment(newId('att'), url, filename);
  });
}

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
};

/** An attachment as the API reads it. Nothing is fetched, so that its size is invented. */
function attachment(id: string, url: string, givenName?: string): CellValue {
  const filename = givenName ?? (/\/([^/?#]+)(?:[?#].*)?$/.exec(url)?.[1] || 'attachment');
  const extension = /\.(\w+)$/.exec(filename)?.[1]?.toLowerCase() ?? '';
  return {
    id,
    url,
    filename,
    size: 1024,
    type: TYPES[extension] ?? 'application/octet-stream',
  };
}
