import { COLUMN } from '../../lambdas/airtable/columns';
import { EXPECTED, type WantedColumn, type WantedTable } from './expected-schema';
import {
  type BaseSchema,
  type FieldDraft,
  type FieldModel,
  findField,
  findTable,
  isAlike,
  type TableModel,
  typeName,
} from './schema';

/** The API request that fixes a problem. */
export type Creation =
  | { readonly kind: 'table'; readonly table: WantedTable }
  | { readonly kind: 'column'; readonly table: TableModel; readonly draft: FieldDraft };

/** One difference between the base and the schema that the service needs. */
export type SchemaProblem =
  | { readonly what: string; readonly creation: Creation }
  /** Only a person can fix it, in Airtable's user interface. */
  | { readonly what: string; readonly creation: null; readonly fix: string };

/** The only view of a new table; the API cannot create views (airtable.md#metadata). */
const VIEW_OF_NEW_TABLE = { id: '', name: 'Grid view' };

/** The problems of one table: its name, its columns and their types. Names must match exactly. */
export function compareTable(wanted: WantedTable, schema: BaseSchema): readonly SchemaProblem[] {
  const table = findTable(schema, wanted.name);
  if (table !== undefined) return wanted.columns.flatMap((column) => compareColumn(column, table) ?? []);
  const misnamed = schema.tables.find(({ name }) => isAlike(name, wanted.name));
  if (misnamed !== undefined) {
    return [
      {
        what: `The table "${misnamed.name}" must be named exactly ${wanted.name}`,
        fix: `In Airtable, right-click the tab "${misnamed.name}" > Rename table > ${wanted.name}`,
        creation: null,
      },
    ];
  }
  return [{ what: `The base has no table ${wanted.name}`, creation: { kind: 'table', table: wanted } }];
}

/** Checks that the view that orders the templates exists, by name or id. */
export function compareTemplatesView(view: string, schema: BaseSchema): readonly SchemaProblem[] {
  const { name: templates } = EXPECTED.templates;
  const views = findTable(schema, templates)?.views ?? [VIEW_OF_NEW_TABLE];
  if (views.some(({ id, name }) => name === view || id === view)) return [];
  const others = views.map(({ name }) => `"${name}"`).join(', ');
  return [
    {
      what: `The table ${templates} has no view "${view}", so the order of templates is undefined`,
      fix: `Set AIRTABLE_TEMPLATES_VIEW in .env to an existing view (${others}) and deploy again, or rename one to "${view}"`,
      creation: null,
    },
  ];
}

function compareColumn(wanted: WantedColumn, table: TableModel): SchemaProblem | null {
  const field = findField(table, wanted.name);
  if (field !== undefined) return compareType(wanted, field, table);
  const misnamed = table.fields.find(({ name }) => isAlike(name, wanted.name));
  if (misnamed !== undefined) return misnamedColumn(misnamed, wanted, table);
  const { draft, loss } = wanted;
  if (draft === null || loss === null) return null;
  const names = wanted.name === COLUMN.name ? primaryOfOthers(table) : null;
  // A second column for names would be blank in every existing row.
  if (names !== null) return misnamedColumn(names, wanted, table);
  return {
    what: `${table.name} has no column ${wanted.name}: ${loss}`,
    creation: { kind: 'column', table, draft },
  };
}

function compareType(
  { name, types }: WantedColumn,
  field: FieldModel,
  table: TableModel,
): SchemaProblem | null {
  if (types.includes(field.type)) return null;
  return {
    what: `The column ${name} of ${table.name} is of type ${typeName(field.type)}`,
    fix:
      `In Airtable, table ${table.name}, the arrow beside ${name} > Edit field > ${typeName(types[0])} > Save; ` +
      `also supported: ${[...new Set(types.slice(1).map(typeName))].filter((type) => type !== typeName(types[0])).join(', ')}`,
    creation: null,
  };
}

function misnamedColumn(field: FieldModel, wanted: WantedColumn, table: TableModel): SchemaProblem {
  return {
    what: `${table.name} has no column ${wanted.name}, but "${field.name}": ${wanted.loss ?? 'it is not read'}`,
    fix: `In Airtable, table ${table.name}, the arrow beside "${field.name}" > Edit field > name it exactly ${wanted.name} > Save`,
    creation: null,
  };
}

/** The primary column of a table that was not created for the service: it names the records. */
function primaryOfOthers(table: TableModel): FieldModel | null {
  const primary = table.fields.find(({ id }) => id === table.primaryFieldId);
  const isOurs = EXPECTED.customers.columns.some(({ name }) => name === primary?.name);
  const isText = EXPECTED.customers.columns[0].types.some((type) => type === primary?.type);
  return primary !== undefined && isText && !isOurs ? primary : null;
}
