import { authenticate, reaches, requireRole, requireScope, type TokenGrant } from './access';
import type { ActionChanges } from './action-changes';
import type { Actions, Author } from './actions';
import { notFound, notPermittedOrMissing } from './airtable-errors';
import { type BaseData, findRecord, findTable, type TableData } from './base-model';
import type { Iterators } from './iterators';
import { recordParameters } from './list-parameters';
import { listRecords } from './listing';
import { baseSchema, fieldModel, listBases, tableModel, userOf, whoAmI } from './metadata';
import { presentRecord } from './presenting';
import type { Query } from './query-string';
import type { RateLimits } from './rate-limit';
import {
  createRecords,
  deleteRecord,
  deleteRecords,
  updateRecord,
  updateRecords,
  writeBody,
} from './record-writes';
import {
  isRead,
  type ReadRoute,
  type RecordRoute,
  type Route,
  type SchemaWriteRoute,
  type WriteRoute,
} from './routes';
import { createField, createTable } from './schema-writing';
import { upsertRecords } from './upsert';
import { handleWebhookRequest } from './webhooks/webhook-api';
import type { Webhooks } from './webhooks/webhooks';
import type { Target, UpdateMode } from './write-batch';

export interface ApiRequest {
  /** Undefined for an unrouted path. */
  readonly route: Route | undefined;
  readonly query: Query;
  readonly authorization: string | undefined;
  /** @throws AirtableError 400 for a body that is not JSON */
  readonly readBody: () => unknown;
}

export interface ApiSettings {
  readonly base: BaseData;
  readonly tokens: readonly TokenGrant[];
  readonly rateLimits: RateLimits;
  readonly iterators: Iterators;
  readonly actions: Actions;
  readonly webhooks: Webhooks;
  readonly now: () => Date;
  readonly batchSize: number;
  readonly formatBarePhoneNumbers: boolean;
  readonly findAcrossTables: boolean;
  readonly shuffleUnsorted: boolean;
  readonly onChange: (base: BaseData) => void | Promise<void>;
}

/**
 * The body of the response; undefined for an empty one. The checks run in this order: token, rate,
 * base, table, body (airtable.md#errors).
 * @throws AirtableError for every response other than 200
 */
export async function handleRequest(request: ApiRequest, settings: ApiSettings): Promise<unknown> {
  const { base, tokens, rateLimits } = settings;
  const { route, query } = request;
  const grant = authenticate(request.authorization, tokens);
  rateLimits.countRequest(grant.token, route && 'baseId' in route ? route.baseId : undefined);
  if (!route) throw notFound();
  switch (route.kind) {
    case 'whoami':
      return whoAmI(grant);
    case 'bases':
      requireScope(grant, 'schema.bases:read');
      return listBases(base, grant);
    case 'schema':
      requireScope(grant, 'schema.bases:read');
      requireBase(route.baseId, grant, base);
      return baseSchema(base, query);
    case 'create-table':
    case 'create-field': {
      requireScope(grant, 'schema.bases:write');
      requireBase(route.baseId, grant, base);
      requireRole(grant, 'create');
      const made = settings.actions.perform(authorOf(grant), (changes) =>
        writeSchema(route, request.readBody(), base, changes),
      );
      await settings.onChange(base);
      return made;
    }
    case 'create-webhook':
    case 'list-webhooks':
    case 'webhook-payloads':
    case 'refresh-webhook':
    case 'enable-notifications':
    case 'delete-webhook':
      rateLimits.countAgainstQuota();
      requireBase(route.baseId, grant, base);
      return handleWebhookRequest(
        { route, query, readBody: request.readBody },
        grant,
        base,
        settings.webhooks,
      );
    default:
      rateLimits.countAgainstQuota();
      return handleRecordRequest(route, grant, request, settings);
  }
}

/** @throws AirtableError 403, for an unknown base too (airtable.md#errors) */
function requireBase(baseId: string, grant: TokenGrant, base: BaseData): void {
  if (baseId !== base.id || !reaches(grant, base.id)) throw notPermittedOrMissing();
}

function writeSchema(route: SchemaWriteRoute, body: unknown, base: BaseData, changes: ActionChanges) {
  return route.kind === 'create-table'
    ? tableModel(createTable(body, base, changes))
    : fieldModel(createField(route.tableId, body, base, changes));
}

/** The token's owner, as webhooks name the author of a change. */
function authorOf({ token, role = 'create' }: TokenGrant): Author {
  const { id, email } = userOf(token);
  return { source: 'publicApi', user: { id, email, permissionLevel: role } };
}

async function handleRecordRequest(
  route: RecordRoute,
  grant: TokenGrant,
  request: ApiRequest,
  settings: ApiSettings,
): Promise<unknown> {
  const { base, onChange } = settings;
  if (route.baseId !== base.id) throw notFound();
  if (!reaches(grant, base.id)) throw notPermittedOrMissing();
  requireScope(grant, isRead(route) ? 'data.records:read' : 'data.records:write');
  const table = findTable(base, route.table);
  if (!table) throw notPermittedOrMissing();
  if (isRead(route)) return read(route, table, request, settings);
  requireRole(grant, 'edit');
  const response = settings.actions.perform(authorOf(grant), (changes) =>
    write(route, table, request, settings, changes),
  );
  await onChange(base);
  return response;
}

function read(route: ReadRoute, table: TableData, { query, readBody }: ApiRequest, settings: ApiSettings) {
  const { base, iterators, now, shuffleUnsorted } = settings;
  if (route.kind === 'get') return getRecord(route.recordId, table, query, settings);
  const parameters = route.kind === 'list' ? query : (readBody() ?? {});
  return listRecords(parameters, { base, table, iterators, now: now(), shuffleUnsorted });
}

/**
 * Whether a record of another table is found. The documentation and the observed behaviour differ
 * (airtable.md#getting-one-record).
 */
function getRecord(id: string, table: TableData, query: Query, { base, findAcrossTables }: ApiSettings) {
  const parameters = recordParameters(query);
  for (const each of findAcrossTables ? [table, ...base.tables] : [table]) {
    const record = findRecord(each, id);
    if (record) return presentRecord(record, each, parameters);
  }
  throw notPermittedOrMissing();
}

function write(
  route: WriteRoute,
  table: TableData,
  { query, readBody }: ApiRequest,
  settings: ApiSettings,
  actionChanges: ActionChanges,
) {
  const { base, now, batchSize, formatBarePhoneNumbers } = settings;
  const target: Target = { base, table, now: now(), batchSize, formatBarePhoneNumbers, actionChanges };
  switch (route.kind) {
    case 'create':
      return createRecords(readBody(), target);
    case 'patch':
      return updateRecord(route.recordId, readBody(), 'merge', target);
    case 'put':
      return updateRecord(route.recordId, readBody(), 'replace', target);
    case 'patch-many':
      return updateMany(readBody(), 'merge', target);
    case 'put-many':
      return updateMany(readBody(), 'replace', target);
    case 'delete':
      return deleteRecord(route.recordId, target);
    case 'delete-many':
      return deleteRecords(query['records'], target);
  }
}

function updateMany(body: unknown, mode: UpdateMode, target: Target) {
  const request = writeBody(body);
  return 'performUpsert' in request
    ? upsertRecords(request, mode, target)
    : updateRecords(request, mode, target);
}
