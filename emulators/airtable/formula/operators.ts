import { notSupportedHere } from '../airtable-errors';
import { finite, isList, joinable, kindOf, numberOperand, truth, type Value } from './value';

type Operator = (left: Value, right: Value) => Value;

/** @throws AirtableError 501 if the real outcome is not documented: text with a number, dates with text, lookups */
export const operators: Readonly<Record<string, Operator>> = {
  '=': (left, right) => truth(isEqual(left, right)),
  '!=': (left, right) => truth(!isEqual(left, right)),
  '<': (left, right) => truth(difference(left, right) < 0),
  '>': (left, right) => truth(difference(left, right) > 0),
  '<=': (left, right) => truth(difference(left, right) <= 0),
  '>=': (left, right) => truth(difference(left, right) >= 0),
  '&': (left, right) => joinable(left) + joinable(right),
  '+': arithmetic('+', (a, b) => a + b),
  '-': arithmetic('-', (a, b) => a - b),
  '*': arithmetic('*', (a, b) => a * b),
  '/': arithmetic('/', (a, b) => a / b),
};

function arithmetic(name: string, calculate: (a: number, b: number) => number): Operator {
  return (left, right) => finite(calculate(numberOperand(left, name), numberOperand(right, name)));
}

function isEqual(left: Value, right: Value): boolean {
  const a = comparable(left, right);
  const b = comparable(right, left);
  if (a === null || b === null) return isBlankLike(a) && isBlankLike(b);
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  if (typeof a === 'number' && typeof b === 'number') return a === b;
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  throw notSupportedHere(`a comparison of ${kindOf(left)} with ${kindOf(right)}`);
}

/** A blank equals a blank, "" and 0 (airtable.md#formula-functions). */
const isBlankLike = (value: string | number | Date | null) => value === null || value === '' || value === 0;

/** A list as a comparison operand: any list can be tested for emptiness, only a list of texts for anything else. */
function comparable(value: Value, other: Value): string | number | Date | null {
  if (!isList(value)) return value;
  if (value.items.length === 0) return null;
  if (value.isText || other === null || other === '') return joinable(value);
  throw notSupportedHere('a comparison of a lookup or an attachment; wrap it in ARRAYJOIN() or append &""');
}

function difference(left: Value, right: Value): number {
  if (left instanceof Date && right instanceof Date) return left.getTime() - right.getTime();
  return numberOperand(left, 'an ordering') - numberOperand(right, 'an ordering');
}
