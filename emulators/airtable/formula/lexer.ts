import { createToken, type IToken, Lexer } from 'chevrotain';
import { invalidFormula, notSupportedHere } from '../airtable-errors';

export const Text = createToken({ name: 'Text', pattern: /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/ });
export const FieldReference = createToken({ name: 'FieldReference', pattern: /\{(?:[^}\\]|\\[\s\S])+\}/ });
/** No exponent, because Airtable does not support it. */
export const NumberLiteral = createToken({ name: 'NumberLiteral', pattern: /\d+(?:\.\d+)?|\.\d+/ });
const WORD = /[\p{L}_][\p{L}\p{N}_]*/uy;

/** Chevrotain drops the `u` flag of a plain pattern, and with it the meaning of \p. */
function word(text: string, offset: number): RegExpExecArray | null {
  WORD.lastIndex = offset;
  return WORD.exec(text);
}

/** A function's name, or a field's when it is one plain word. */
export const Word = createToken({ name: 'Word', pattern: word, line_breaks: false });

export const Open = createToken({ name: 'Open', pattern: '(' });
export const Close = createToken({ name: 'Close', pattern: ')' });
export const Comma = createToken({ name: 'Comma', pattern: ',' });
export const Comparison = createToken({ name: 'Comparison', pattern: /!=|<=|>=|=|<|>/ });
export const Ampersand = createToken({ name: 'Ampersand', pattern: '&' });
/** Plus or minus; a minus is also a sign. */
export const Additive = createToken({ name: 'Additive', pattern: Lexer.NA });
export const Minus = createToken({ name: 'Minus', pattern: '-', categories: [Additive] });
const Plus = createToken({ name: 'Plus', pattern: '+', categories: [Additive] });
export const Factor = createToken({ name: 'Factor', pattern: /[*/]/ });
const Blank = createToken({ name: 'Blank', pattern: /\s+/, group: Lexer.SKIPPED });

export const tokenTypes = [
  Blank,
  Text,
  FieldReference,
  NumberLiteral,
  Word,
  Open,
  Close,
  Comma,
  Comparison,
  Ampersand,
  Additive,
  Minus,
  Plus,
  Factor,
];

const lexer = new Lexer(tokenTypes, { positionTracking: 'onlyOffset' });

/** The parser recurses, so that depth costs stack. A formula written by hand is far shallower than this. */
const MAX_DEPTH = 100;

/** @throws AirtableError 422 for text that is not a valid formula */
export function tokenize(text: string): IToken[] {
  const { tokens, errors } = lexer.tokenize(text);
  if (errors.length > 0 || depth(tokens) > MAX_DEPTH) throw invalidFormula();
  return tokens;
}

function depth(tokens: readonly IToken[]): number {
  let open = 0;
  let deepest = 0;
  for (const { tokenType } of tokens) {
    if (tokenType === Open) deepest = Math.max(deepest, ++open);
    else if (tokenType === Close) open--;
  }
  return deepest;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  '"': '"',
  "'": "'",
  n: '\n',
  t: '\t',
  r: '\r',
};

/**
 * The text that a literal denotes (airtable.md#formula-literals).
 * @throws AirtableError 501 for an escape whose meaning is not known, such as `\D`
 */
export function textOf(literal: string): string {
  return literal.slice(1, -1).replace(/\\([\s\S])/gu, (sequence, character: string) => {
    const meaning = ESCAPES[character];
    if (meaning === undefined) throw notSupportedHere(`the escape ${sequence} in a formula's text literal`);
    return meaning;
  });
}

/** The field name or id inside the braces. */
export function fieldNameOf(reference: string): string {
  return reference.slice(1, -1).replace(/\\([\s\S])/gu, '$1');
}
