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

export function insertRecord(table: TableData, cells: Cells, now: Date): RecordData {
  const record: RecordData = { id: newId('rec'), createdTime: wholeSeconds(now), fields: {} };
  for (const [field, cell] of cells) store(record, field, cell);
  for (const field of table.fields) {
    if (field.type === 'autoNumber') record.fields[field.name] = nextAutoNumber(field, table);
  }
  table.records.push(record);
  return record;
}

export function changeRecord(record: RecordData, cells: Cells, now: Date): void {
  for (const [field, cell] of cells) {
    const before = JSON.stringify(record.fields[field.name]);
    store(record, field, cell);
    if (JSON.stringify(record.fields[field.name]) === before) continue;
    record.modified = { ...record.modified, [field.name]: wholeSeconds(now) };
  }
}

/** Links to the record go with it. */
export function removeRecord(base: BaseData, table: TableData, { id }: RecordData): void {
  table.records = table.records.filter((each) => each.id !== id);
  for (const { fields, records } of base.tables) {
    for (const field of fields.filter(({ type }) => type === 'multipleRecordLinks')) {
      for (const record of records) unlink(record, field, id);
    }
  }
}

function unlink(record: RecordData, field: FieldData, id: string): void {
  const links = record.fields[field.name];
  if (!Array.isArray(links) || !links.includes(id)) return;
  store(
    record,
    field,
    links.filter((each) => each !== id),
  );
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
