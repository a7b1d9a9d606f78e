/** A formula as a tree. */
export type Expression =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'negation'; readonly operand: Expression }
  | {
      readonly kind: 'operation';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  /** The name is in capitals. */
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] };

/** The expression and all its parts, in source order. */
export function* parts(expression: Expression): Generator<Expression> {
  yield expression;
  switch (expression.kind) {
    case 'negation':
      yield* parts(expression.operand);
      break;
    case 'operation':
      yield* parts(expression.left);
      yield* parts(expression.right);
      break;
    case 'call':
      for (const arg of expression.args) yield* parts(arg);
      break;
  }
}
