import { invalidFormula, notSupportedHere } from '../airtable-errors';
import { type BaseData, type FieldData, findField, type RecordData, type TableData } from '../base-model';
import { dateFunctions } from './date-functions';
import { type Expression, parts } from './expression';
import { fieldValue } from './field-value';
import { logicFunctions } from './logic-functions';
import { operators } from './operators';
import { parse } from './parser';
import { regexFunctions } from './regex-functions';
import type { Argument, FormulaFunction, Row } from './row';
import { textFunctions } from './text-functions';
import { isTruthy, numberOperand, RowError, type Value } from './value';

const functions: ReadonlyMap<string, FormulaFunction> = new Map([
  ...Object.entries(logicFunctions),
  ...Object.entries(textFunctions),
  ...Object.entries(regexFunctions),
  ...Object.entries(dateFunctions),
  ['RECORD_ID', { min: 0, max: 0, call: (_args, { record }) => record.id } satisfies FormulaFunction],
]);

/** A formula bound to a table. */
export interface Formula {
  /**
   * Whether a filter keeps the record. A record on which the formula fails is left out.
   * @throws AirtableError 501 if the real outcome is not known
   */
  keeps(record: RecordData): boolean;
  /** @throws RowError if the formula fails on this record; AirtableError 501 as above */
  evaluate(record: RecordData): Value;
}

/**
 * Reads a formula and checks its names (airtable.md#validation-errors, airtable.md#formula-literals).
 * @throws AirtableError 422 for a syntax error or an unknown field, 501 for a function that the emulator does not support
 */
export function compileFormula(text: string, table: TableData, base: BaseData, now: Date): Formula {
  const expression = parse(text);
  const fields = bindFields(expression, table);
  checkCalls(expression);

  const evaluateRecord = (record: RecordData): Value =>
    evaluate(expression, { base, table, record, now, field: (name) => bound(fields, name) });

  return {
    evaluate: evaluateRecord,
    keeps: (record) => {
      try {
        return isTruthy(evaluateRecord(record));
      } catch (error) {
        if (error instanceof RowError) return false;
        throw error;
      }
    },
  };
}

function bindFields(expression: Expression, table: TableData): ReadonlyMap<string, FieldData> {
  const fields = new Map<string, FieldData>();
  const unknown = new Set<string>();
  for (const part of parts(expression)) {
    if (part.kind !== 'field') continue;
    const field = findField(table, part.name);
    if (field) fields.set(part.name, field);
    else unknown.add(part.name.toLowerCase());
  }
  if (unknown.size > 0) throw invalidFormula(`Unknown field names: ${[...unknown].join(', ')}`);
  return fields;
}

function bound(fields: ReadonlyMap<string, FieldData>, name: string): FieldData {
  const field = fields.get(name);
  if (!field) throw new Error(`The formula was not bound to the field ${name} (a bug in the emulator)`);
  return field;
}

function checkCalls(expression: Expression): void {
  for (const part of parts(expression)) {
    if (part.kind !== 'call') continue;
    const definition = functionNamed(part.name);
    if (part.args.length < definition.min || part.args.length > definition.max) throw invalidFormula();
  }
}

function functionNamed(name: string): FormulaFunction {
  const definition = functions.get(name);
  if (!definition) throw notSupportedHere(`the formula function ${name}()`);
  return definition;
}

function evaluate(expression: Expression, row: Row): Value {
  switch (expression.kind) {
    case 'text':
    case 'number':
      return expression.value;
    case 'field':
      return fieldValue(row.field(expression.name), row);
    case 'negation':
      return -numberOperand(evaluate(expression.operand, row), 'a minus sign');
    case 'operation': {
      const operator = operators[expression.operator];
      if (!operator) throw new Error(`No operator ${expression.operator} (a bug in the emulator)`);
      return operator(evaluate(expression.left, row), evaluate(expression.right, row));
    }
    case 'call':
      return functionNamed(expression.name).call(
        expression.args.map((arg): Argument => argument(arg, row)),
        row,
      );
  }
}

function argument(expression: Expression, row: Row): Argument {
  return {
    value: () => evaluate(expression, row),
    fieldName: expression.kind === 'field' ? expression.name : undefined,
  };
}
