import { invalidFormula, notEmulated } from './airtable-errors';

/** A formula as a tree. */
export type Expression =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'operation'; readonly operator: string; readonly args: readonly Expression[] }
  /** The name is in capitals. */
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] };

/** A text, a field in braces, a number (without an exponent), a word, or an operator. */
const TOKEN =
  /("(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*')|\{((?:[^}\\]|\\[\s\S])+)\}|(\d+(?:\.\d+)?|\.\d+)|([\p{L}_][\p{L}\p{N}_]*)|(!=|<=|>=|[-=<>&+*/(),])|\s+/uy;

interface Token {
  readonly kind: 'text' | 'field' | 'number' | 'word' | 'operator';
  readonly value: string;
}

/** Loosest first. */
const LEVELS = [['=', '!=', '<', '>', '<=', '>='], ['&'], ['+', '-'], ['*', '/']] as const;

/** The parser recurses, so that depth costs stack. A formula written by hand is far shallower than this. */
const MAX_DEPTH = 100;

/**
 * Reads a formula (airtable.md#formula-literals).
 * @throws AirtableError 422 for a syntax error, 501 for an escape whose meaning is not known
 */
export function parseFormula(text: string): Expression {
  const parser = new Parser(tokenize(text));
  const expression = parser.operation(0);
  if (!parser.isAtEnd) throw invalidFormula();
  return expression;
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) throw invalidFormula();
    const [, literal, field, number, word, operator] = match;
    if (literal !== undefined) tokens.push({ kind: 'text', value: unescaped(literal.slice(1, -1)) });
    else if (field !== undefined) tokens.push({ kind: 'field', value: field.replace(/\\([\s\S])/gu, '$1') });
    else if (number !== undefined) tokens.push({ kind: 'number', value: number });
    else if (word !== undefined) tokens.push({ kind: 'word', value: word });
    else if (operator !== undefined) tokens.push({ kind: 'operator', value: operator });
  }
  return tokens;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  '"': '"',
  "'": "'",
  n: '\n',
  t: '\t',
  r: '\r',
};

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/gu, (sequence, character: string) => {
    const meaning = ESCAPES[character];
    if (meaning === undefined) throw notEmulated(`the escape ${sequence} in a formula's text`);
    return meaning;
  });
}

class Parser {
  #position = 0;
  #depth = 0;

  constructor(readonly tokens: readonly Token[]) {}

  get isAtEnd(): boolean {
    return this.#position === this.tokens.length;
  }

  /** A chain of left-associative operators of one level of precedence, or a single operand. */
  operation(level: number): Expression {
    const operators: readonly string[] | undefined = LEVELS[level];
    if (operators === undefined) return this.#operand();
    let left = this.operation(level + 1);
    for (let operator = this.#take(operators); operator; operator = this.#take(operators))
      left = { kind: 'operation', operator, args: [left, this.operation(level + 1)] };
    return left;
  }

  #operand(): Expression {
    const token = this.tokens[this.#position];
    this.#position++;
    switch (token?.kind) {
      case 'text':
        return { kind: 'text', value: token.value };
      case 'number':
        return { kind: 'number', value: Number(token.value) };
      case 'field':
        return { kind: 'field', name: token.value };
      case 'word':
        return this.#take(['('])
          ? { kind: 'call', name: token.value.toUpperCase(), args: this.#nested(() => this.#arguments()) }
          : { kind: 'field', name: token.value };
      case 'operator':
        if (token.value === '-') throw notEmulated('a minus sign in a formula');
        if (token.value === '(') return this.#nested(() => this.#closed(this.operation(0)));
    }
    throw invalidFormula();
  }

  #arguments(): readonly Expression[] {
    if (this.#take([')'])) return [];
    const args = [this.operation(0)];
    while (this.#take([','])) args.push(this.operation(0));
    return this.#closed(args);
  }

  #closed<T>(value: T): T {
    if (!this.#take([')'])) throw invalidFormula();
    return value;
  }

  #nested<T>(parse: () => T): T {
    this.#depth++;
    if (this.#depth > MAX_DEPTH) throw invalidFormula();
    const parsed = parse();
    this.#depth--;
    return parsed;
  }

  #take(operators: readonly string[]): string | null {
    const token = this.tokens[this.#position];
    if (token?.kind !== 'operator' || !operators.includes(token.value)) return null;
    this.#position++;
    return token.value;
  }
}
