import { aBase, customersTable, templatesTable } from '../airtable/base-data';
import { type BaseData, stableId } from '../airtable/base-model';
import { customerRows } from './customers';

/** The demo team's base, the same on every run: its customers and its message templates. */
export function teamBase(): BaseData {
  const tables = [
    customersTable(customerRows(), { sms: 'phoneNumber', company: 'singleLineText', city: 'singleLineText' }),
    templatesTable(TEMPLATES, { title: null, category: 'singleLineText' }),
  ];
  return { ...aBase(tables), id: stableId('app', 'Frontline team'), name: 'Frontline team' };
}

/** A row of the Templates table; an omitted column is a blank cell. */
type TemplateRow = {
  readonly category?: string;
  readonly text?: string;
  readonly whatsAppApproved?: boolean;
};

/** The team's message templates, including unfinished rows. */
const TEMPLATES: readonly TemplateRow[] = [
  {
    category: 'Openers',
    text: 'Hello {{name|there}}, this is {{worker}}. How can I help?',
    whatsAppApproved: true,
  },
  { category: 'Openers', text: 'Hi {{ name | there }}, thanks for getting in touch with us today.' },
  {
    category: 'Openers',
    text: 'Good morning {{Name}}! Is {{company|your company}} open on Saturdays?',
    whatsAppApproved: true,
  },
  { category: 'Visits', text: 'We are in {{city}} next week. May we come by?' },
  {
    category: 'Visits',
    text: 'Dear {{name|customer}},\n\nyour visit is booked. Reply CHANGE to move it.\n\nBest wishes\n{{worker}}',
    whatsAppApproved: true,
  },
  { category: 'Visits', text: 'Your technician, {{technician}}, is on the way.' },
  { category: 'Invoices', text: 'Your invoice is attached, {{name|thank you for your trust}}.' },
  {
    category: 'Invoices',
    text: 'A friendly reminder: the invoice for {{company}} is still open.',
    whatsAppApproved: true,
  },
  { category: 'Farewells', text: 'Thank you, {{name|and see you soon}}! 👋', whatsAppApproved: true },
  { category: 'Farewells', text: '¡Hasta pronto, {{name|amigo}}! — Your friends at the “Corner Shop”' },
  {},
  { text: 'Without a category: we are closed on public holidays.' },
  { category: 'Visits' },
  { category: 'Openers', text: 'Hello {{name, just wanted to' },
];
