import { join, sql, type Sql } from '../../lake/sql.ts';
import type { Condition, Operand } from '../question/condition.ts';
import { measureType } from '../question/measure-type.ts';
import type { Measure } from '../question/measure.ts';
import { relatedMeasureSql } from './related-measure-sql.ts';
import type { Source } from './source.ts';
import { testSql, type TestedValue } from './test-sql.ts';

/** What the names in a condition stand for. */
export interface ConditionScope {
  readonly source: Source;
  /** The figures of a group; only `having` asks for them. */
  readonly measure?: (measure: Measure) => Sql;
}

/**
 * SQL that is true exactly where the condition holds. Elsewhere it may be false or null, so it goes into `WHERE`,
 * `HAVING` or `FILTER` as it is, and never behind a `NOT`: the opposite is the SQL of `notOf(condition)`.
 */
export function conditionSql(condition: Condition, scope: ConditionScope): Sql {
  return trueWhere(condition, true, scope);
}

/** SQL that is true exactly where the condition holds, or exactly where it does not. */
function trueWhere(condition: Condition, holds: boolean, scope: ConditionScope): Sql {
  switch (condition.kind) {
    case 'always':
      return holds ? sql`TRUE` : sql`FALSE`;
    case 'never':
      return holds ? sql`FALSE` : sql`TRUE`;
    case 'all':
      return connected(condition.of, holds, holds ? ' AND ' : ' OR ', scope);
    case 'any':
      return connected(condition.of, holds, holds ? ' OR ' : ' AND ', scope);
    case 'not':
      return trueWhere(condition.of, !holds, scope);
    case 'test':
      return testSql(condition.test, testedValue(condition.operand, scope), holds);
    case 'related':
      return relatedSql(condition, holds, scope);
    case 'measured':
      return measuredSql(condition, holds, scope);
  }
}

type ConditionOf<Kind extends Condition['kind']> = Extract<Condition, { readonly kind: Kind }>;

function connected(
  conditions: readonly Condition[],
  holds: boolean,
  separator: ' AND ' | ' OR ',
  scope: ConditionScope,
): Sql {
  const parts = conditions.map((condition) => trueWhere(condition, holds, scope));
  return parts.length === 1 ? join(parts, separator) : sql`(${join(parts, separator)})`;
}

function testedValue(operand: Operand, { source, measure }: ConditionScope): TestedValue {
  if (operand.kind === 'field') {
    const { field } = operand.path.source;
    const isIndexed = source.isIndexed(operand.path);
    return { sql: source.field(operand.path), isIndexed, ...field };
  }
  if (measure === undefined) throw new TypeError('Only groups have figures.');
  return { sql: measure(operand.measure), isIndexed: false, ...measureType(operand.measure) };
}

/**
 * A list of keys, and not `EXISTS`: a subquery that looks at no row of the query around it costs DuckDB a third.
 * Where no row matches and a key is null, the whole is null and so not true.
 */
function relatedSql(
  { relation, condition }: ConditionOf<'related'>,
  holds: boolean,
  { source }: ConditionScope,
): Sql {
  const related = source.related(relation);
  const where = conditionSql(condition, { source: related.source });
  const keys = sql`SELECT ${join(related.childEnd, ', ')} FROM ${related.source.from()} WHERE ${where}`;
  const isAmong = sql`(${join(related.parentEnd, ', ')}) IN (${keys})`;
  return holds ? isAmong : sql`(${isAmong}) IS NOT TRUE`;
}

function measuredSql(
  { relation, where, having }: ConditionOf<'measured'>,
  holds: boolean,
  { source }: ConditionScope,
): Sql {
  return trueWhere(having, holds, {
    source,
    measure: (measure) =>
      relatedMeasureSql(source, relation, measure, (child) =>
        where.kind === 'always' ? undefined : conditionSql(where, { source: child }),
      ),
  });
}
