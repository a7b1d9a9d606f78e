/**
 * A piece of Airtable's formula language. Only the functions of this file make one, so that nothing from outside
 * gets into a formula unescaped (Airtable contract 5.1). Column names are constants of ours.
 */
class Formula {
  constructor(private readonly source: string) {}

  toString(): string {
    return this.source;
  }

  toJSON(): string {
    return this.source;
  }
}

export type { Formula };

const formula = (source: string) => new Formula(source);

const CONTROL_CHARACTERS = /[\p{Cc}\u2028\u2029]/gu;

/** A text literal. Control characters have no sure escape and no place in what is looked up: they become spaces. */
export function text(value: string): Formula {
  const plain = value.replace(CONTROL_CHARACTERS, ' ');
  return formula(`"${plain.replace(/["\\]/g, '\\$&')}"`);
}

/** A column as text, whatever its type: blank is "", a number its digits, a collaborator their display name. */
export const columnText = (name: string) => formula(`({${name}}&"")`);

/** A column's digits, as one text; without the zero of "+44 (0)20 …", which is not dialled from abroad. */
export const columnDigits = (name: string) =>
  formula(`REGEX_REPLACE(SUBSTITUTE({${name}}&"","(0)",""),"[^0-9]","")`);

export const recordId = formula('RECORD_ID()');
export const trim = (a: Formula) => formula(`TRIM(${a})`);
export const equal = (a: Formula, b: Formula) => formula(`${a}=${b}`);
export const notEqual = (a: Formula, b: Formula) => formula(`${a}!=${b}`);

/** Whether the text holds the other one, upper or lower case. */
export const containsIgnoringCase = (hay: Formula, needle: Formula) => formula(`SEARCH(${needle},${hay})`);

/** Whether the text holds the other one to the letter. */
export const contains = (hay: Formula, needle: Formula) => formula(`FIND(${needle},${hay})`);

export const and = (...conditions: readonly Formula[]) => formula(`AND(${conditions.join()})`);

/** True where any condition is; false where there is none. */
export const or = (...conditions: readonly Formula[]) =>
  formula(conditions.length === 0 ? 'FALSE()' : `OR(${conditions.join()})`);
