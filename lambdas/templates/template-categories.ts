import type { Template } from '../customers/customer-repository';
import { MAX_ROWS_BYTES } from '../twilio/callbacks';
import { type FieldValue, fillMergeFields } from './merge-fields';

/** A message longer than this is not sent (twilio.md#templates). */
const MESSAGE_LENGTH = 1_600;
/** The name of the category of templates without one. */
export const NO_CATEGORY = 'Other';

interface Entry {
  /** The text as it will be sent. */
  readonly content: string;
  readonly whatsAppApproved: boolean;
}

/** A category of templates as Frontline shows it: ready texts (twilio.md#templates). */
export interface TemplateCategory {
  readonly display_name: string;
  readonly templates: readonly Entry[];
}

/**
 * The templates that can be filled, by category, both in their original order.
 * @param onLeftOut is called for every template that is left out, with the reason.
 */
export function templateCategories(
  templates: readonly Template[],
  fieldValue: FieldValue,
  onLeftOut: (reason: string) => void,
): TemplateCategory[] {
  const categories = new Map<string, Entry[]>();
  let roomBytes = MAX_ROWS_BYTES;
  for (const [index, template] of templates.entries()) {
    const name = template.category ?? NO_CATEGORY;
    const filled = fillMergeFields(template.text, fieldValue);
    const entry = 'text' in filled && { content: filled.text, whatsAppApproved: template.whatsAppApproved };
    const bytes = entry ? Buffer.byteLength(JSON.stringify([name, entry])) : 0;
    const problem =
      ('unfilled' in filled && `has nothing for ${filled.unfilled.join(', ')}`) ||
      (entry && entry.content.length > MESSAGE_LENGTH && `is longer than ${MESSAGE_LENGTH} characters`) ||
      (bytes > roomBytes && 'does not fit into the 64 kB that Frontline accepts');
    if (problem) onLeftOut(`Template ${index + 1} ("${name}") is left out: it ${problem}`);
    if (problem || !entry) continue;
    roomBytes -= bytes;
    categories.set(name, [...(categories.get(name) ?? []), entry]);
  }
  return [...categories].map(([display_name, entries]) => ({ display_name, templates: entries }));
}
