import * as v from 'valibot';
import { COMPUTED_TYPES, FIELD_TYPES } from '../../lambdas/airtable/field-types';
import {
  duplicateFieldName,
  duplicateTableName,
  invalidRequest,
  missingFieldOptions,
  notEmulated,
  notPermittedOrMissing,
  notPrimary,
  unsupportedFieldType,
} from './airtable-errors';
import {
  type BaseData,
  type FieldData,
  type FieldOptions,
  type FieldType,
  newId,
  type TableData,
} from './base-model';

const FieldDraft = v.object({
  name: v.string(),
  type: v.string(),
  description: v.exactOptional(v.string()),
  options: v.optional(v.unknown()),
});
type FieldDraft = v.InferOutput<typeof FieldDraft>;

const TableDraft = v.object({
  name: v.string(),
  description: v.exactOptional(v.string()),
  fields: v.pipe(v.array(FieldDraft), v.minLength(1)),
});

/**
 * `POST /v0/meta/bases/{id}/tables`: a table with these fields, the view that every table starts with, and no record
 * (airtable.md#metadata).
 * @throws AirtableError 422, and then nothing is created; 501 for a type that is not emulated
 */
export function createTable(body: unknown, base: BaseData): TableData {
  const { success, output: draft } = v.safeParse(TableDraft, body);
  if (!success) throw invalidRequest();
  if (isTaken(draft.name, base.tables)) throw duplicateTableName(draft.name);
  const fields: FieldData[] = [];
  for (const field of draft.fields) fields.push(fieldOf(field, fields));
  const [primary] = fields;
  if (primary === undefined || primary.type in REQUIRED_OPTIONS) throw notPrimary();
  const table: TableData = {
    id: newId('tbl'),
    name: draft.name,
    ...(draft.description !== undefined && { description: draft.description }),
    primaryFieldId: primary.id,
    fields,
    views: [{ id: newId('viw'), name: 'Grid view', type: 'grid' }],
    records: [],
  };
  base.tables.push(table);
  return table;
}

/**
 * `POST /v0/meta/bases/{id}/tables/{id}/fields` (airtable.md#metadata).
 * @throws AirtableError 403 for an unknown table, 422 for an invalid field, 501 for a type that is not emulated
 */
export function createField(tableId: string, body: unknown, base: BaseData): FieldData {
  const table = base.tables.find(({ id }) => id === tableId);
  if (table === undefined) throw notPermittedOrMissing();
  const { success, output: draft } = v.safeParse(FieldDraft, body);
  if (!success) throw invalidRequest();
  const field = fieldOf(draft, table.fields);
  table.fields.push(field);
  return field;
}

function fieldOf({ name, type, description, options }: FieldDraft, others: readonly FieldData[]): FieldData {
  if (isTaken(name, others)) throw duplicateFieldName();
  const known = creatableType(type);
  const kept = createdOptions(name, known, options);
  return {
    id: newId('fld'),
    name,
    type: known,
    ...(description !== undefined && { description }),
    ...(kept && { options: kept }),
  };
}

/** Names are unique regardless of case and not blank (airtable.md#metadata). */
function isTaken(name: string, others: readonly { readonly name: string }[]): boolean {
  return name.trim() === '' || others.some((other) => other.name.toLowerCase() === name.toLowerCase());
}

/** The options that a type requires at creation (airtable.md#metadata). */
const REQUIRED_OPTIONS: Partial<Record<FieldType, v.GenericSchema<unknown, FieldOptions>>> = {
  checkbox: v.object({ icon: v.string(), color: v.string() }),
  singleSelect: v.pipe(
    v.object({ choices: v.array(v.object({ name: v.pipe(v.string(), v.nonEmpty()) })) }),
    v.transform(({ choices }) => ({ choices: choices.map(({ name }) => ({ id: newId('sel'), name })) })),
  ),
};
const WITHOUT_OPTIONS: ReadonlySet<FieldType> = new Set([
  'singleLineText',
  'multilineText',
  'email',
  'url',
  'phoneNumber',
]);
const Type = v.picklist(FIELD_TYPES);
const Computed = v.picklist(COMPUTED_TYPES);

function creatableType(type: string): FieldType {
  if (v.is(Computed, type)) throw unsupportedFieldType(type);
  if (!v.is(Type, type)) throw invalidRequest();
  if (type in REQUIRED_OPTIONS || WITHOUT_OPTIONS.has(type)) return type;
  throw notEmulated(`the creation of a ${type} field`);
}

/** @throws AirtableError 422 for options that are missing, invalid, or not allowed */
function createdOptions(field: string, type: FieldType, given: unknown): FieldOptions | undefined {
  const required = REQUIRED_OPTIONS[type];
  if (required === undefined) {
    if (given !== undefined) throw missingFieldOptions(`${field}.options is not expected`);
    return undefined;
  }
  if (given === undefined) throw missingFieldOptions(`${field}.options is missing`);
  const { success, output, issues } = v.safeParse(required, given);
  if (!success) throw missingFieldOptions(`${field}.options.${v.getDotPath(issues[0]) ?? ''} is invalid`);
  return output;
}
