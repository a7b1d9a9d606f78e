import type { Routes } from '../core/router';
import { notEmulated } from './airtable-errors';
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
  primaryField,
  stableId,
  type TableData,
} from './base-model';
import { createField, createTable } from './schema-writes';

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
