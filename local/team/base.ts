import type { BaseData, CellValue, FieldType, RecordData, TableData } from '../airtable/base-model';
import { stableId } from '../airtable/ids';
import { customerRows } from './customers';
import { TEMPLATES } from './templates';

type Row = Readonly<Record<string, CellValue | undefined>>;

const CUSTOMER_COLUMNS: Readonly<Record<string, FieldType>> = {
  name: 'singleLineText',
  id: 'number',
  sms: 'phoneNumber',
  whatsapp: 'singleLineText',
  email: 'email',
  linkedin: 'url',
  notes: 'multilineText',
  owner: 'singleLineText',
  avatar: 'url',
  opt_out: 'singleLineText',
  company: 'singleLineText',
  city: 'singleLineText',
};

const TEMPLATE_COLUMNS: Readonly<Record<string, FieldType>> = {
  category: 'singleLineText',
  text: 'multilineText',
  whatsAppApproved: 'checkbox',
};

/** The made-up team's base, the same on every run: its customers and its message templates. */
export function teamBase(): BaseData {
  return {
    id: stableId('app', 'Frontline team'),
    name: 'Frontline team',
    tables: [
      table('Customers', CUSTOMER_COLUMNS, customerRows()),
      table('Templates', TEMPLATE_COLUMNS, TEMPLATES),
    ],
  };
}

function table(
  name: string,
  columns: Readonly<Record<string, FieldType>>,
  rows: readonly { readonly [column: string]: CellValue | undefined }[],
): TableData {
  return {
    id: stableId('tbl', name),
    name,
    fields: Object.entries(columns).map(([field, type]) => ({
      id: stableId('fld', `${name}.${field}`),
      name: field,
      type,
      ...(type === 'number' && { options: { precision: 0 } }),
    })),
    views: [{ id: stableId('viw', name), name: 'Grid view', type: 'grid' }],
    records: rows.map((row, index) => record(name, row, index)),
  };
}

const FIRST_DAY = Date.UTC(2021, 2, 1, 9);
const BETWEEN_ROWS = 7 * 3_600_000;

function record(tableName: string, row: Row, index: number): RecordData {
  const filled = Object.entries(row).flatMap(([column, value]): [string, CellValue][] =>
    value === undefined || value === '' || value === false ? [] : [[column, value]],
  );
  return {
    id: stableId('rec', `${tableName} ${index}`),
    createdTime: new Date(FIRST_DAY + index * BETWEEN_ROWS).toISOString(),
    fields: Object.fromEntries(filled),
  };
}
