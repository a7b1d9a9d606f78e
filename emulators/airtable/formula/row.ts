import type { BaseData, FieldData, RecordData, TableData } from '../base-model';
import type { Value } from './value';

/** What a formula is computed over: one record, and the base round it. */
export interface Row {
  readonly base: BaseData;
  readonly table: TableData;
  readonly record: RecordData;
  readonly now: Date;
  /** A field that the formula names; it is known to exist. */
  field(name: string): FieldData;
}

/** A function of the formula language. Its arguments are computed when asked for, as IF and ISERROR need it. */
export interface FormulaFunction {
  readonly min: number;
  readonly max: number;
  readonly call: (args: readonly Argument[], row: Row) => Value;
}

export interface Argument {
  /** @throws RowError where the argument fails on this row */
  value(): Value;
  /** The field's name, when the argument is nothing but a field. */
  readonly fieldName: string | undefined;
}

/** A function that computes all its arguments first, so that an error in any of them is an error of the whole. */
export function eager(min: number, max: number, calculate: (...values: Value[]) => Value): FormulaFunction {
  return { min, max, call: (args) => calculate(...args.map((arg) => arg.value())) };
}
