import * as v from 'valibot';
import { COMPUTED_TYPES, FIELD_TYPES } from '../../lambdas/airtable/field-types';
import type { Routes } from '../core/router';
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
  type AirtableRequest,
  type Handler,
  notEmulatedRoutes,
  requireBase,
  requireScope,
} from './airtable-request';
import {
  type BaseData,
  type FieldData,
  type FieldOptions,
  type FieldType,
  newId,
  primaryField,
  stableId,
  type TableData,
} from './base-model';

const BASE = '/v0/meta/bases/:base';

/** The metadata API (airtable.md#metadata). @param onChange called after each write; the response waits for it */
export function metadataRoutes(base: BaseData, onChange: (base: BaseData) => Promise<void>): Routes<Handler> {
  const write =
    (handle: (request: AirtableRequest) => unknown): Handler =>
    async (request) => {
      requireScope(request.grant, 'schema.bases:write');
      requireBase(request.grant, request.param('base'), base);
      const created = handle(request);
      await onChange(base);
      return created;
    };
  return {
    ...NOT_EMULATED,
    'GET /v0/meta/whoami': ({ grant: { token, scopes } }) => {
      const id = stableId('usr', token);
      const isEmailShown = scopes?.includes('user.email:read') !== false;
      return { id, ...(isEmailShown && { email: `${id.toLowerCase()}@example.com` }) };
    },
    'GET /v0/meta/bases': ({ grant }) => {
      requireScope(grant, 'schema.bases:read');
      const { id, name } = base;
      return { bases: grant.bases?.includes(id) === false ? [] : [{ id, name, permissionLevel: 'create' }] };
    },
    [`GET ${BASE}/tables`]: ({ grant, param, search }) => {
      requireScope(grant, 'schema.bases:read');
      requireBase(grant, param('base'), base);
      if (new URLSearchParams(search).size > 0) throw notEmulated('a parameter of the base schema');
      return { tables: base.tables.map(tableModel) };
    },
    [`POST ${BASE}/tables`]: write(({ readBody }) => tableModel(createTable(readBody(), base))),
    [`POST ${BASE}/tables/:table/fields`]: write(({ param, readBody }) =>
      fieldModel(createField(param('table'), readBody(), base)),
    ),
  };
}

const NOT_EMULATED = notEmulatedRoutes({
  'POST /v0/meta/bases': 'creating a base',
  [`* ${BASE}`]: "a base's collaborators",
  [`* ${BASE}/collaborators`]: "a base's collaborators",
  [`* ${BASE}/views`]: "a base's views",
  [`PATCH ${BASE}/tables/:table`]: 'changing a table',
  [`PATCH ${BASE}/tables/:table/fields/:field`]: 'changing a field',
});

/** A table as the API returns it when listed or created. */
function tableModel(table: TableData) {
  return {
    id: table.id,
    name: table.name,
    ...(table.description !== undefined && { description: table.description }),
    primaryFieldId: primaryField(table)?.id,
    fields: table.fields.map(fieldModel),
    views: table.views.map(({ id, name, type }) => ({ id, name, type })),
  };
}

function fieldModel(field: FieldData) {
  const { id, name, type, description } = field;
  const options = optionsOf(field);
  return { id, name, type, ...(description !== undefined && { description }), ...(options && { options }) };
}

/** Types without options have no such key; for the others the base data may omit cosmetic options. */
function optionsOf({ type, options = {} }: FieldData): object | undefined {
  switch (type) {
    case 'number':
    case 'percent':
      return { precision: 0, ...options };
    case 'currency':
      return { precision: 2, symbol: '$', ...options };
    case 'duration':
      return { durationFormat: 'h:mm', ...options };
    case 'rating':
      return { icon: 'star', max: 5, color: 'yellowBright', ...options };
    case 'checkbox':
      return { icon: 'check', color: 'greenBright', ...options };
    case 'singleSelect':
    case 'multipleSelects':
      return { choices: options.choices ?? [] };
    case 'date':
      return { dateFormat: dateFormat(options) };
    case 'dateTime':
      return {
        timeZone: options.timeZone ?? 'utc',
        dateFormat: dateFormat(options),
        timeFormat: timeFormat(options),
      };
    case 'multipleRecordLinks':
      return { linkedTableId: options.linkedTableId, isReversed: false, prefersSingleRecordLink: false };
    default:
      return undefined;
  }
}

const DATE_FORMATS: Readonly<Record<string, string>> = {
  local: 'l',
  friendly: 'LL',
  us: 'M/D/YYYY',
  european: 'D/M/YYYY',
  iso: 'YYYY-MM-DD',
};
const TIME_FORMATS: Readonly<Record<string, string>> = { '12hour': 'h:mma', '24hour': 'HH:mm' };

function dateFormat({ dateFormat: { name } = { name: 'iso' } }: FieldOptions) {
  return { name, format: DATE_FORMATS[name] };
}

function timeFormat({ timeFormat: { name } = { name: '24hour' } }: FieldOptions) {
  return { name, format: TIME_FORMATS[name] };
}

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
function createTable(body: unknown, base: BaseData): TableData {
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
function createField(tableId: string, body: unknown, base: BaseData): FieldData {
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
