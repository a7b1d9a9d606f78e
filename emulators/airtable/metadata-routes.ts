import type { Routes } from '../core/router';
import { requireBase, requireScope } from './access';
import { notEmulated } from './airtable-errors';
import { type AirtableRequest, type Handler, notEmulatedRoutes } from './airtable-request';
import type { BaseData } from './base-model';
import { stableId } from './ids';
import { fieldModel, tableModel } from './metadata';
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
