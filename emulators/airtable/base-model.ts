import { createHash, randomInt } from 'node:crypto';
import { COMPUTED_TYPES, type FieldType } from '../../lambdas/airtable/field-types';

export type { FieldType };

/** A cell as the REST API reads it. */
export type CellValue =
  | string
  | number
  | boolean
  | null
  | readonly CellValue[]
  | { readonly [key: string]: CellValue };

/** A whole base as plain JSON: the emulator serves it, and a caller may keep it in a file. */
export interface BaseData {
  readonly id: string;
  name: string;
  /** The people that a collaborator cell may name. */
  collaborators?: CollaboratorData[];
  tables: TableData[];
}

export interface CollaboratorData {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

export interface TableData {
  readonly id: string;
  name: string;
  description?: string;
  /** The first field if omitted. */
  primaryFieldId?: string;
  fields: FieldData[];
  /** Without views, a "Grid view" is added. */
  views: ViewData[];
  /** In the order of the grid, as a person sees them. */
  records: RecordData[];
}

export interface FieldData {
  readonly id: string;
  name: string;
  readonly type: FieldType;
  description?: string;
  options?: FieldOptions;
  /** The last number that an autoNumber field assigned; numbers are not reused. */
  lastAutoNumber?: number;
}

export interface FieldOptions {
  choices?: ChoiceData[];
  precision?: number;
  /** The number of stars, for a rating. */
  max?: number;
  linkedTableId?: string;
  // The rest is cosmetic: the options that a field was created with, or a typical value if absent.
  icon?: string;
  color?: string;
  symbol?: string;
  durationFormat?: string;
  dateFormat?: NamedFormat;
  timeFormat?: NamedFormat;
  timeZone?: string;
}

interface NamedFormat {
  readonly name: string;
}

interface ChoiceData {
  readonly id: string;
  readonly name: string;
  readonly color?: string;
}

export interface ViewData {
  readonly id: string;
  name: string;
  readonly type: string;
  filterByFormula?: string;
  /** The records keep their own order without a sort. */
  sort?: SortKey[];
}

/** A field by name or id, and the way it sorts. */
export interface SortKey {
  readonly field: string;
  readonly direction?: 'asc' | 'desc' | undefined;
}

export interface RecordData {
  readonly id: string;
  /** ISO 8601, whole seconds. */
  readonly createdTime: string;
  /** By field name; a blank cell is absent. */
  fields: Record<string, CellValue>;
}

export function findTable(base: BaseData, nameOrId: string): TableData | undefined {
  return base.tables.find(({ id, name }) => id === nameOrId || name === nameOrId);
}

export function findField(table: TableData, nameOrId: string): FieldData | undefined {
  return table.fields.find(({ id, name }) => id === nameOrId || name === nameOrId);
}

export function findRecord(table: TableData, recordId: string): RecordData | undefined {
  return table.records.find(({ id }) => id === recordId);
}

export function primaryField(table: TableData): FieldData | undefined {
  return table.fields.find(({ id }) => id === table.primaryFieldId) ?? table.fields[0];
}

const COMPUTED: ReadonlySet<FieldType> = new Set<FieldType>(COMPUTED_TYPES);

/** Whether Airtable fills the field itself and rejects every write (airtable.md#cell-values). */
export function isComputed({ type }: FieldData): boolean {
  return COMPUTED.has(type);
}

/** An instant as Airtable stores it: whole seconds (airtable.md#listing-records). */
export function wholeSeconds(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}.000Z`;
}

/** Airtable's kinds of ids: base, table, field, view, record, user, choice, attachment, list iterator, webhook. */
export type IdPrefix = 'app' | 'tbl' | 'fld' | 'viw' | 'rec' | 'usr' | 'sel' | 'att' | 'itr' | 'ach';

/** A record's id. */
export const RECORD_ID = /^rec[A-Za-z0-9]{14}$/;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 14;

/** A new, unique id. */
export function newId(prefix: IdPrefix): string {
  return prefix + Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}

/** The same id for the same text on every run, so that tests and seed data can rely on it. */
export function stableId(prefix: IdPrefix, text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, LENGTH);
  return prefix + Array.from(bytes, (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}
