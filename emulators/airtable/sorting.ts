import { unknownField } from './airtable-errors';
import {
  type BaseData,
  type FieldData,
  findField,
  type RecordData,
  type SortKey,
  type TableData,
} from './base-model';
import { fieldValue } from './formula/field-value';
import { isList, joinable, RowError, type Value } from './formula/value';

/**
 * The records in the requested order, sorted stably. Blanks come first ascending and last descending; selects sort by
 * the order of their choices (airtable.md#listing-records).
 */
export function sorted(
  records: readonly RecordData[],
  keys: readonly SortKey[],
  table: TableData,
  base: BaseData,
): RecordData[] {
  const columns = keys.map((key) => {
    const field = fieldOf(key.field, table);
    return { sign: key.direction === 'desc' ? -1 : 1, values: sortValues(records, field, table, base) };
  });
  const order = records.map((_record, index) => index);
  order.sort((a, b) => {
    for (const { sign, values } of columns) {
      const difference = compare(values[a] ?? null, values[b] ?? null);
      if (difference !== 0) return sign * difference;
    }
    return 0;
  });
  return order.flatMap((index) => records[index] ?? []);
}

function fieldOf(name: string, table: TableData): FieldData {
  const field = findField(table, name);
  if (!field) throw unknownField(name);
  return field;
}

type SortValue = number | string | null;

function sortValues(
  records: readonly RecordData[],
  field: FieldData,
  table: TableData,
  base: BaseData,
): readonly SortValue[] {
  const choices = new Map(field.options?.choices?.map(({ name }, index) => [name, index]));
  const toSortValue = (value: Value): SortValue => {
    if (value instanceof Date) return value.getTime();
    const scalar = isList(value) ? joinable(value) : value;
    return typeof scalar === 'string' ? (choices.get(scalar) ?? scalar) : scalar;
  };
  const row = { base, table, now: new Date(0), field: (name: string) => fieldOf(name, table) };
  return records.map((record) => {
    try {
      return toSortValue(fieldValue(field, { ...row, record }));
    } catch (error) {
      if (error instanceof RowError) return null;
      throw error;
    }
  });
}

const text = new Intl.Collator('en');

function compare(a: SortValue, b: SortValue): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return typeof a === 'number' && typeof b === 'number' ? a - b : text.compare(String(a), String(b));
}
