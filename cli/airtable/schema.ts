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
