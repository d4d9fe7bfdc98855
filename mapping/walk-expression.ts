import type { Expression } from './model.ts';

/** The expression and everything in it, from the outside in; an aggregate's inside is not entered. */
export function* walkExpression(expression: Expression): Generator<Expression> {
  yield expression;
  switch (expression.kind) {
    case 'column':
    case 'constant':
    case 'aggregate':
      return;
    case 'cast':
      return yield* walkExpression(expression.value);
    case 'arithmetic':
      yield* walkExpression(expression.left);
      return yield* walkExpression(expression.right);
    case 'concat':
    case 'call':
      for (const part of expression.parts) yield* walkExpression(part);
      return;
    case 'case':
      yield* walkExpression(expression.subject);
      for (const { when, then } of expression.whens) {
        yield* walkExpression(when);
        yield* walkExpression(then);
      }
      if (expression.otherwise !== undefined) yield* walkExpression(expression.otherwise);
  }
}
