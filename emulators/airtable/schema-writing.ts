import * as v from 'valibot';
import type { ActionChanges } from './action-changes';
import {
  duplicateFieldName,
  duplicateTableName,
  invalidRequest,
  notPermittedOrMissing,
  notPrimary,
} from './airtable-errors';
import type { BaseData, FieldData, FieldType, TableData } from './base-model';
import { creatableType, createdOptions } from './field-options';
import { newId } from './ids';

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

/** Types that a primary field cannot have (airtable.md#metadata). */
const NEVER_PRIMARY: ReadonlySet<FieldType> = new Set<FieldType>([
  'checkbox',
  'singleSelect',
  'multipleSelects',
  'multipleRecordLinks',
  'multipleAttachments',
  'singleCollaborator',
  'multipleCollaborators',
]);

/**
 * `POST /v0/meta/bases/{id}/tables`: a table with these fields, the view that every table starts with, and no record
 * (airtable.md#metadata).
 * @throws AirtableError 422, and then nothing is created
 */
export function createTable(body: unknown, base: BaseData, changes: ActionChanges): TableData {
  const { success, output: draft } = v.safeParse(TableDraft, body);
  if (!success) throw invalidRequest();
  if (isTaken(draft.name, base.tables)) throw duplicateTableName(draft.name);
  const fields: FieldData[] = [];
  for (const field of draft.fields) fields.push(madeField(field, fields));
  const [primary] = fields;
  if (primary === undefined || NEVER_PRIMARY.has(primary.type)) throw notPrimary();
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
  changes.tableCreated(table);
  return table;
}

/**
 * `POST /v0/meta/bases/{id}/tables/{id}/fields` (airtable.md#metadata).
 * @throws AirtableError 403 for an unknown table, 422 for an invalid field
 */
export function createField(
  tableId: string,
  body: unknown,
  base: BaseData,
  changes: ActionChanges,
): FieldData {
  const table = base.tables.find(({ id }) => id === tableId);
  if (table === undefined) throw notPermittedOrMissing();
  const { success, output: draft } = v.safeParse(FieldDraft, body);
  if (!success) throw invalidRequest();
  const field = madeField(draft, table.fields);
  table.fields.push(field);
  changes.fieldCreated(table, field);
  return field;
}

function madeField(
  { name, type, description, options }: FieldDraft,
  others: readonly FieldData[],
): FieldData {
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
