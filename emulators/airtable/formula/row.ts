import type { BaseData, FieldData, RecordData, TableData } from '../base-model';
import type { Value } from './value';

/** The input of a formula: one record and its base. */
export interface Row {
  readonly base: BaseData;
  readonly table: TableData;
  readonly record: RecordData;
  readonly now: Date;
  /** A field that the formula names; its existence was checked. */
  field(name: string): FieldData;
}

/** A function of the formula language. Its arguments are evaluated lazily, because IF and ISERROR need that. */
export interface FormulaFunction {
  readonly min: number;
  readonly max: number;
  readonly call: (args: readonly Argument[], row: Row) => Value;
}

export interface Argument {
  /** @throws RowError if the argument fails on this row */
  value(): Value;
  /** The field's name, if the argument is a plain field reference. */
  readonly fieldName: string | undefined;
}

/** A function that evaluates all its arguments first, so that an error in any of them is an error of the whole. */
export function eager(min: number, max: number, calculate: (...values: Value[]) => Value): FormulaFunction {
  return { min, max, call: (args) => calculate(...args.map((arg) => arg.value())) };
}
