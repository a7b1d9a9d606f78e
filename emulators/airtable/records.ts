import {
  type CellValue,
  type FieldData,
  newId,
  type RecordData,
  type TableData,
  wholeSeconds,
} from './base-model';
import type { ActionChanges } from './change-log';

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
  changes: ActionChanges,
): void {
  const before = JSON.stringify(record.fields);
  for (const [field, cell] of cells) store(record, field, cell);
  if (JSON.stringify(record.fields) !== before) changes.recordChanged(table, record);
}

export function removeRecord(table: TableData, removed: RecordData, changes: ActionChanges): void {
  table.records = table.records.filter((each) => each !== removed);
  changes.recordDestroyed(table, removed);
}

export interface PresentedRecord {
  readonly id: string;
  readonly createdTime: string;
  readonly fields: Readonly<Record<string, CellValue>>;
}

/**
 * A record as the API returns it: without blanks, cells in the table's field order (airtable.md#listing-records).
 * @param fields all fields if omitted
 */
export function presentRecord(
  record: RecordData,
  table: TableData,
  fields: readonly FieldData[] = table.fields,
): PresentedRecord {
  const cells = table.fields
    .filter((field) => fields.includes(field))
    .map((field) => [field.name, cellOf(record, field)] as const)
    .filter(([, cell]) => !isBlank(cell));
  return { id: record.id, createdTime: record.createdTime, fields: Object.fromEntries(cells) };
}

/** The cell as stored, or as computed. */
export function cellOf(record: RecordData, { name, type }: FieldData): CellValue {
  return type === 'createdTime' ? record.createdTime : (record.fields[name] ?? null);
}

export function isBlank(cell: CellValue | undefined): boolean {
  const isEmptyList = Array.isArray(cell) && cell.length === 0;
  return cell === undefined || cell === null || cell === '' || cell === false || isEmptyList;
}

function store(record: RecordData, { name }: FieldData, cell: CellValue): void {
  if (isBlank(cell)) delete record.fields[name];
  else record.fields[name] = cell;
}

function nextAutoNumber(field: FieldData, { records }: TableData): number {
  const used = records.map(({ fields }) => fields[field.name]).filter((cell) => typeof cell === 'number');
  field.lastAutoNumber = 1 + Math.max(field.lastAutoNumber ?? 0, ...used);
  return field.lastAutoNumber;
}
