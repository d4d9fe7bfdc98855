import fc from 'fast-check';
import type { Expression } from '../model.ts';
import { formatSqlType } from '../sql-type.ts';

/** The expression in full parentheses and quotes. */
export function printExpression(expression: Expression, table?: string): string {
  const inner = (part: Expression): string => printExpression(part, table);
  const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
  switch (expression.kind) {
    case 'column':
      return `${table === undefined ? '' : `${quoted(table)}.`}${quoted(expression.column)}`;
    case 'constant':
      return typeof expression.value === 'string'
        ? `'${expression.value.replaceAll("'", "''")}'`
        : String(expression.value);
    case 'concat':
      return `(${expression.parts.map(inner).join(' || ')})`;
    case 'cast':
      return `cast(${inner(expression.value)} as ${formatSqlType(expression.type)})`;
    case 'case': {
      const whens = expression.whens.map(
        ({ when, then }) => ` when ${inner(when)} then ${inner(then)}`,
      );
      const rest = expression.otherwise === undefined ? '' : ` else ${inner(expression.otherwise)}`;
      return `case ${inner(expression.subject)}${whens.join('')}${rest} end`;
    }
    case 'call':
      return `${expression.name}(${expression.parts.map(inner).join(', ')})`;
    case 'arithmetic':
      return `(${inner(expression.left)} ${expression.operator} ${inner(expression.right)})`;
    case 'aggregate':
      return `${expression.name}(${
        expression.value === undefined
          ? quoted(expression.table)
          : printExpression(expression.value, expression.table)
      })`;
  }
}

/** Random expressions of every kind, aggregates among them. */
export function expressions(): fc.Arbitrary<Expression> {
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
    .filter((text) => !text.includes('\0'));
  const columns = name.map((column): Expression => ({ kind: 'column', column }));
  const constants = fc
    .oneof(
      name,
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.integer({ min: 0, max: 10_000 }).map((cents) => cents / 100),
      fc.boolean(),
      fc.constant(null),
    )
    .map((value): Expression => ({ kind: 'constant', value }));
  const aggregate = fc
    .tuple(fc.constantFrom('sum', 'count', 'min', 'max', 'avg'), name, compound(columns))
    .map(([kind, table, value]): Expression => ({ kind: 'aggregate', name: kind, table, value }));
  const counted = name.map((table): Expression => ({
    kind: 'aggregate',
    name: 'count',
    table,
    value: undefined,
  }));
  return compound(fc.oneof(columns, constants, aggregate, counted));
}

/** A leaf, or one or two levels of other expressions over leaves. */
function compound(leaf: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  const grow = (of: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> => {
    const several = fc.array(of, { minLength: 1, maxLength: 3 });
    return fc.oneof(
      fc
        .array(of, { minLength: 2, maxLength: 3 })
        .map((parts): Expression => ({ kind: 'concat', parts })),
      fc
        .tuple(of, fc.constantFrom<'VARCHAR' | 'BIGINT' | 'DATE'>('VARCHAR', 'BIGINT', 'DATE'))
        .map(([value, kind]): Expression => ({ kind: 'cast', value, type: { kind } })),
      fc
        .tuple(
          of,
          fc.array(fc.tuple(of, of), { minLength: 1, maxLength: 2 }),
          fc.option(of, { nil: undefined }),
        )
        .map(([subject, whens, otherwise]): Expression => ({
          kind: 'case',
          subject,
          whens: whens.map(([when, then]) => ({ when, then })),
          otherwise,
        })),
      fc
        .tuple(fc.constantFrom<'coalesce' | 'concat'>('coalesce', 'concat'), several)
        .map(([name, parts]): Expression => ({ kind: 'call', name, parts })),
      fc
        .tuple(of, fc.constantFrom<'+' | '-' | '*' | '/'>('+', '-', '*', '/'), of)
        .map(([left, operator, right]): Expression => ({
          kind: 'arithmetic',
          operator,
          left,
          right,
        })),
    );
  };
  const once = fc.oneof(leaf, grow(leaf));
  return fc.oneof(leaf, grow(once));
}
