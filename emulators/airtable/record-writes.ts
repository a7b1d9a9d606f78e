import * as v from 'valibot';
import {
  invalidRecords,
  invalidRequest,
  missingFields,
  notPermittedOrMissing,
  recordDoesNotExist,
  recordToDeleteNotFound,
  tooManyToCreate,
} from './airtable-errors';
import { findRecord, type RecordData, type TableData } from './base-model';
import { removeRecord } from './record-store';
import { type Target, type UpdateMode, WriteBatch } from './write-batch';

const FieldValues = v.record(v.string(), v.unknown());

const WriteBody = v.looseObject({
  fields: v.optional(FieldValues),
  records: v.optional(v.unknown()),
  typecast: v.optional(v.boolean(), false),
  returnFieldsByFieldId: v.optional(v.boolean(), false),
});
export type WriteBody = v.InferOutput<typeof WriteBody>;

/** @throws AirtableError 422 for an invalid body */
export function writeBody(body: unknown): WriteBody {
  if (typeof body !== 'object' || body === null || !('fields' in body || 'records' in body))
    throw missingFields();
  const { success, output } = v.safeParse(WriteBody, body);
  if (!success) throw invalidRequest();
  return output;
}

/** POST: one record, or several (airtable.md#writing-records). */
export function createRecords(body: unknown, target: Target) {
  const request = writeBody(body);
  const changes = new WriteBatch(target, request);
  if (request.fields) {
    changes.create(request.fields);
    return changes.commit().at(0);
  }
  const { success, output } = v.safeParse(v.array(v.looseObject({ fields: FieldValues })), request.records);
  if (!success || output.length === 0) throw invalidRecords();
  if (output.length > target.batchSize) throw tooManyToCreate(target.batchSize, output.length);
  for (const { fields } of output) changes.create(fields);
  return { records: changes.commit() };
}

/**
 * PATCH or PUT of one record.
 * @throws AirtableError 403 for an unknown record
 */
export function updateRecord(recordId: string, body: unknown, mode: UpdateMode, target: Target) {
  const record = findRecord(target.table, recordId);
  if (!record) throw notPermittedOrMissing();
  const request = writeBody(body);
  if (!request.fields) throw missingFields();
  const changes = new WriteBatch(target, request);
  changes.update(record, request.fields, mode);
  return changes.commit().at(0);
}

const Updates = v.array(v.looseObject({ id: v.string(), fields: FieldValues }));

/** PATCH or PUT of several records by their ids. */
export function updateRecords(request: WriteBody, mode: UpdateMode, target: Target) {
  const { success, output } = v.safeParse(Updates, request.records);
  if (!success || output.length === 0 || output.length > target.batchSize) throw invalidRecords();
  if (new Set(output.map(({ id }) => id)).size < output.length) {
    throw invalidRecords('You cannot update the same record multiple times in a single request.');
  }
  const changes = new WriteBatch(target, request);
  for (const { id, fields } of output) changes.update(existing(id, target.table), fields, mode);
  return { records: changes.commit() };
}

/** @throws AirtableError 422 ROW_DOES_NOT_EXIST */
export function existing(recordId: string, table: TableData): RecordData {
  const record = findRecord(table, recordId);
  if (!record) throw recordDoesNotExist(recordId);
  return record;
}

/** @throws AirtableError 403 for an unknown record */
export function deleteRecord(recordId: string, { base, table, actionChanges }: Target) {
  const record = findRecord(table, recordId);
  if (!record) throw notPermittedOrMissing();
  removeRecord(base, table, record, actionChanges);
  return { id: recordId, deleted: true };
}

/** @throws AirtableError 404 for an unknown id, and then nothing is deleted */
export function deleteRecords(ids: unknown, { base, table, batchSize, actionChanges }: Target) {
  const { success, output } = v.safeParse(v.array(v.string()), ids);
  if (!success || output.length === 0 || output.length > batchSize) throw invalidRecords();
  const records = output.map((id) => {
    const record = findRecord(table, id);
    if (!record) throw recordToDeleteNotFound(id);
    return record;
  });
  for (const record of records) removeRecord(base, table, record, actionChanges);
  return { records: output.map((id) => ({ id, deleted: true })) };
}
