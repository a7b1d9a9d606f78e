import * as v from 'valibot';
import {
  type BaseData,
  type CellValue,
  type FieldData,
  findRecord,
  primaryField,
  type RecordData,
  type TableData,
} from '../base-model';
import { cellOf, isBlank } from '../presenting';

const Texts = v.array(v.string());

/** A cell in the format of webhook payloads, v2 (airtable.md#webhook-payloads); null for a blank. */
export function cellValueV2(cell: CellValue, field: FieldData, base: BaseData): CellValue {
  if (isBlank(cell)) return null;
  switch (field.type) {
    case 'singleSelect':
      return typeof cell === 'string' ? selectOption(cell, field) : cell;
    case 'multipleSelects':
      return v.parse(Texts, cell).map((name) => selectOption(name, field));
    case 'multipleRecordLinks':
      return v.parse(Texts, cell).map((id) => ({ id, name: primaryText(id, base) }));
    default:
      return cell;
  }
}

/** A record's cells by field id, without blanks, and without lookups, because the emulator has no v2 form of them. */
export function cellValuesByFieldId(record: RecordData, table: TableData, base: BaseData) {
  const cells: Record<string, CellValue> = {};
  for (const field of table.fields) {
    if (field.type === 'multipleLookupValues') continue;
    const value = cellValueV2(cellOf(record, field, table), field, base);
    if (value !== null) cells[field.id] = value;
  }
  return cells;
}

function selectOption(name: string, { options }: FieldData): CellValue {
  const option = options?.choices?.find((each) => each.name === name);
  return option ? { ...option } : { name };
}

function primaryText(recordId: string, { tables }: BaseData): string {
  for (const table of tables) {
    const record = findRecord(table, recordId);
    const primary = primaryField(table);
    if (record && primary) return String(record.fields[primary.name] ?? '');
  }
  return '';
}
