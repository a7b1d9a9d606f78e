import * as v from 'valibot';
import type { Routes } from '../core/router';
import {
  invalidRecords,
  invalidRequest,
  missingFields,
  notEmulated,
  notFound,
  notPermittedOrMissing,
  recordDoesNotExist,
  tooManyToCreate,
  unknownField,
} from './airtable-errors';
import { type AirtableRequest, type Handler, notEmulatedRoutes, requireScope } from './airtable-request';
import {
  type BaseData,
  findField,
  findRecord,
  findTable,
  RECORD_ID,
  type RecordData,
  type TableData,
} from './base-model';
import { writtenCell } from './cell-writing';
import type { ActionChanges, Actions } from './change-log';
import { type Iterators, listQuery, listRecords } from './record-lists';
import { type Cells, changeRecord, insertRecord, presentRecord, removeRecord } from './records';

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

/** The target of a write. */
interface WriteTarget {
  readonly base: BaseData;
  readonly table: TableData;
  readonly now: Date;
  /** Called with every change, for the webhooks. */
  readonly changes: ActionChanges;
}

const FieldValues = v.record(v.string(), v.unknown());
type FieldValues = v.InferOutput<typeof FieldValues>;
const WriteBody = v.looseObject({ fields: v.optional(FieldValues), records: v.optional(v.unknown()) });
const Creations = v.pipe(v.array(v.looseObject({ fields: FieldValues })), v.minLength(1));
const Updates = v.pipe(v.array(v.looseObject({ id: v.string(), fields: FieldValues })), v.minLength(1));

const MAX_BATCH_SIZE = 10;
const UNSUPPORTED_OPTIONS = ['typecast', 'returnFieldsByFieldId', 'performUpsert'] as const;

/** POST: one record, or several. All are checked before the first is created (airtable.md#writing-records). */
function createRecords(body: unknown, target: WriteTarget) {
  const request = readBody(body);
  if (request.fields) return create([cellsOf(request.fields, target)], target).at(0);
  const { success, output } = v.safeParse(Creations, request.records);
  if (!success) throw invalidRecords();
  if (output.length > MAX_BATCH_SIZE) throw tooManyToCreate(MAX_BATCH_SIZE, output.length);
  return {
    records: create(
      output.map(({ fields }) => cellsOf(fields, target)),
      target,
    ),
  };
}

function create(rows: readonly Cells[], { table, now, changes }: WriteTarget) {
  return rows.map((cells) => presentRecord(insertRecord(table, cells, now, changes), table));
}

/** PATCH of one record. */
function updateRecord(record: RecordData, body: unknown, target: WriteTarget) {
  const { fields } = readBody(body);
  if (!fields) throw missingFields();
  changeRecord(target.table, record, cellsOf(fields, target, record), target.changes);
  return presentRecord(record, target.table);
}

/** PATCH of several records. All are checked before the first is changed. */
function updateRecords(body: unknown, target: WriteTarget) {
  const { success, output } = v.safeParse(Updates, readBody(body).records);
  if (!success || output.length > MAX_BATCH_SIZE) throw invalidRecords();
  if (new Set(output.map(({ id }) => id)).size < output.length) {
    throw invalidRecords('You cannot update the same record multiple times in a single request.');
  }
  const { table, changes } = target;
  const updates = output.map(({ id, fields }) => {
    const record = findRecord(table, id);
    if (!record) throw recordDoesNotExist(id);
    return { record, cells: cellsOf(fields, target, record) };
  });
  for (const { record, cells } of updates) changeRecord(table, record, cells, changes);
  return { records: updates.map(({ record }) => presentRecord(record, table)) };
}

/** @throws AirtableError 422 for an invalid body, 501 for an option that is not emulated */
function readBody(body: unknown): v.InferOutput<typeof WriteBody> {
  if (typeof body !== 'object' || body === null || !('fields' in body || 'records' in body))
    throw missingFields();
  const { success, output } = v.safeParse(WriteBody, body);
  if (!success) throw invalidRequest();
  for (const name of UNSUPPORTED_OPTIONS) if (output[name]) throw notEmulated(`the write option ${name}`);
  return output;
}

function cellsOf(fields: FieldValues, { base, table }: WriteTarget, record?: RecordData): Cells {
  return new Map(
    Object.entries(fields).map(([name, value]) => {
      const field = findField(table, name);
      if (!field) throw unknownField(name);
      return [field, writtenCell(field, value, base, record)] as const;
    }),
  );
}
