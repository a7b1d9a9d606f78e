import { RE2JS, RE2JSException } from 're2js';
import { notSupportedHere } from '../airtable-errors';
import { eager, type FormulaFunction } from './row';
import { RowError, textOperand, truth, type Value } from './value';

/**
 * A pattern over a text. How Airtable treats a blank here is not known, unlike in the other text functions,
 * so that `&""` is required.
 */
function over(name: string, text: Value, pattern: Value) {
  if (text === null) throw notSupportedHere(`${name} over a blank; append &"" to make it text`);
  return compile(textOperand(pattern, name)).matcher(textOperand(text, name));
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof RE2JSException)
      throw new RowError(`${pattern} is not an RE2 pattern: ${error.message}`);
    throw error;
  }
}

/** RE2, unanchored (airtable.md#formula-functions). */
export const regexFunctions: Readonly<Record<string, FormulaFunction>> = {
  REGEX_MATCH: eager(2, 2, (text = null, pattern = null) => truth(over('REGEX_MATCH', text, pattern).find())),
  REGEX_EXTRACT: eager(2, 2, (text = null, pattern = null) => {
    const matcher = over('REGEX_EXTRACT', text, pattern);
    if (!matcher.find()) throw new RowError('REGEX_EXTRACT found nothing');
    return matcher.group();
  }),
  REGEX_REPLACE: eager(3, 3, (text = null, pattern = null, replacement = null) =>
    over('REGEX_REPLACE', text, pattern).replaceAll(textOperand(replacement, 'REGEX_REPLACE')),
  ),
};
