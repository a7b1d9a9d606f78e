/** Column types as Airtable's user interface names them. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['singleLineText', 'Single line text'],
  ['multilineText', 'Long text'],
  ['richText', 'Long text with rich text formatting'],
  ['email', 'Email'],
  ['url', 'URL'],
  ['phoneNumber', 'Phone number'],
  ['number', 'Number'],
  ['autoNumber', 'Autonumber'],
  ['currency', 'Currency'],
  ['percent', 'Percent'],
  ['duration', 'Duration'],
  ['rating', 'Rating'],
  ['checkbox', 'Checkbox'],
  ['singleSelect', 'Single select'],
  ['multipleSelects', 'Multiple select'],
  ['date', 'Date'],
  ['dateTime', 'Date with time'],
  ['singleCollaborator', 'User'],
  ['multipleCollaborators', 'User, several'],
  ['multipleRecordLinks', 'Link to another record'],
  ['multipleAttachments', 'Attachment'],
  ['multipleLookupValues', 'Lookup'],
  ['barcode', 'Barcode'],
  ['button', 'Button'],
  ['formula', 'Formula'],
  ['rollup', 'Rollup'],
  ['count', 'Count'],
  ['createdTime', 'Created time'],
  ['lastModifiedTime', 'Last modified time'],
  ['createdBy', 'Created by'],
  ['lastModifiedBy', 'Last modified by'],
]);

/** A type's name in Airtable's user interface; an unknown type keeps its API name. */
export function typeName(type: string): string {
  return NAMES.get(type) ?? type;
}
