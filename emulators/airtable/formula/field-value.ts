import * as v from 'valibot';
import { notSupportedHere } from '../airtable-errors';
import { type CellValue, type FieldData, findField, primaryField, type RecordData } from '../base-model';
import { cellOf } from '../presenting';
import { asDate } from './date-functions';
import type { Row } from './row';
import { joinable, type List, RowError, type Value } from './value';

const Named = v.looseObject({ name: v.string() });
const Attachments = v.array(v.looseObject({ url: v.string(), filename: v.optional(v.string()) }));
const Barcode = v.looseObject({ text: v.string() });

/** The value of a field's cell inside a formula (airtable.md#columns-in-formulas). */
export function fieldValue(field: FieldData, row: Row): Value {
  const cell = cellOf(row.record, field, row.table);
  if (cell === null || cell === '') return null;
  switch (field.type) {
    case 'checkbox':
      return cell === true ? 1 : 0;
    case 'date':
    case 'dateTime':
    case 'createdTime':
    case 'lastModifiedTime':
      return asDate(scalar(cell));
    case 'singleCollaborator':
    case 'createdBy':
    case 'lastModifiedBy':
      return v.parse(Named, cell).name;
    case 'multipleCollaborators':
      return texts(v.parse(v.array(Named), cell).map(({ name }) => name));
    case 'multipleSelects':
      return texts(v.parse(v.array(v.string()), cell));
    case 'multipleRecordLinks':
      return texts(v.parse(v.array(v.string()), cell).map((id) => primaryText(id, row)));
    case 'multipleAttachments':
      return other(v.parse(Attachments, cell).map(({ url, filename }) => `${filename ?? ''} (${url})`));
    case 'barcode':
      return v.parse(Barcode, cell).text;
    case 'button':
      throw notSupportedHere(`the button ${field.name} in a formula`);
    default:
      return Array.isArray(cell) ? other(cell.map((item) => joinable(scalar(item)))) : scalar(cell);
  }
}

const texts = (items: readonly string[]): List => ({ items, isText: true });
const other = (items: readonly string[]): List => ({ items, isText: false });

/** @throws RowError for the objects with which the API reports a broken formula */
function scalar(cell: CellValue): string | number | null {
  if (cell === null || typeof cell === 'string' || typeof cell === 'number') return cell;
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  throw new RowError(`the cell holds ${JSON.stringify(cell)}`);
}

/** A link's value is the primary text of the linked record. */
function primaryText(recordId: string, row: Row): string {
  for (const table of row.base.tables) {
    const record: RecordData | undefined = table.records.find(({ id }) => id === recordId);
    const primary = primaryField(table);
    if (!record || !primary) continue;
    return joinable(
      fieldValue(primary, { ...row, table, record, field: (name) => known(findField(table, name)) }),
    );
  }
  return '';
}

function known(field: FieldData | undefined): FieldData {
  if (!field) throw new RowError('a link leads to a table without that field');
  return field;
}
