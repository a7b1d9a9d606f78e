import type { Customer } from '../customers/customer';
/** Returns the value of a merge field, or null if it has none. */
export type FieldValue = (field: string) => string | null;

export type Filled = { readonly text: string } | { readonly unfilled: readonly string[] };

const FIELD = /\{\{([^{}]*)\}\}/g;

/** The fields of a template in their order, repeats included, each with its default: `name|there`. */
export function fieldsIn(template: string): string[] {
  return [...template.matchAll(FIELD)].map(([, inside = '']) => inside.trim());
}

/**
 * Fills `{{field}}` and `{{field|default}}`, each once: a value that looks like a field is left as it is. A text is
 * filled completely or not at all: it is left out if a field has neither value nor default, or if braces are not a
 * valid field.
 */
export function fillMergeFields(template: string, fieldValue: FieldValue): Filled {
  const unfilled: string[] = [];
  const text = template.replace(FIELD, (_whole, inside: string) => {
    const [field = '', ...rest] = inside.split('|');
    const value = fieldValue(field.trim()) ?? (rest.join('|').trim() || null);
    if (value === null) unfilled.push(field.trim());
    return value ?? '';
  });
  if (/\{\{|\}\}/.test(template.replace(FIELD, ''))) unfilled.push('a field whose braces do not close');
  return unfilled.length > 0 ? { unfilled } : { text };
}

/**
 * The merge fields of a message from `worker` to a customer: every column of the customer, by its case-insensitive
 * name; `worker`; and `owner`, which is the worker if the column is empty.
 */
export function fieldsOf(customer: Customer | null, worker: string): FieldValue {
  const values = new Map([
    ['worker', worker],
    ['owner', worker],
  ]);
  for (const [column, text] of customer?.columns ?? []) values.set(column.toLowerCase(), text);
  return (field) => customer?.columns.get(field) ?? values.get(field.toLowerCase()) ?? null;
}
