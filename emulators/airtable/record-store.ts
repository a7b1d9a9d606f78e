import type { ActionChanges } from './action-changes';
import {
  type BaseData,
  type CellValue,
  type FieldData,
  type RecordData,
  type TableData,
  wholeSeconds,
} from './base-model';
import { newId } from './ids';
import { isBlank } from './presenting';

/** Cells to store; null clears. */
export type Cells = ReadonlyMap<FieldData, CellValue>;

export function insertRecord(table: TableData, cells: Cells, now: Date, changes: ActionChanges): RecordData {
  const record: RecordData = { id: newId('rec'), createdTime: wholeSeconds(now), fields: {} };
  for (const [field, cell] of cells) store(record, field, cell);
  for (const field of table.fields) {
    if (field.type === 'autoNumber') record.fields[field.name] = nextAutoNumber(field, table);
  }
  table.records.push(record);
  changes.recordCreated(table, record);
  return record;
}

export function changeRecord(
  table: TableData,
  record: RecordData,
  cells: Cells,
  now: Date,
  changes: ActionChanges,
): void {
  for (const [field, cell] of cells) {
    const before = record.fields[field.name] ?? null;
    store(record, field, cell);
    if (JSON.stringify(record.fields[field.name] ?? null) === JSON.stringify(before)) continue;
    record.modified = { ...record.modified, [field.name]: wholeSeconds(now) };
    changes.cellChanged(table, record, field, before);
  }
}

/** Links to the record go with it. */
export function removeRecord(
  base: BaseData,
  table: TableData,
  removed: RecordData,
  changes: ActionChanges,
): void {
  table.records = table.records.filter((each) => each !== removed);
  changes.recordDestroyed(table, removed);
  for (const linking of base.tables) {
    for (const field of linking.fields.filter(({ type }) => type === 'multipleRecordLinks')) {
      for (const record of linking.records) unlink(linking, record, field, removed.id, changes);
    }
  }
}

function unlink(
  table: TableData,
  record: RecordData,
  field: FieldData,
  id: string,
  changes: ActionChanges,
): void {
  const links = record.fields[field.name];
  if (!Array.isArray(links) || !links.includes(id)) return;
  const left = links.filter((each) => each !== id);
  store(record, field, left);
  changes.cellChanged(table, record, field, links);
}

function store(record: RecordData, { name }: FieldData, cell: CellValue): void {
  if (isBlank(cell)) delete record.fields[name];
  else record.fields[name] = cell;
}

function nextAutoNumber(field: FieldData, { records }: TableData): number {
  const used = records.flatMap(({ fields }) => {
    const number = fields[field.name];
    return typeof number === 'number' ? number : [];
  });
  field.lastAutoNumber = 1 + used.reduce((most, each) => Math.max(most, each), field.lastAutoNumber ?? 0);
  return field.lastAutoNumber;
}
