import type { Customer } from '../customers/customer';
import type { FieldValue } from './merge-fields';

/**
 * The merge fields of a message that `worker` writes to a customer: every column of the customer, by its name in
 * whatever case; `worker`; and as `owner`, where the column has none, the worker who writes.
 */
export function fieldsOf(customer: Customer | null, worker: string): FieldValue {
  const values = new Map([
    ['worker', worker],
    ['owner', worker],
  ]);
  for (const [column, text] of customer?.columns ?? []) values.set(column.toLowerCase(), text);
  return (field) => customer?.columns.get(field) ?? values.get(field.toLowerCase()) ?? null;
}
