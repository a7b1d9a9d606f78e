import { eager, type FormulaFunction } from './row';
import { finite, isList, joinable, numberOperand, RowError, textOperand, truth, type Value } from './value';

/** A function over one text. */
function ofText(name: string, calculate: (text: string) => Value): FormulaFunction {
  return eager(1, 1, (value = null) => calculate(textOperand(value, name)));
}

/** 1-based position of the needle; the value for "absent" differs (airtable.md#formula-functions). */
function place(name: string, fold: (text: string) => string, absent: Value): FormulaFunction {
  return eager(2, 3, (needle = null, hay = null, start = null) => {
    const from = Math.max(0, numberOperand(start, name) - 1);
    const found = fold(textOperand(hay, name)).indexOf(fold(textOperand(needle, name)), from);
    return found < 0 ? absent : found + 1;
  });
}

function substitute(text: string, old: string, replacement: string, index: number): string {
  if (old === '') return text;
  let seen = 0;
  return text.replaceAll(old, () => {
    seen++;
    return index === 0 || index === seen ? replacement : old;
  });
}

/** @throws RowError for text without a number */
function numberIn(text: string): number {
  if (!/^\s*-?\d+(\.\d+)?\s*$/.test(text)) throw new RowError(`VALUE: ${text} is not a number`);
  return finite(Number(text));
}

/** airtable.md#formula-functions. */
export const textFunctions: Readonly<Record<string, FormulaFunction>> = {
  FIND: place('FIND', (text) => text, 0),
  SEARCH: place('SEARCH', (text) => text.toLowerCase(), null),
  LOWER: ofText('LOWER', (text) => text.toLowerCase()),
  UPPER: ofText('UPPER', (text) => text.toUpperCase()),
  TRIM: ofText('TRIM', (text) => text.trim()),
  LEN: ofText('LEN', (text) => text.length),
  VALUE: ofText('VALUE', numberIn),
  LEFT: eager(2, 2, (text = null, count = null) =>
    textOperand(text, 'LEFT').slice(0, Math.max(0, numberOperand(count, 'LEFT'))),
  ),
  RIGHT: eager(2, 2, (text = null, count = null) => {
    const whole = textOperand(text, 'RIGHT');
    return whole.slice(Math.max(0, whole.length - numberOperand(count, 'RIGHT')));
  }),
  MID: eager(3, 3, (text = null, start = null, count = null) => {
    const from = Math.max(0, numberOperand(start, 'MID') - 1);
    return textOperand(text, 'MID').slice(from, from + Math.max(0, numberOperand(count, 'MID')));
  }),
  SUBSTITUTE: eager(3, 4, (text = null, old = null, replacement = null, index = null) =>
    substitute(
      textOperand(text, 'SUBSTITUTE'),
      textOperand(old, 'SUBSTITUTE'),
      textOperand(replacement, 'SUBSTITUTE'),
      numberOperand(index, 'SUBSTITUTE'),
    ),
  ),
  CONCATENATE: eager(1, Number.POSITIVE_INFINITY, (...values) => values.map(joinable).join('')),
  EXACT: eager(2, 2, (a = null, b = null) => truth(textOperand(a, 'EXACT') === textOperand(b, 'EXACT'))),
  ARRAYJOIN: eager(1, 2, (list = null, separator = ', ') =>
    isList(list) ? list.items.join(textOperand(separator, 'ARRAYJOIN')) : joinable(list),
  ),
  T: eager(1, 1, (value = null) => (typeof value === 'string' || isList(value) ? joinable(value) : null)),
};
