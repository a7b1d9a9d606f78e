import * as v from 'valibot';
import {
  type BaseData,
  type CellValue,
  type CollaboratorData,
  type FieldData,
  type FieldType,
  type RecordData,
  stableId,
  type TableData,
  type ViewData,
  wholeSeconds,
} from './base-model';
import { isBlank } from './records';

/** A row by column name; a blank may be omitted. */
export type Row = Readonly<Record<string, CellValue>>;

/** Columns by name, in order; the first is the primary field. Null for an absent column. */
export type Columns = Readonly<Record<string, FieldType | null>>;

/** The columns that the service relies on, as today's users have them: `opt_out` holds text (airtable.md#metadata). */
const CUSTOMER_COLUMNS: Columns = {
  name: 'singleLineText',
  id: 'number',
  sms: 'singleLineText',
  whatsapp: 'singleLineText',
  email: 'email',
  linkedin: 'url',
  notes: 'multilineText',
  owner: 'singleLineText',
  avatar: 'url',
  opt_out: 'singleLineText',
};

const TEMPLATE_COLUMNS: Columns = {
  title: 'singleLineText',
  category: 'singleSelect',
  text: 'multilineText',
  whatsAppApproved: 'checkbox',
};

/** The table `Customers`; `columns` changes types, removes columns (null) and adds others. */
export function customersTable(rows: readonly Row[], columns: Columns = {}): TableData {
  return aTable('Customers', { ...CUSTOMER_COLUMNS, ...columns }, rows);
}

/** The table `Templates`, likewise. */
export function templatesTable(rows: readonly Row[], columns: Columns = {}): TableData {
  return aTable('Templates', { ...TEMPLATE_COLUMNS, ...columns }, rows);
}

/**
 * A table with ids that are the same on every run, records made a minute apart, numbers for its autoNumber fields,
 * and the choices that the rows use, in the order in which they first appear.
 */
export function aTable(name: string, columns: Columns, rows: readonly Row[]): TableData {
  const fields = Object.entries(columns).flatMap(([column, type]) =>
    type === null ? [] : aField(name, column, type, rows),
  );
  const gridView: ViewData = { id: stableId('viw', `${name}/Grid view`), name: 'Grid view', type: 'grid' };
  return {
    id: stableId('tbl', name),
    name,
    ...(fields[0] && { primaryFieldId: fields[0].id }),
    fields,
    views: [gridView],
    records: rows.map((row, index) => aRecord(name, fields, row, index)),
  };
}

/** A base of these tables. Its collaborators are the people in its collaborator cells, and `collaborators`. */
export function aBase(tables: TableData[], collaborators: readonly CollaboratorData[] = []): BaseData {
  const people = new Map(collaborators.map((person) => [person.id, person]));
  for (const { fields, records } of tables) {
    for (const field of fields.filter(
      ({ type }) => type === 'singleCollaborator' || type === 'multipleCollaborators',
    )) {
      for (const record of records) {
        for (const person of peopleIn(record.fields[field.name])) people.set(person.id, person);
      }
    }
  }
  return { id: stableId('app', 'base'), name: 'Frontline', collaborators: [...people.values()], tables };
}

/** A person as read from a collaborator cell. */
export function aCollaborator(name: string, email: string): { id: string; email: string; name: string } {
  return { id: stableId('usr', email), email, name };
}

function aField(table: string, name: string, type: FieldType, rows: readonly Row[]): FieldData {
  const field: FieldData = { id: stableId('fld', `${table}/${name}`), name, type };
  if (type === 'singleSelect' || type === 'multipleSelects') {
    const names = new Set(rows.flatMap((row) => row[name] ?? []).filter((cell) => typeof cell === 'string'));
    field.options = {
      choices: [...names].map((choice) => ({
        id: stableId('sel', `${table}/${name}/${choice}`),
        name: choice,
      })),
    };
  }
  return field;
}

const FIRST_CREATED = Date.parse('2024-05-01T09:30:00.000Z');
const MINUTE = 60_000;

function aRecord(table: string, fields: readonly FieldData[], row: Row, index: number): RecordData {
  const columns = new Set(fields.map(({ name }) => name));
  const stray = Object.keys(row).find((column) => !columns.has(column));
  if (stray !== undefined)
    throw new Error(`Row ${index} of ${table} has a cell in "${stray}": add that column`);
  const numbers = fields
    .filter(({ type }) => type === 'autoNumber')
    .map(({ name }) => [name, index + 1] as const);
  const cells = Object.entries(row).filter(([, cell]) => !isBlank(cell));
  return {
    id: stableId('rec', `${table}/${index}`),
    createdTime: wholeSeconds(new Date(FIRST_CREATED + index * MINUTE)),
    fields: Object.fromEntries([...numbers, ...cells]),
  };
}

const Person = v.object({ id: v.string(), email: v.string(), name: v.string() });

function peopleIn(cell: CellValue | undefined): readonly CollaboratorData[] {
  const cells: readonly unknown[] = Array.isArray(cell) ? cell : [cell];
  return cells.filter((each) => v.is(Person, each));
}
