import { aBase, customersTable, templatesTable } from '../airtable/base-data';
import { type BaseData, stableId } from '../airtable/base-model';
import { customerRows } from './customers';
import { TEMPLATES } from './templates';

/** The demo team's base, the same on every run: its customers and its message templates. */
export function teamBase(): BaseData {
  const tables = [
    customersTable(customerRows(), { sms: 'phoneNumber', company: 'singleLineText', city: 'singleLineText' }),
    templatesTable(TEMPLATES, {
      title: null,
      category: 'singleLineText',
      contentSid: 'singleLineText',
    }),
  ];
  return { ...aBase(tables), id: stableId('app', 'Frontline team'), name: 'Frontline team' };
}
