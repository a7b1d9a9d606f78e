import { operators } from './operators';
import { eager, type FormulaFunction } from './row';
import { isTruthy, RowError, truth, type Value } from './value';

const equal = operators['='];

const switchFunction: FormulaFunction = {
  min: 3,
  max: Number.POSITIVE_INFINITY,
  call: ([subject, ...rest]) => {
    const value = subject?.value() ?? null;
    for (let index = 0; index + 1 < rest.length; index += 2) {
      if (equal?.(value, rest[index]?.value() ?? null) === 1) return rest[index + 1]?.value() ?? null;
    }
    return rest.length % 2 === 1 ? (rest.at(-1)?.value() ?? null) : null;
  },
};

const isError: FormulaFunction = {
  min: 1,
  max: 1,
  call: ([arg]) => {
    try {
      arg?.value();
      return 0;
    } catch (error) {
      if (error instanceof RowError) return 1;
      throw error;
    }
  },
};

function fail(): Value {
  throw new RowError('ERROR()');
}

/** airtable.md#formula-functions. */
export const logicFunctions: Readonly<Record<string, FormulaFunction>> = {
  AND: eager(1, Number.POSITIVE_INFINITY, (...values) => truth(values.every(isTruthy))),
  OR: eager(1, Number.POSITIVE_INFINITY, (...values) => truth(values.some(isTruthy))),
  XOR: eager(1, Number.POSITIVE_INFINITY, (...values) => values.filter(isTruthy).length % 2),
  NOT: eager(1, 1, (value = null) => truth(!isTruthy(value))),
  IF: {
    min: 2,
    max: 3,
    call: ([condition, yes, no]) => (isTruthy(condition?.value() ?? null) ? yes : no)?.value() ?? null,
  },
  SWITCH: switchFunction,
  TRUE: eager(0, 0, () => 1),
  FALSE: eager(0, 0, () => 0),
  BLANK: eager(0, 0, () => null),
  ERROR: eager(0, 0, fail),
  ISERROR: isError,
};
