import type { ChangedRecord, TableChanges } from '../action-changes';
import type { Action } from '../actions';
import type { BaseData, CellValue, FieldData, TableData } from '../base-model';
import { fieldModel } from '../metadata';
import { cellOf } from '../presenting';
import { cellValuesByFieldId, cellValueV2 } from './cell-value-v2';
import type { ChangeType, DataType, Specification } from './specification';

type Cells = Readonly<Record<string, CellValue>>;

/** A webhook's payload for one action (airtable.md#webhook-payloads). */
export interface Payload {
  readonly timestamp: string;
  readonly baseTransactionNumber: number;
  readonly payloadFormat: 'v0';
  readonly actionMetadata?: object;
  readonly changedTablesById?: Readonly<Record<string, object>>;
  readonly createdTablesById?: Readonly<Record<string, object>>;
  readonly destroyedTableIds?: readonly string[];
  readonly error?: true;
  readonly code?: string;
}

/** The payload that an action produces under a specification; null if it produces none. */
export function payloadOf(action: Action, specification: Specification, base: BaseData): Payload | null {
  const { filters } = specification.options;
  const { author, changes, at, baseTransactionNumber } = action;
  if (filters.fromSources && !filters.fromSources.includes(author.source)) return null;
  const inScope = (id: string) => (filters.recordChangeScope ?? id) === id;
  const changed = [...changes.tables]
    .filter(([id]) => inScope(id))
    .map(([id, table]) => [id, tableChanges(table, specification, base)] as const)
    .filter(([, part]) => Object.keys(part).length > 0);
  // The data type of created and deleted tables is not documented: every webhook is notified.
  const created = wants(filters, 'add') ? [...changes.createdTables].filter(([id]) => inScope(id)) : [];
  const destroyed = wants(filters, 'remove') ? [...changes.destroyedTableIds].filter(inScope) : [];
  if (changed.length + created.length + destroyed.length === 0) return null;
  return {
    timestamp: at.toISOString(),
    baseTransactionNumber,
    payloadFormat: 'v0',
    actionMetadata: { source: author.source, sourceMetadata: { user: author.user } },
    ...(changed.length > 0 && { changedTablesById: Object.fromEntries(changed) }),
    ...(created.length > 0 && {
      createdTablesById: Object.fromEntries(created.map(([id, table]) => [id, createdTable(table)])),
    }),
    ...(destroyed.length > 0 && { destroyedTableIds: destroyed }),
  };
}

type Filters = Specification['options']['filters'];

function wants({ changeTypes }: Filters, type: ChangeType): boolean {
  return changeTypes === undefined || changeTypes.includes(type);
}

function covers({ dataTypes }: Filters, type: DataType): boolean {
  return dataTypes.includes(type);
}

function tableChanges(changes: TableChanges, specification: Specification, base: BaseData): object {
  const { filters } = specification.options;
  return {
    ...(covers(filters, 'tableData') && recordChanges(changes, specification, base)),
    ...(covers(filters, 'tableFields') && fieldChanges(changes, specification)),
    ...(covers(filters, 'tableMetadata') && wants(filters, 'update') && metadataChanges(changes)),
  };
}

function recordChanges(
  { table, created, changed, destroyed }: TableChanges,
  specification: Specification,
  base: BaseData,
): object {
  const { filters } = specification.options;
  const added = wants(filters, 'add') ? [...created.values()] : [];
  const removed = wants(filters, 'remove') ? [...destroyed.keys()] : [];
  const watched = filters.watchDataInFieldIds;
  const updated = (wants(filters, 'update') ? [...changed.values()] : []).filter(({ before }) =>
    [...before.keys()].some(({ id }) => watched === undefined || watched.includes(id)),
  );
  return {
    ...(added.length > 0 && {
      createdRecordsById: Object.fromEntries(
        added.map((record) => [
          record.id,
          {
            createdTime: record.createdTime,
            cellValuesByFieldId: cellValuesByFieldId(record, table, base),
          },
        ]),
      ),
    }),
    ...(updated.length > 0 && {
      changedRecordsById: Object.fromEntries(
        updated.map((each) => [each.record.id, changedRecord(each, table, specification, base)]),
      ),
    }),
    ...(removed.length > 0 && { destroyedRecordIds: removed }),
  };
}

/** `current` holds the changed cells only, `unchanged` the other cells that the webhook includes. */
function changedRecord(
  { record, before }: ChangedRecord,
  table: TableData,
  { options: { includes = {} } }: Specification,
  base: BaseData,
): object {
  const { includeCellValuesInFieldIds: included, includePreviousCellValues } = includes;
  const changed = [...before.keys()];
  const isIncluded = ({ id }: FieldData) => included === 'all' || included?.includes(id) === true;
  const unchanged = table.fields.filter((field) => !before.has(field) && isIncluded(field));
  const current = (field: FieldData) => cellOf(record, field, table);
  const cells = (fields: readonly FieldData[], cell: (field: FieldData) => CellValue) => ({
    cellValuesByFieldId: Object.fromEntries(
      fields.map((field) => [field.id, cellValueV2(cell(field), field, base)]),
    ) satisfies Cells,
  });
  return {
    current: cells(changed, current),
    ...(includePreviousCellValues && { previous: cells(changed, (field) => before.get(field) ?? null) }),
    ...(unchanged.length > 0 && { unchanged: cells(unchanged, current) }),
  };
}

function fieldChanges(
  { createdFields, renamedFields, destroyedFieldIds }: TableChanges,
  { options: { filters, includes = {} } }: Specification,
): object {
  const added = wants(filters, 'add') ? [...createdFields.values()] : [];
  const renamed = wants(filters, 'update') ? [...renamedFields.values()] : [];
  const removed = wants(filters, 'remove') ? [...destroyedFieldIds] : [];
  return {
    ...(added.length > 0 && { createdFieldsById: fieldsById(added) }),
    ...(renamed.length > 0 && {
      changedFieldsById: Object.fromEntries(
        renamed.map(({ field, previousName }) => [
          field.id,
          {
            current: { name: field.name },
            ...(includes.includePreviousFieldDefinitions && { previous: { name: previousName } }),
          },
        ]),
      ),
    }),
    ...(removed.length > 0 && { destroyedFieldIds: removed }),
  };
}

function metadataChanges({ table, previousName }: TableChanges): object {
  if (previousName === null) return {};
  return { changedMetadata: { current: { name: table.name }, previous: { name: previousName } } };
}

function fieldsById(fields: readonly FieldData[]): object {
  return Object.fromEntries(
    fields.map((field) => {
      const { name, type } = fieldModel(field);
      return [field.id, { name, type }];
    }),
  );
}

function createdTable({ name, description, fields }: TableData): object {
  return {
    metadata: { name, description: description ?? null },
    fieldsById: fieldsById(fields),
    recordsById: {},
  };
}
