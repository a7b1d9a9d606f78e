import { type FieldData, type FieldOptions, primaryField, type TableData } from './base-model';

/** A table as the API returns it when listed or created. */
export function tableModel(table: TableData) {
  return {
    id: table.id,
    name: table.name,
    ...(table.description !== undefined && { description: table.description }),
    primaryFieldId: primaryField(table)?.id,
    fields: table.fields.map(fieldModel),
    views: table.views.map(({ id, name, type }) => ({ id, name, type })),
  };
}

export function fieldModel(field: FieldData) {
  const { id, name, type, description } = field;
  const options = optionsOf(field);
  return { id, name, type, ...(description !== undefined && { description }), ...(options && { options }) };
}

/** Types without options have no such key; for the others the base data may omit cosmetic options. */
function optionsOf({ type, options = {} }: FieldData): object | undefined {
  switch (type) {
    case 'number':
    case 'percent':
      return { precision: 0, ...options };
    case 'currency':
      return { precision: 2, symbol: '$', ...options };
    case 'duration':
      return { durationFormat: 'h:mm', ...options };
    case 'rating':
      return { icon: 'star', max: 5, color: 'yellowBright', ...options };
    case 'checkbox':
      return { icon: 'check', color: 'greenBright', ...options };
    case 'singleSelect':
    case 'multipleSelects':
      return { choices: options.choices ?? [] };
    case 'date':
      return { dateFormat: dateFormat(options) };
    case 'dateTime':
      return {
        timeZone: options.timeZone ?? 'utc',
        dateFormat: dateFormat(options),
        timeFormat: timeFormat(options),
      };
    case 'multipleRecordLinks':
      return { linkedTableId: options.linkedTableId, isReversed: false, prefersSingleRecordLink: false };
    default:
      return undefined;
  }
}

const DATE_FORMATS: Readonly<Record<string, string>> = {
  local: 'l',
  friendly: 'LL',
  us: 'M/D/YYYY',
  european: 'D/M/YYYY',
  iso: 'YYYY-MM-DD',
};
const TIME_FORMATS: Readonly<Record<string, string>> = { '12hour': 'h:mma', '24hour': 'HH:mm' };

function dateFormat({ dateFormat: { name } = { name: 'iso' } }: FieldOptions) {
  return { name, format: DATE_FORMATS[name] };
}

function timeFormat({ timeFormat: { name } = { name: '24hour' } }: FieldOptions) {
  return { name, format: TIME_FORMATS[name] };
}
