import type { Routes } from '../core/router';
import { requireScope } from './access';
import type { Actions } from './actions';
import { invalidRequest, notFound, notPermittedOrMissing } from './airtable-errors';
import { type AirtableRequest, type Handler, notEmulatedRoutes } from './airtable-request';
import { type BaseData, findRecord, findTable, type RecordData, type TableData } from './base-model';
import { RECORD_ID } from './ids';
import type { Iterators } from './iterators';
import { listQuery, listRecords } from './record-lists';
import { createRecords, updateRecord, updateRecords, type WriteTarget } from './record-writes';
import { presentRecord, removeRecord } from './records';

export interface RecordContext {
  readonly base: BaseData;
  readonly actions: Actions;
  readonly iterators: Iterators;
  readonly shuffleUnsorted: boolean;
  /** Called after each write; the response waits for it. */
  readonly onChange: (base: BaseData) => Promise<void>;
}

const TABLE = '/v0/:base/:table';
const RECORD = `${TABLE}/:record`;

/** The records API (airtable.md#listing-records, airtable.md#writing-records). */
export function recordRoutes({
  base,
  actions,
  iterators,
  shuffleUnsorted,
  onChange,
}: RecordContext): Routes<Handler> {
  function tableOf({ grant, param }: AirtableRequest, scope: string): TableData {
    if (param('base') !== base.id) throw notFound();
    if (grant.bases?.includes(base.id) === false) throw notPermittedOrMissing();
    requireScope(grant, scope);
    const table = findTable(base, param('table'));
    if (!table) throw notPermittedOrMissing();
    return table;
  }

  const read =
    (handle: (table: TableData, request: AirtableRequest) => unknown): Handler =>
    (request) =>
      handle(tableOf(request, 'data.records:read'), request);
  const write =
    (handle: (target: WriteTarget, request: AirtableRequest) => unknown): Handler =>
    async (request) => {
      const table = tableOf(request, 'data.records:write');
      const response = actions.perform((changes) =>
        handle({ base, table, now: actions.now(), changes }, request),
      );
      await onChange(base);
      return response;
    };
  const list = (parameters: unknown, table: TableData) =>
    listRecords(parameters, { table, iterators, shuffleUnsorted });

  return {
    ...NOT_EMULATED,
    [`GET ${TABLE}`]: read((table, { search }) => list(listQuery(search), table)),
    [`POST ${TABLE}/listRecords`]: read((table, { readBody }) => list(readBody() ?? {}, table)),
    [`GET ${RECORD}`]: read((table, request) => {
      if (request.search !== '') throw invalidRequest();
      return presentRecord(recordOf(table, request), table);
    }),
    [`POST ${TABLE}`]: write((target, { readBody }) => createRecords(readBody(), target)),
    [`PATCH ${TABLE}`]: write((target, { readBody }) => updateRecords(readBody(), target)),
    [`PATCH ${RECORD}`]: write((target, request) =>
      updateRecord(recordOf(target.table, request), request.readBody(), target),
    ),
    [`DELETE ${RECORD}`]: write(({ table, changes }, request) => {
      const record = recordOf(table, request);
      removeRecord(table, record, changes);
      return { id: record.id, deleted: true };
    }),
  };
}

/** @throws AirtableError 404 for a malformed id, 403 for an unknown one */
function recordOf(table: TableData, { param }: AirtableRequest): RecordData {
  const id = param('record');
  if (!RECORD_ID.test(id)) throw notFound();
  const record = findRecord(table, id);
  if (!record) throw notPermittedOrMissing();
  return record;
}

const NOT_EMULATED = notEmulatedRoutes({
  [`PUT ${TABLE}`]: 'PUT of records',
  [`PUT ${RECORD}`]: 'PUT of a record',
  [`DELETE ${TABLE}`]: 'deleting several records',
  [`* ${RECORD}/comments`]: 'comments',
  [`* ${RECORD}/comments/:comment`]: 'comments',
  [`POST ${RECORD}/uploadAttachment`]: 'uploading an attachment',
});
