import { fillMergeFields } from '../../../lambdas/templates/merge-fields';
import { NO_CATEGORY } from '../../../lambdas/templates/template-categories';
import type { Finding } from '../health-check';
import type { TemplateEntry } from './team-data';

/** Names beside the columns that a merge field may use (docs/airtable-schema.md). */
export const ALWAYS_THERE = ['worker', 'owner'];

/** Templates that the service can never fill for any customer. A field with a default is filled by it. */
export function unfillableTemplates(
  templates: readonly TemplateEntry[],
  columns: readonly string[],
): readonly Finding[] {
  const names = new Set([...columns, ...ALWAYS_THERE].map((name) => name.toLowerCase()));
  return templates.flatMap(({ name, text, link }) => {
    const unclosed = unfilled(text, () => true);
    const problems = [
      ...unfilled(text, (field) => names.has(field.toLowerCase()))
        .filter((field) => !unclosed.includes(field))
        .map((field) => `{{${field}}} is not a column of Customers`),
      ...(unclosed.length > 0 ? ['a field has no closing braces'] : []),
    ];
    return problems.length === 0 ? [] : [{ what: `${name}: ${problems.join(', ')}`, link }];
  });
}

/** Fields that the service could not fill even if every known column had a value. */
function unfilled(text: string, isKnown: (field: string) => boolean): readonly string[] {
  const filled = fillMergeFields(text, (field) => (isKnown(field) ? 'something' : null));
  return 'unfilled' in filled ? filled.unfilled : [];
}

/** The placeholders of a template, in order. */
export function fieldsIn(text: string): readonly string[] {
  const fields: string[] = [];
  fillMergeFields(text, (field) => {
    fields.push(field);
    return 'something';
  });
  return fields;
}

/**
 * Templates to move, because templates that WhatsApp approved need a category of their own: of each mixed category,
 * the smaller group.
 */
export function mixedCategories(templates: readonly TemplateEntry[]): readonly Finding[] {
  const categories = new Map<string, TemplateEntry[]>();
  for (const template of templates) {
    const category = template.category ?? NO_CATEGORY;
    categories.set(category, [...(categories.get(category) ?? []), template]);
  }
  return [...categories].flatMap(([category, all]) => {
    const approved = all.filter(({ isApproved }) => isApproved);
    const others = all.filter(({ isApproved }) => !isApproved);
    if (approved.length === 0 || others.length === 0) return [];
    return approved.length <= others.length
      ? approved.map(({ name, link }) => ({ what: `${name}: approved, in "${category}" with others`, link }))
      : others.map(({ name, link }) => ({
          what: `${name}: not approved, in "${category}" with approved`,
          link,
        }));
  });
}
