import type { ContentTemplate } from '../twilio/content-store';
import { sidFor } from '../twilio/sids';

/** A row of the Templates table; an omitted column is a blank cell. */
type TemplateRow = {
  readonly category?: string;
  readonly text?: string;
  readonly whatsAppApproved?: boolean;
  readonly contentSid?: string;
};

/** The same for each name on every start. */
function contentSid(name: string): string {
  return sidFor('HX', `demo ${name}`);
}

/** The templates that WhatsApp approved, as Twilio's Content API has them. One more waits for its approval. */
export const CONTENTS: readonly ContentTemplate[] = [
  content('hello', 'Hello {{1}}, this is {{2}}. How can I help?', { 1: 'Jane', 2: 'Ana' }),
  content('saturdays', 'Good morning {{1}}! Is {{2}} open on Saturdays?', { 1: 'Jane', 2: 'Acme' }),
  content('invoice', 'A friendly reminder: the invoice for {{company}} is still open.', { company: 'Acme' }),
  content('thanks', 'Thank you, {{1}}! 👋', { 1: 'Jane' }),
  content('city', 'We are in {{city}} next week. May we come by?', { city: 'Berlin' }, 'pending'),
];

function content(
  name: string,
  body: string,
  variables: Readonly<Record<string, string>>,
  status = 'approved',
): ContentTemplate {
  return {
    sid: contentSid(name),
    friendlyName: name,
    variables,
    types: { 'twilio/text': { body } },
    approval: { status },
  };
}

/** The team's message templates, including unfinished rows. */
export const TEMPLATES: readonly TemplateRow[] = [
  {
    category: 'Openers',
    text: 'Hello {{name|there}}, this is {{worker}}. How can I help?',
    whatsAppApproved: true,
    contentSid: contentSid('hello'),
  },
  { category: 'Openers', text: 'Hi {{ name | there }}, thanks for getting in touch with us today.' },
  {
    category: 'Openers',
    text: 'Good morning {{Name}}! Is {{company|your company}} open on Saturdays?',
    whatsAppApproved: true,
    contentSid: contentSid('saturdays'),
  },
  {
    category: 'Visits',
    text: 'We are in {{city}} next week. May we come by?',
    contentSid: contentSid('city'),
  },
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
    contentSid: contentSid('invoice'),
  },
  {
    category: 'Farewells',
    text: 'Thank you, {{name|and see you soon}}! 👋',
    whatsAppApproved: true,
    contentSid: contentSid('thanks'),
  },
  { category: 'Farewells', text: '¡Hasta pronto, {{name|amigo}}! — Your friends at the “Corner Shop”' },
  {},
  { text: 'Without a category: we are closed on public holidays.' },
  { category: 'Visits' },
  { category: 'Openers', text: 'Hello {{name, just wanted to' },
];
