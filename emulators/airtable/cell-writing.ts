import * as v from 'valibot';
import { computedField, invalidValue, recordDoesNotExist, unknownChoice } from './airtable-errors';
import { writtenAttachments } from './attachment';
import {
  type BaseData,
  type CellValue,
  type FieldData,
  findRecord,
  findTable,
  isComputed,
  type RecordData,
} from './base-model';
import { parseIsoDate } from './iso-date';
import { isBlank } from './presenting';
import { typecast } from './typecast';

/** The context of a write, and the choices that it adds. */
export interface CellContext {
  readonly base: BaseData;
  readonly typecast: boolean;
  /** Whether a phone number of ten bare digits is stored as `(AAA) BBB-CCCC` (airtable.md#phone-numbers). */
  readonly formatBarePhoneNumbers: boolean;
  /** Choices that `typecast` creates; they are added only if the whole write succeeds. */
  readonly newChoices: Map<FieldData, Set<string>>;
}

/**
 * The cell that results from a written value, null for a blank (airtable.md#cell-values, airtable.md#writing-records).
 * @param before the current record, if it exists: an attachment may be kept by its id
 * @throws AirtableError 422 for a value that the field does not accept
 */
export function writtenCell(
  field: FieldData,
  value: unknown,
  context: CellContext,
  before: RecordData | undefined,
): CellValue {
  if (isComputed(field)) throw computedField(field.name);
  // A cleared rich text still holds its line end.
  if (value === null) return field.type === 'richText' ? '\n' : null;
  const given = context.typecast ? typecast(field, value, context.base) : value;
  const cell = typedCell(field, given, context, before);
  return isBlank(cell) ? null : cell;
}

const Texts = v.array(v.string());
const Finite = v.pipe(v.number(), v.finite());
const Barcode = v.strictObject({ text: v.string(), type: v.exactOptional(v.string()) });

function typedCell(
  field: FieldData,
  value: unknown,
  context: CellContext,
  before: RecordData | undefined,
): CellValue {
  switch (field.type) {
    case 'phoneNumber':
      return phoneNumber(accepted(v.string(), value, field), context);
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
      return choice(accepted(v.string(), value, field), field, context);
    case 'multipleSelects':
      return accepted(Texts, value, field).map((name) => choice(name, field, context));
    case 'date':
      return instant(accepted(v.string(), value, field), field)
        .toISOString()
        .slice(0, 10);
    case 'dateTime':
      return instant(accepted(v.union([v.string(), Finite]), value, field), field).toISOString();
    case 'singleCollaborator':
      return collaborator(value, field, context);
    case 'multipleCollaborators':
      return accepted(v.array(v.unknown()), value, field).map((each) => collaborator(each, field, context));
    case 'multipleRecordLinks':
      return accepted(Texts, value, field).map((id) => link(id, field, context));
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

function phoneNumber(text: string, { formatBarePhoneNumbers }: CellContext): string {
  return formatBarePhoneNumbers ? text.replace(/^(\d{3})(\d{3})(\d{4})$/, '($1) $2-$3') : text;
}

/** Always ends with a line end; bullets are hyphens. */
function richText(text: string): string {
  return `${text.replace(/^\* /gm, '- ').replace(/\n$/, '')}\n`;
}

function choice(name: string, field: FieldData, { typecast: mayCreate, newChoices }: CellContext): string {
  const exists = field.options?.choices?.some((each) => each.name === name);
  if (exists || name === '') return name;
  if (!mayCreate) throw unknownChoice(name);
  newChoices.set(field, (newChoices.get(field) ?? new Set()).add(name));
  return name;
}

function instant(value: string | number, field: FieldData): Date {
  const date = typeof value === 'number' ? new Date(value) : parseIsoDate(value);
  if (!date || Number.isNaN(date.getTime())) throw invalidValue(field.name);
  return date;
}

const Person = v.union([v.looseObject({ id: v.string() }), v.looseObject({ email: v.string() })]);

function collaborator(value: unknown, field: FieldData, { base }: CellContext): CellValue {
  const wanted = accepted(Person, value, field);
  const person = base.collaborators?.find((each) =>
    'id' in wanted ? each.id === wanted.id : each.email === wanted.email,
  );
  if (!person) throw invalidValue(field.name);
  return { ...person };
}

function link(id: string, field: FieldData, { base }: CellContext): string {
  const linked = findTable(base, field.options?.linkedTableId ?? '');
  const tables = linked ? [linked] : base.tables;
  if (!tables.some((table) => findRecord(table, id))) throw recordDoesNotExist(id);
  return id;
}
