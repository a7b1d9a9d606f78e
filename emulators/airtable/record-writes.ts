import * as v from 'valibot';
import type { ActionChanges } from './actions';
import {
  invalidRecords,
  invalidRequest,
  missingFields,
  notEmulated,
  recordDoesNotExist,
  tooManyToCreate,
  unknownField,
} from './airtable-errors';
import { type BaseData, findField, findRecord, type RecordData, type TableData } from './base-model';
import { writtenCell } from './cell-writing';
import { type Cells, changeRecord, insertRecord, presentRecord } from './records';

/** The target of a write. */
export interface WriteTarget {
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

const LARGEST_BATCH = 10;
const NOT_EMULATED = ['typecast', 'returnFieldsByFieldId', 'performUpsert'] as const;

/** POST: one record, or several. All are checked before the first is created (airtable.md#writing-records). */
export function createRecords(body: unknown, target: WriteTarget) {
  const request = readBody(body);
  if (request.fields) return create([cellsOf(request.fields, target)], target).at(0);
  const { success, output } = v.safeParse(Creations, request.records);
  if (!success) throw invalidRecords();
  if (output.length > LARGEST_BATCH) throw tooManyToCreate(LARGEST_BATCH, output.length);
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
export function updateRecord(record: RecordData, body: unknown, target: WriteTarget) {
  const { fields } = readBody(body);
  if (!fields) throw missingFields();
  changeRecord(target.table, record, cellsOf(fields, target, record), target.changes);
  return presentRecord(record, target.table);
}

/** PATCH of several records. All are checked before the first is changed. */
export function updateRecords(body: unknown, target: WriteTarget) {
  const { success, output } = v.safeParse(Updates, readBody(body).records);
  if (!success || output.length > LARGEST_BATCH) throw invalidRecords();
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
  for (const name of NOT_EMULATED) if (output[name]) throw notEmulated(`the write option ${name}`);
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
