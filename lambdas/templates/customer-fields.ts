import type { Customer } from '../customers/customer';
import type { FieldValue } from './merge-fields';

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
