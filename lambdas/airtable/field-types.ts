/** The types of columns that hold text (airtable.md#cell-values). */
export const TEXT_TYPES = [
  'singleLineText',
  'multilineText',
  'richText',
  'email',
  'url',
  'phoneNumber',
] as const;

/** The types of fields that Airtable fills itself. */
export const COMPUTED_TYPES = [
  'autoNumber',
  'createdTime',
  'lastModifiedTime',
  'createdBy',
  'lastModifiedBy',
  'formula',
  'rollup',
  'count',
  'multipleLookupValues',
  'button',
] as const;

/** The types of Airtable's columns (airtable.md#cell-values, airtable.md#metadata). */
export const FIELD_TYPES = [
  ...TEXT_TYPES,
  'number',
  'currency',
  'percent',
  'duration',
  'rating',
  'checkbox',
  'singleSelect',
  'multipleSelects',
  'date',
  'dateTime',
  'singleCollaborator',
  'multipleCollaborators',
  'multipleRecordLinks',
  'multipleAttachments',
  'barcode',
  ...COMPUTED_TYPES,
] as const;
export type FieldType = (typeof FIELD_TYPES)[number];
