import { type BaseData, type FieldData, findTable, primaryField } from './base-model';

/**
 * Converts a value as `typecast` does, before it is checked: best effort, unchanged if nothing fits
 * (airtable.md#writing-records).
 */
export function typecast(field: FieldData, value: unknown, base: BaseData): unknown {
  switch (field.type) {
    case 'singleLineText':
    case 'multilineText':
    case 'richText':
    case 'email':
    case 'url':
    case 'phoneNumber':
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    case 'number':
    case 'currency':
    case 'percent':
    case 'duration':
    case 'rating':
      return typeof value === 'string' ? numberIn(value) : value;
    case 'checkbox':
      return typeof value === 'string' ? /^(true|checked|yes|1)$/i.test(value.trim()) : value;
    case 'singleSelect':
      return typeof value === 'string' ? choiceLike(value, field) : value;
    case 'multipleSelects':
      return listIn(value).map((item) => (typeof item === 'string' ? choiceLike(item, field) : item));
    case 'date':
    case 'dateTime':
      return typeof value === 'string' ? dateIn(value) : value;
    case 'singleCollaborator':
      return typeof value === 'string' ? personLike(value, base) : value;
    case 'multipleCollaborators':
      return listIn(value).map((item) => (typeof item === 'string' ? personLike(item, base) : item));
    case 'multipleRecordLinks':
      return listIn(value).map((item) => (typeof item === 'string' ? linkLike(item, field, base) : item));
    case 'multipleAttachments':
      return typeof value === 'string' ? [{ url: value }] : value;
    default:
      return value;
  }
}

function numberIn(text: string): unknown {
  const digits = text.replace(/[\s,$€£%]/g, '');
  return digits === '' || Number.isNaN(Number(digits)) ? text : Number(digits);
}

function dateIn(text: string): unknown {
  const time = Date.parse(text);
  return Number.isNaN(time) ? text : new Date(time).toISOString();
}

function listIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'string' ? value.split(',').map((item) => item.trim()) : [value];
}

function choiceLike(text: string, { options }: FieldData): string {
  const wanted = text.trim();
  const alike = options?.choices?.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  return alike?.name ?? wanted;
}

function personLike(text: string, { collaborators = [] }: BaseData): unknown {
  return collaborators.find(({ id, email, name }) => [id, email, name].includes(text)) ?? text;
}

function linkLike(text: string, field: FieldData, base: BaseData): string {
  const table = findTable(base, field.options?.linkedTableId ?? '');
  const primary = table && primaryField(table);
  return table?.records.find(({ fields }) => primary && fields[primary.name] === text)?.id ?? text;
}
