import * as v from 'valibot';

/** A column as Airtable's Metadata API shows it (airtable.md#metadata). */
export const FieldModel = v.object({
  id: v.string(),
  name: v.string(),
  type: v.string(),
  options: v.exactOptional(
    v.looseObject({
      choices: v.exactOptional(v.array(v.looseObject({ name: v.string() }))),
      precision: v.exactOptional(v.number()),
      max: v.exactOptional(v.number()),
      symbol: v.exactOptional(v.string()),
      durationFormat: v.exactOptional(v.string()),
      dateFormat: v.exactOptional(v.looseObject({ name: v.string() })),
      timeZone: v.exactOptional(v.string()),
    }),
  ),
});
export type FieldModel = v.InferOutput<typeof FieldModel>;

export const TableModel = v.object({
  id: v.string(),
  name: v.string(),
  primaryFieldId: v.string(),
  fields: v.array(FieldModel),
  views: v.array(v.object({ id: v.string(), name: v.string() })),
});
export type TableModel = v.InferOutput<typeof TableModel>;

export const BaseSchema = v.object({ tables: v.array(TableModel) });
export type BaseSchema = v.InferOutput<typeof BaseSchema>;

export function findTable(schema: BaseSchema, name: string): TableModel | undefined {
  return schema.tables.find((table) => table.name === name);
}

export function findField(table: TableModel, name: string): FieldModel | undefined {
  return table.fields.find((field) => field.name === name);
}

/** The names of a select's options; empty for other types. */
export function choicesOf({ options }: FieldModel): readonly string[] {
  return options?.choices?.map(({ name }) => name) ?? [];
}

/** A column to create. airtable.md#metadata lists the types that need options. */
export interface FieldDraft {
  readonly name: string;
  readonly type: string;
  readonly description?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** A table to create. Its first column becomes the primary one, permanently. */
export interface TableDraft {
  readonly name: string;
  readonly description?: string;
  readonly fields: readonly [FieldDraft, ...FieldDraft[]];
}

/**
 * Whether a person would read two names of tables or columns as the same. Ignores letter case, spaces, underscores and
 * hyphens, although Airtable's API, and so the service, distinguishes them. A blank name matches no other.
 */
export function isAlike(name: string, other: string): boolean {
  return plain(name) !== '' && plain(name) === plain(other);
}

function plain(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]+/g, '');
}

/** Column types as Airtable's user interface names them. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['singleLineText', 'Single line text'],
  ['multilineText', 'Long text'],
  ['richText', 'Long text with rich text formatting'],
  ['email', 'Email'],
  ['url', 'URL'],
  ['phoneNumber', 'Phone number'],
  ['number', 'Number'],
  ['autoNumber', 'Autonumber'],
  ['currency', 'Currency'],
  ['percent', 'Percent'],
  ['duration', 'Duration'],
  ['rating', 'Rating'],
  ['checkbox', 'Checkbox'],
  ['singleSelect', 'Single select'],
  ['multipleSelects', 'Multiple select'],
  ['date', 'Date'],
  ['dateTime', 'Date with time'],
  ['singleCollaborator', 'User'],
  ['multipleCollaborators', 'User, several'],
  ['multipleRecordLinks', 'Link to another record'],
  ['multipleAttachments', 'Attachment'],
  ['multipleLookupValues', 'Lookup'],
  ['barcode', 'Barcode'],
  ['button', 'Button'],
  ['formula', 'Formula'],
  ['rollup', 'Rollup'],
  ['count', 'Count'],
  ['createdTime', 'Created time'],
  ['lastModifiedTime', 'Last modified time'],
  ['createdBy', 'Created by'],
  ['lastModifiedBy', 'Last modified by'],
]);

/** A type's name in Airtable's user interface; an unknown type keeps its API name. */
export function typeName(type: string): string {
  return NAMES.get(type) ?? type;
}
