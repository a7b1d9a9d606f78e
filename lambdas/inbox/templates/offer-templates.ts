import { createHash } from 'node:crypto';
import type { Customer } from '../../customers/customer';
import type { Template } from '../../customers/customer-repository';
import type { Channel } from '../../phone-number/address';
import { fieldsOf, fillMergeFields } from '../../templates/merge-fields';
import { type ContentTemplate, contentTemplates } from '../../twilio/content-api';
import { MESSAGE_LENGTH, type TemplateOption } from '../api';
import type { Inbox } from '../open-inbox';
import { renderContent } from './render-content';

const NO_CATEGORY = 'Other';

/** For which customer, and when, templates are filled. */
export interface TemplateUse {
  readonly customer: Customer | null;
  /** The worker's name, as the field `worker`. */
  readonly worker: string;
  readonly channel: Channel;
  /** Whether free text may be sent: always by SMS, within 24 hours on WhatsApp. */
  readonly isFreeTextAllowed: boolean;
}

/** A filled template, and how it is sent. */
export interface FilledTemplate {
  readonly option: TemplateOption;
  /** The variables of a template that is sent under its approval; null for one that is sent as a text. */
  readonly variables: Readonly<Record<string, string>> | null;
}

/** Every template of the base, filled, in the team's own order; those that cannot be sent say why. */
export async function fillTemplates(use: TemplateUse, inbox: Inbox): Promise<FilledTemplate[]> {
  const templates = await inbox.customers.listTemplates();
  const needsContents = use.channel === 'whatsapp' && templates.some(({ contentSid }) => contentSid !== null);
  const contents = needsContents
    ? await contentTemplates(inbox.request, inbox.settings.contentUrl)
    : new Map<string, ContentTemplate>();
  return templates.map((template, index) => fill(template, index, use, contents));
}

function fill(
  template: Template,
  index: number,
  use: TemplateUse,
  contents: ReadonlyMap<string, ContentTemplate>,
): FilledTemplate {
  const { category, text, contentSid } = template;
  const common = { id: templateId(template, index), category: category ?? NO_CATEGORY };
  const isApproved = use.channel === 'whatsapp' && contentSid !== null;
  const filled = isApproved ? fillContent(contentSid, text, use, contents) : fillText(text, use);
  if ('reason' in filled) {
    return {
      option: { ...common, preview: null, contentSid: null, notOffered: filled.reason },
      variables: null,
    };
  }
  return {
    option: { ...common, preview: filled.text, contentSid: isApproved ? contentSid : null, notOffered: null },
    variables: filled.variables,
  };
}

type Filled =
  | { readonly text: string; readonly variables: Readonly<Record<string, string>> | null }
  | { readonly reason: string };

function fillText(text: string, { customer, worker, isFreeTextAllowed }: TemplateUse): Filled {
  if (!isFreeTextAllowed)
    return { reason: 'WhatsApp has not approved it, so it can be sent within 24 hours only.' };
  const filled = fillMergeFields(text, fieldsOf(customer, worker));
  if ('unfilled' in filled)
    return { reason: `There is nothing to fill in for ${filled.unfilled.join(', ')}.` };
  if (filled.text.length > MESSAGE_LENGTH)
    return { reason: `It is longer than ${MESSAGE_LENGTH} characters.` };
  return { text: filled.text, variables: null };
}

function fillContent(
  contentSid: string,
  text: string,
  { customer, worker }: TemplateUse,
  contents: ReadonlyMap<string, ContentTemplate>,
): Filled {
  const content = contents.get(contentSid);
  if (content === undefined) return { reason: 'Twilio does not have this template.' };
  if (!content.isApproved) return { reason: 'WhatsApp has not approved it.' };
  return renderContent(content, text, fieldsOf(customer, worker));
}

/** An id that changes with the template, so that an old one never sends another text. */
function templateId({ category, text, contentSid }: Template, index: number): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([category, text, contentSid]))
    .digest('hex');
  return `${index}-${hash.slice(0, 16)}`;
}
