import { reaches, type TokenGrant } from './access';
import { type BaseData, type FieldData, primaryField, type TableData } from './base-model';
import { stableId } from './ids';

/** `GET /v0/meta/whoami` (Airtable contract 1.1). */
export function whoAmI({ token, scopes }: TokenGrant) {
  const id = stableId('usr', token);
  return !scopes || scopes.includes('user.email:read')
    ? { id, email: `${id.toLowerCase()}@example.com` }
    : { id };
}

/** `GET /v0/meta/bases` (Airtable contract 6). */
export function listBases(base: BaseData, grant: TokenGrant) {
  const { id, name } = base;
  return { bases: reaches(grant, id) ? [{ id, name, permissionLevel: 'create' }] : [] };
}

/** `GET /v0/meta/bases/{id}/tables` (Airtable contract 6). */
export function baseSchema({ tables }: BaseData, query: Readonly<Record<string, unknown>>) {
  const { include } = query;
  const withVisibleFields = Array.isArray(include) && include.includes('visibleFieldIds');
  return { tables: tables.map((table) => tableModel(table, withVisibleFields)) };
}

function tableModel(table: TableData, withVisibleFields: boolean) {
  const visibleFieldIds = table.fields.map(({ id }) => id);
  return {
    id: table.id,
    name: table.name,
    primaryFieldId: primaryField(table)?.id,
    fields: table.fields.map(fieldModel),
    views: table.views.map(({ id, name, type }) => ({
      id,
      name,
      type,
      ...(withVisibleFields && type === 'grid' && { visibleFieldIds }),
    })),
  };
}

function fieldModel(field: FieldData) {
  const { id, name, type } = field;
  const options = optionsOf(field);
  return { id, name, type, ...(options && { options }) };
}

/** Types without options have no such key; for the others the base data may leave out what is mere looks. */
function optionsOf({ type, options = {} }: FieldData): object | undefined {
  switch (type) {
    case 'number':
    case 'percent':
      return { precision: options.precision ?? 0 };
    case 'currency':
      return { precision: options.precision ?? 2, symbol: '$' };
    case 'duration':
      return { durationFormat: 'h:mm' };
    case 'rating':
      return { icon: 'star', max: options.max ?? 5, color: 'yellowBright' };
    case 'checkbox':
      return { icon: 'check', color: 'greenBright' };
    case 'singleSelect':
    case 'multipleSelects':
      return { choices: options.choices ?? [] };
    case 'date':
      return { dateFormat: { name: 'iso', format: 'YYYY-MM-DD' } };
    case 'dateTime':
      return {
        timeZone: 'utc',
        dateFormat: { name: 'iso', format: 'YYYY-MM-DD' },
        timeFormat: { name: '24hour', format: 'HH:mm' },
      };
    case 'multipleRecordLinks':
      return { linkedTableId: options.linkedTableId, isReversed: false, prefersSingleRecordLink: false };
    default:
      return undefined;
  }
}
