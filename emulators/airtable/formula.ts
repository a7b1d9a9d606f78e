import { invalidFormula, notEmulated } from './airtable-errors';
import { type CellValue, type FieldData, findField, type RecordData, type TableData } from './base-model';
import { type Expression, parseFormula } from './formula-parser';
import { cellOf } from './records';

/** True is 1 and false is 0; null is a blank. */
type Value = string | number | null;

/** The formula fails on this record: a filter leaves the record out. */
class RowError extends Error {
  override readonly name = 'RowError';
}

/**
 * Compiles a filter (airtable.md#formula-literals, airtable.md#formula-functions). It supports the operators `=`, `!=`
 * and `&`, and the functions that the service's own formulas use.
 * @returns whether the filter keeps a record
 * @throws AirtableError 422 for a syntax error or an unknown field or function, 501 for what is not emulated
 */
export function compileFilter(text: string, table: TableData): (record: RecordData) => boolean {
  const expression = parseFormula(text);
  const fields = bindNames(expression, table);
  return (record) => {
    try {
      return Boolean(evaluate(expression, { record, fields }));
    } catch (error) {
      if (error instanceof RowError) return false;
      throw error;
    }
  };
}

interface Row {
  readonly record: RecordData;
  readonly fields: ReadonlyMap<string, FieldData>;
}

/** The fields that the formula names. */
function bindNames(expression: Expression, table: TableData): ReadonlyMap<string, FieldData> {
  const fields = new Map<string, FieldData>();
  const unknownFields = new Set<string>();
  const unknownFunctions = new Set<string>();
  for (const part of parts(expression)) {
    if (part.kind === 'operation' && !Object.hasOwn(OPERATORS, part.operator))
      throw notEmulated(`the formula operator ${part.operator}`);
    if (part.kind === 'call' && !REAL_FUNCTIONS.has(part.name)) unknownFunctions.add(part.name);
    if (part.kind !== 'field') continue;
    const field = findField(table, part.name);
    if (field) fields.set(part.name, field);
    else unknownFields.add(part.name.toLowerCase());
  }
  if (unknownFields.size > 0) throw invalidFormula(`Unknown field names: ${[...unknownFields].join(', ')}`);
  if (unknownFunctions.size > 0)
    throw invalidFormula(`Unknown function names: ${[...unknownFunctions].join(', ')}`);
  for (const part of parts(expression))
    if (part.kind === 'call') requireSupported(part.name, part.args.length);
  return fields;
}

function* parts(expression: Expression): Generator<Expression> {
  yield expression;
  if (expression.kind !== 'call' && expression.kind !== 'operation') return;
  for (const arg of expression.args) yield* parts(arg);
}

function requireSupported(name: string, count: number): void {
  const { least, most } = FUNCTIONS.get(name) ?? { least: 0, most: -1 };
  if (most < 0) throw notEmulated(`the formula function ${name}()`);
  if (count < least || count > most) throw invalidFormula();
}

function evaluate(expression: Expression, row: Row): Value {
  switch (expression.kind) {
    case 'text':
    case 'number':
      return expression.value;
    case 'field':
      return fieldValue(row.fields.get(expression.name), row.record);
    case 'operation': {
      const [left = null, right = null] = expression.args.map((arg) => evaluate(arg, row));
      return OPERATORS[expression.operator]?.(left, right) ?? null;
    }
    case 'call': {
      const args = expression.args.map((arg) => evaluate(arg, row));
      return FUNCTIONS.get(expression.name)?.call(args, row.record) ?? null;
    }
  }
}

/** The value of a cell inside a formula (airtable.md#columns-in-formulas). */
function fieldValue(field: FieldData | undefined, record: RecordData): Value {
  const cell: CellValue = field ? cellOf(record, field) : null;
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  if (field?.type === 'checkbox') return 0;
  if (cell === null || cell === '') return null;
  if (typeof cell === 'object')
    throw notEmulated(`the column ${field?.name} of type ${field?.type} in a formula`);
  return cell;
}

/** @throws AirtableError 501 for a comparison of text with a number, which is not documented */
const OPERATORS: Readonly<Record<string, (left: Value, right: Value) => Value>> = {
  '=': (left, right) => Number(isEqual(left, right)),
  '!=': (left, right) => Number(!isEqual(left, right)),
  '&': (left, right) => textOf(left) + textOf(right),
};

function isEqual(left: Value, right: Value): boolean {
  const isBlank = (value: Value) => value === null || value === '' || value === 0;
  if (left === null || right === null) return isBlank(left) && isBlank(right);
  if (typeof left !== typeof right) throw notEmulated('a comparison of text with a number');
  return left === right;
}

function textOf(value: Value): string {
  return value === null ? '' : String(value);
}

interface FormulaFunction {
  readonly least: number;
  readonly most: number;
  readonly call: (args: readonly Value[], record: RecordData) => Value;
}

const FUNCTIONS: ReadonlyMap<string, FormulaFunction> = new Map<string, FormulaFunction>([
  ['OR', { least: 1, most: Number.POSITIVE_INFINITY, call: (args) => Number(args.some(Boolean)) }],
  ['RECORD_ID', { least: 0, most: 0, call: (_args, { id }) => id }],
  ['REGEX_REPLACE', { least: 3, most: 3, call: regexReplace }],
]);

/** How Airtable treats a blank here is not known, so that `&""` is required. */
function regexReplace([text = null, pattern = null, replacement = null]: readonly Value[]): Value {
  if (text === null) throw notEmulated('REGEX_REPLACE over a blank; append &"" to make it text');
  if (/\(\?|\\[1-9pQ]/.test(textOf(pattern)) || /[$\\]/.test(textOf(replacement)))
    throw notEmulated('a pattern that RE2 and JavaScript may read differently');
  try {
    return textOf(text).replace(new RegExp(textOf(pattern), 'gu'), textOf(replacement));
  } catch (error) {
    if (error instanceof SyntaxError) throw new RowError(error.message);
    throw error;
  }
}

/** Airtable's functions, to tell one that is not emulated from one that does not exist. */
const REAL_FUNCTIONS: ReadonlySet<string> = new Set(
  `ABS AND ARRAYCOMPACT ARRAYFLATTEN ARRAYJOIN ARRAYSLICE ARRAYUNIQUE AVERAGE BLANK CEILING CONCATENATE COUNT COUNTA
  COUNTALL CREATED_TIME DATEADD DATESTR DATETIME_DIFF DATETIME_FORMAT DATETIME_PARSE DAY ENCODE_URL_COMPONENT ERROR EVEN
  EXACT EXP FALSE FIND FLOOR FROMNOW HOUR IF INT ISERROR IS_AFTER IS_BEFORE IS_SAME LAST_MODIFIED_TIME LEFT LEN LOG LOWER
  MAX MID MIN MINUTE MOD MONTH NOT NOW ODD OR POWER RECORD_ID REGEX_EXTRACT REGEX_MATCH REGEX_REPLACE REPLACE REPT RIGHT
  ROUND ROUNDDOWN ROUNDUP SEARCH SECOND SET_LOCALE SET_TIMEZONE SQRT SUBSTITUTE SUM SWITCH T TIMESTR TODAY TONOW TRIM
  TRUE UPPER VALUE WEEKDAY WEEKNUM WORKDAY WORKDAY_DIFF XOR YEAR`.split(/\s+/),
);
