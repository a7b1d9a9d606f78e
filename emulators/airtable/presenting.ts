import { type CellValue, type FieldData, isComputed, type RecordData, type TableData } from './base-model';

export interface PresentedRecord {
  readonly id: string;
  readonly createdTime: string;
  readonly commentCount?: number;
  readonly fields: Readonly<Record<string, CellValue>>;
}

export interface Presentation {
  /** All fields if omitted. */
  readonly fields?: readonly FieldData[] | undefined;
  readonly byFieldId?: boolean;
  readonly withCommentCount?: boolean;
}

/** A record as the API returns it: without blanks, cells in the table's field order (airtable.md#listing-records). */
export function presentRecord(
  record: RecordData,
  table: TableData,
  { fields, byFieldId = false, withCommentCount = false }: Presentation = {},
): PresentedRecord {
  const cells: Record<string, CellValue> = {};
  for (const field of table.fields) {
    if (fields && !fields.includes(field)) continue;
    const cell = cellOf(record, field, table);
    if (!isBlank(cell)) cells[byFieldId ? field.id : field.name] = cell;
  }
  const { id, createdTime } = record;
  return { id, createdTime, ...(withCommentCount && { commentCount: 0 }), fields: cells };
}

/** The cell as stored, or as computed from the record's times. */
export function cellOf(record: RecordData, field: FieldData, table: TableData): CellValue {
  if (field.type === 'createdTime') return record.createdTime;
  if (field.type === 'lastModifiedTime') return lastModifiedTime(record, table);
  return record.fields[field.name] ?? null;
}

/** The last write of any cell that is not computed; the creation counts as a write (airtable.md#finding-changes). */
export function lastModifiedTime(
  { createdTime, modified = {} }: RecordData,
  { fields }: TableData,
  of: readonly FieldData[] = fields.filter((field) => !isComputed(field)),
): string {
  const times = of.flatMap(({ name }) => modified[name] ?? []);
  return [createdTime, ...times].reduce((latest, time) => (time > latest ? time : latest));
}

export function isBlank(cell: CellValue | undefined): boolean {
  return (
    cell === undefined ||
    cell === null ||
    cell === '' ||
    cell === false ||
    (Array.isArray(cell) && cell.length === 0)
  );
}
