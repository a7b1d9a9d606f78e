import type { TemplateOption } from '../../lambdas/inbox/api';

/** The templates of a category. */
export interface TemplateGroup {
  readonly category: string;
  readonly templates: readonly TemplateOption[];
}

/** Templates by category, categories and templates in their given order. */
export function templateGroups(templates: readonly TemplateOption[]): readonly TemplateGroup[] {
  const categories = [...new Set(templates.map(({ category }) => category))];
  return categories.map((category) => ({
    category,
    templates: templates.filter((template) => template.category === category),
  }));
}
