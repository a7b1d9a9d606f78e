import * as v from 'valibot';
import { invalidRecords, invalidRequest, notSupportedHere, unknownField } from './airtable-errors';
import { type FieldData, type FieldType, findField, type RecordData, type TableData } from './base-model';
import { existing, type WriteBody } from './record-writes';
import { type Target, type UpdateMode, WriteBatch } from './write-batch';

const MERGEABLE: ReadonlySet<FieldType> = new Set<FieldType>([
  'number',
  'singleLineText',
  'multilineText',
  'singleSelect',
  'multipleSelects',
  'date',
]);

const MergeOn = v.object({ fieldsToMergeOn: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(3)) });
const Records = v.array(
  v.looseObject({ id: v.optional(v.string()), fields: v.record(v.string(), v.unknown()) }),
);

/**
 * Updates the one record that matches in the merge fields, or creates one if none matches (airtable.md#upsert).
 * @throws AirtableError 422 for two or more matches (the real body is not published), 501 where the real behaviour is
 * not known: two records of the request with one key
 */
export function upsertRecords(request: WriteBody, mode: UpdateMode, target: Target) {
  const { table, batchSize } = target;
  const merge = v.safeParse(MergeOn, request['performUpsert']);
  if (!merge.success) throw invalidRequest();
  const keyFields = merge.output.fieldsToMergeOn.map((name) => keyField(name, table));
  const { success, output } = v.safeParse(Records, request.records);
  if (!success || output.length === 0 || output.length > batchSize) throw invalidRecords();

  const changes = new WriteBatch(target, request);
  const keysSeen = new Set<string>();
  const matches = output.map(({ id, fields }) => {
    const match =
      id === undefined ? matching(keyOf(fields, keyFields, changes), keysSeen, table) : existing(id, table);
    if (match) changes.update(match, fields, mode);
    else changes.create(fields);
    return match;
  });
  const updated = matches.flatMap((match) => match?.id ?? []);
  if (new Set(updated).size < updated.length) throw notSupportedHere('an upsert that names one record twice');

  const records = changes.commit();
  return {
    records,
    createdRecords: records.flatMap(({ id }, index) => (matches[index] ? [] : id)),
    updatedRecords: updated,
  };
}

function keyField(name: string, table: TableData): FieldData {
  const field = findField(table, name);
  if (!field) throw unknownField(name);
  if (!MERGEABLE.has(field.type)) throw invalidRequest(`Field "${field.name}" cannot be used to merge on`);
  return field;
}

interface KeyPart {
  readonly field: FieldData;
  /** The stored cell as JSON; null for a blank, which matches nothing. */
  readonly cell: string | null;
}

function keyOf(
  fields: Readonly<Record<string, unknown>>,
  keyFields: readonly FieldData[],
  changes: WriteBatch,
): readonly KeyPart[] {
  return keyFields.map((field) => {
    const name = [field.name, field.id].find((each) => each in fields);
    if (name === undefined) throw invalidRequest(`Every record has to hold the merge field "${field.name}"`);
    const cell = changes.cell(field, fields[name]);
    return { field, cell: cell === null ? null : JSON.stringify(cell) };
  });
}

function matching(key: readonly KeyPart[], keysSeen: Set<string>, table: TableData): RecordData | undefined {
  if (key.some(({ cell }) => cell === null)) return undefined;
  const text = JSON.stringify(key.map(({ cell }) => cell));
  if (keysSeen.has(text)) throw notSupportedHere('an upsert with one key twice');
  keysSeen.add(text);
  const [match, another] = table.records.filter((record) =>
    key.every(({ field, cell }) => JSON.stringify(record.fields[field.name]) === cell),
  );
  if (another) throw invalidRequest('Several records match one key of the upsert');
  return match;
}
