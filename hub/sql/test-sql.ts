import { listValue } from '@duckdb/node-api';
import { longestCompared } from '../../lake/is-one-of.ts';
import { join, sql, typeName, value, type LakeValue, type Sql } from '../../lake/sql.ts';
import type { SqlType, WireType } from '../../mapping/model.ts';
import type { Comparison, Test } from '../question/condition.ts';
import { comparedType } from '../question/compared-type.ts';
import { boundValue } from './bound-value.ts';
import { comparedSql } from './text-sql.ts';

/** A value of a row or of a group that is tested. */
export interface TestedValue {
  readonly sql: Sql;
  readonly sqlType: SqlType;
  readonly wireType: WireType;
  /** Whether rows can be found by it. */
  readonly isIndexed: boolean;
}

/** SQL that is true exactly where the test holds, or exactly where it does not; otherwise false or null. */
export function testSql(test: Test, tested: TestedValue, holds: boolean): Sql {
  switch (test.kind) {
    case 'isNull':
      return holds ? sql`${tested.sql} IS NULL` : sql`${tested.sql} IS NOT NULL`;
    case 'compare':
      return test.operator === 'eq'
        ? equalSql(tested, test.value, holds)
        : trueOrNot(orderedSql(test.operator, test.value, tested), holds);
    case 'in':
      return trueOrNot(inSql(tested, test.values), holds);
    case 'text':
      return trueOrNot(textTestSql(test, tested), holds);
    case 'items':
      return trueOrNot(itemsSql(test, tested), holds);
    case 'isEmpty':
      return trueOrNot(sql`len(${tested.sql}) = 0`, holds);
  }
}

function trueOrNot(condition: Sql, holds: boolean): Sql {
  return holds ? condition : sql`(${condition}) IS NOT TRUE`;
}

function equalSql({ sql: tested, sqlType }: TestedValue, equal: LakeValue, holds: boolean): Sql {
  const bound = boundValue(equal, sqlType);
  return holds ? sql`${tested} = ${bound}` : sql`${tested} IS DISTINCT FROM ${bound}`;
}

function orderedSql(
  operator: Exclude<Comparison, 'eq'>,
  limit: LakeValue,
  tested: TestedValue,
): Sql {
  const compared = comparedSql(tested.sql, tested);
  const bound = boundValue(limit, comparedType(tested));
  switch (operator) {
    case 'lt':
      return sql`${compared} < ${bound}`;
    case 'lte':
      return sql`${compared} <= ${bound}`;
    case 'gt':
      return sql`${compared} > ${bound}`;
    case 'gte':
      return sql`${compared} >= ${bound}`;
  }
}

/** Up to here a list of parameters is worth it where it finds rows by an index, which one parameter with a list does not. */
const longestIndexed = 256;

/** Few distinct texts come out of it, so that most are prepared already. */
function inSql(
  { sql: tested, sqlType, isIndexed }: TestedValue,
  values: readonly LakeValue[],
): Sql {
  if (values.length > (isIndexed ? longestIndexed : longestCompared)) {
    const list = boundValue(listValue([...values]), { kind: 'LIST', of: sqlType });
    return sql`${tested} IN (SELECT unnest(${list}))`;
  }
  const size = 2 ** Math.ceil(Math.log2(values.length));
  const padded = Array.from({ length: size }, (_, index) => values[index] ?? values.at(-1) ?? null);
  return sql`${tested} IN (${join(
    padded.map((item) => boundValue(item, sqlType)),
    ', ',
  )})`;
}

type TestOf<Kind extends Test['kind']> = Extract<Test, { readonly kind: Kind }>;

function textTestSql(
  { operator, value: text, ignoresCase }: TestOf<'text'>,
  tested: TestedValue,
): Sql {
  const compared = comparedSql(tested.sql, tested);
  const whole = ignoresCase ? sql`lower(${compared})` : compared;
  const part = ignoresCase ? sql`lower(${value(text)})` : value(text);
  switch (operator) {
    case 'eq':
      return sql`${whole} = ${part}`;
    case 'contains':
      return sql`contains(${whole}, ${part})`;
    case 'startsWith':
      return sql`starts_with(${whole}, ${part})`;
    case 'endsWith':
      return sql`ends_with(${whole}, ${part})`;
  }
}

function itemsSql(
  { operator, values }: TestOf<'items'>,
  { sql: tested, sqlType }: TestedValue,
): Sql {
  const items = values.filter((item) => item !== null);
  const hasNull = items.length < values.length;
  if (operator === 'eq') return sql`${tested} = ${listSql(values, sqlType, hasNull)}`;
  // DuckDB's functions look past items that are null.
  const list = listSql(items, sqlType, false);
  const hasNullToo = sql`list_position(${tested}, NULL) IS NOT NULL`;
  if (operator === 'hasEvery') {
    const hasAll = sql`list_has_all(${tested}, ${list})`;
    return hasNull ? sql`(${hasAll} AND ${hasNullToo})` : hasAll;
  }
  const hasAny = sql`list_has_any(${tested}, ${list})`;
  return hasNull ? sql`(${hasAny} OR ${hasNullToo})` : hasAny;
}

/** The driver takes the type of a list from its first item, which null has none of. */
function listSql(items: readonly LakeValue[], type: SqlType, hasNull: boolean): Sql {
  if (!hasNull) return boundValue(listValue([...items]), type);
  const parts = items.map((item) => (item === null ? sql`NULL` : boundValue(item, itemType(type))));
  return sql`CAST([${join(parts, ', ')}] AS ${typeName(type)})`;
}

function itemType(type: SqlType): SqlType {
  return type.kind === 'LIST' ? type.of : type;
}
