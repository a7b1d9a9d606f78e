import { EmbeddedActionsParser, type ParserMethod, type TokenType } from 'chevrotain';
import { invalidFormula } from '../airtable-errors';
import type { Expression } from './expression';
import {
  Additive,
  Ampersand,
  Close,
  Comma,
  Comparison,
  Factor,
  FieldReference,
  fieldNameOf,
  Minus,
  NumberLiteral,
  Open,
  Text,
  textOf,
  tokenize,
  tokenTypes,
  Word,
} from './lexer';

/** A chain becomes a tree as deep as it is long, and walking the tree costs stack. */
const MAX_CHAIN = 1000;

type Rule = ParserMethod<[], Expression>;

/** Loosest first: comparisons, `&`, `+ -`, `* /`, a sign, and then atoms. */
class FormulaParser extends EmbeddedActionsParser {
  readonly formula: Rule = this.RULE('formula', () => this.SUBRULE(this.comparison));

  private readonly comparison: Rule = this.leftAssociative('comparison', Comparison, () => this.joining);
  private readonly joining: Rule = this.leftAssociative('joining', Ampersand, () => this.sum);
  private readonly sum: Rule = this.leftAssociative('sum', Additive, () => this.product);
  private readonly product: Rule = this.leftAssociative('product', Factor, () => this.signed);

  private readonly signed: Rule = this.RULE('signed', (): Expression => {
    let signs = 0;
    this.MANY(() => {
      this.CONSUME(Minus);
      signs++;
    });
    const operand = this.SUBRULE(this.primary);
    return signs % 2 === 0 ? operand : { kind: 'negation', operand };
  });

  private readonly primary: Rule = this.RULE('primary', () =>
    this.OR<Expression>([
      { ALT: () => this.SUBRULE(this.text) },
      { ALT: () => ({ kind: 'number', value: Number(this.CONSUME(NumberLiteral).image) }) },
      { ALT: () => ({ kind: 'field', name: fieldNameOf(this.CONSUME(FieldReference).image) }) },
      { ALT: () => this.SUBRULE(this.wordOrCall) },
      { ALT: () => this.SUBRULE(this.group) },
    ]),
  );

  private readonly text: Rule = this.RULE('text', (): Expression => {
    const { image } = this.CONSUME(Text);
    return this.ACTION((): Expression => ({ kind: 'text', value: textOf(image) }));
  });

  private readonly group: Rule = this.RULE('group', () => {
    this.CONSUME(Open);
    const inner = this.SUBRULE(this.formula);
    this.CONSUME(Close);
    return inner;
  });

  private readonly wordOrCall: Rule = this.RULE('wordOrCall', (): Expression => {
    const word = this.CONSUME(Word).image;
    const args: Expression[] = [];
    const isCall = this.OPTION(() => {
      this.CONSUME(Open);
      this.MANY_SEP({ SEP: Comma, DEF: () => args.push(this.SUBRULE(this.formula)) });
      this.CONSUME(Close);
      return true;
    });
    return isCall ? { kind: 'call', name: word.toUpperCase(), args } : { kind: 'field', name: word };
  });

  constructor() {
    super(tokenTypes);
    this.performSelfAnalysis();
  }

  /** One level of precedence. The tighter rule is passed as a function, because it is declared after this one. */
  private leftAssociative(name: string, operator: TokenType, tighter: () => Rule): Rule {
    return this.RULE(name, (): Expression => {
      let left = this.SUBRULE1(tighter());
      let length = 0;
      this.MANY(() => {
        this.ACTION(() => {
          if (++length > MAX_CHAIN) throw invalidFormula();
        });
        const { image } = this.CONSUME(operator);
        const right = this.SUBRULE2(tighter());
        left = { kind: 'operation', operator: image, left, right };
      });
      return left;
    });
  }
}

const parser = new FormulaParser();

/**
 * Reads a formula.
 * @throws AirtableError 422 for a syntax error, 501 for an escape whose meaning is not known
 */
export function parse(text: string): Expression {
  parser.input = tokenize(text);
  const expression = parser.formula();
  if (parser.errors.length > 0) throw invalidFormula();
  return expression;
}
