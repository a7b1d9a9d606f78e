import { fillMergeFields } from '../../../lambdas/templates/merge-fields';
import type { Finding } from '../health-check';
import type { TemplateEntry } from './team-data';

/** What a merge field may name beside the columns (README, "The data format"). */
export const ALWAYS_THERE = ['worker', 'owner'];

/** Templates that no customer will ever see filled. A field with a default is filled by that. */
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
        .map((field) => `{{${field}}} is no column of Customers`),
      ...(unclosed.length > 0 ? ['the braces of a field do not close'] : []),
    ];
    return problems.length === 0 ? [] : [{ what: `${name}: ${problems.join(', ')}`, link }];
  });
}

/** What the service itself could not fill, were there a value for all that is known. */
function unfilled(text: string, isKnown: (field: string) => boolean): readonly string[] {
  const filled = fillMergeFields(text, (field) => (isKnown(field) ? 'something' : null));
  return 'unfilled' in filled ? filled.unfilled : [];
}

/** The placeholders of a template, in their order. */
export function fieldsIn(text: string): readonly string[] {
  const fields: string[] = [];
  fillMergeFields(text, (field) => {
    fields.push(field);
    return 'something';
  });
  return fields;
}

const NO_CATEGORY = 'Other';

/**
 * Templates that stand in the way of a category of its own for those that WhatsApp approved: of each mixed category
 * the fewer ones, for these are to be moved.
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
