import { isOneOf } from '../../lake/is-one-of.ts';
import {
  identifier,
  join,
  literal,
  sql,
  table,
  typeName,
  value,
  type Sql,
} from '../../lake/sql.ts';
import { formatSqlType } from '../../mapping/sql-type.ts';
import type { Rule, SyncedColumn, TableSync } from '../declaration/sync-declaration.ts';

/** One way in which a row can be bad. */
export interface Problem {
  readonly rule: string;
  /** Over the columns of `prepared` rows: see `check-rows.ts`. Undefined for what only all rows together tell. */
  readonly condition: Sql | undefined;
  /** For people; over the same columns. */
  readonly reason: Sql;
}

/** A watermark further ahead than this would hide all that comes until then. */
const furthestAheadMicros = 86_400_000_000n;

/** Everything that can be wrong with a row of this table, in the order in which it is looked for. */
export function problemsOf(sync: TableSync, nowMicros: bigint): readonly Problem[] {
  const typed = sync.columns.flatMap((column) =>
    typeProblems(column, sync.key.includes(column.name)),
  );
  return [
    ...watermarkProblems(sync, nowMicros),
    ...sync.key.map((key) => keyProblem(key, sync)),
    ...typed,
    ...sync.rules.map((rule) => ruleProblem(rule, sync)),
  ];
}

function watermarkProblems({ watermark }: TableSync, nowMicros: bigint): readonly Problem[] {
  if (watermark === undefined) return [];
  const { column, type } = watermark;
  const text = identifier('watermark~text');
  const problems: Problem[] = [
    {
      rule: 'watermark',
      condition: sql`${identifier('_watermark')} IS NULL`,
      reason: sql`${literal(column)} || CASE WHEN ${text} IS NULL THEN ' is missing' ELSE ' is ' || ${shown(text)} || ${literal(`, which is no ${type}`)} END`,
    },
  ];
  if (type === 'timestamp')
    problems.push({
      rule: 'watermark',
      condition: sql`${identifier('_watermark')} > ${value(nowMicros + furthestAheadMicros)}`,
      reason: sql`${literal(`${column} is `)} || ${shown(text)} || ', which is more than a day ahead of now'`,
    });
  return problems;
}

function keyProblem(key: string, { columns }: TableSync): Problem {
  const from = columns.find(({ name }) => name === key)?.from ?? key;
  return {
    rule: 'key',
    condition: sql`${textOf(key)} IS NULL OR ${textOf(key)} = ''`,
    reason: literal(`${from} is missing, which is the key`),
  };
}

function typeProblems({ name, sqlType }: SyncedColumn, isKey: boolean): readonly Problem[] {
  const only = (condition: Sql): Sql =>
    isKey ? condition : sql`NOT "_deleted" AND (${condition})`;
  const text = textOf(name);
  const type = formatSqlType(sqlType);
  const unreadable: Problem = {
    rule: `${name}: type`,
    condition: only(sql`${text} IS NOT NULL AND ${identifier(name)} IS NULL`),
    reason: sql`${literal(`${name} is `)} || ${shown(text)} || ${literal(`, which is no ${type}`)}`,
  };
  const scale = sqlType.kind === 'DECIMAL' ? sqlType.scale : 0;
  if (sqlType.kind !== 'DECIMAL' && sqlType.kind !== 'INTEGER' && sqlType.kind !== 'BIGINT')
    return sqlType.kind === 'VARCHAR' ? [] : [unreadable];
  // DuckDB would round a number with more digits than the column keeps, without a word.
  const tooLong: Problem = {
    rule: `${name}: type`,
    condition: only(sql`regexp_matches(${text}, ${literal(`\\.[0-9]{${scale}}[0-9]*[1-9]`)})`),
    reason: sql`${literal(`${name} is `)} || ${shown(text)} || ${literal(`, which has more digits than ${type} keeps`)}`,
  };
  return [unreadable, tooLong];
}

function ruleProblem(rule: Rule, sync: TableSync): Problem {
  const { name, column } = rule;
  const own = identifier(column);
  const text = textOf(column);
  const says = (words: string): Sql =>
    sql`${literal(`${column} is `)} || ${shown(text)} || ${literal(words)}`;
  const problem = (condition: Sql | undefined, reason: Sql): Problem => ({
    rule: name,
    condition: condition && sql`NOT "_deleted" AND (${condition})`,
    reason,
  });
  switch (rule.kind) {
    case 'notNull':
      return problem(sql`${own} IS NULL`, literal(`${column} has no value`));
    case 'pattern':
      return problem(
        sql`NOT regexp_matches(CAST(${own} AS VARCHAR), ${literal(rule.pattern)})`,
        says(`, which does not match ${rule.pattern}`),
      );
    case 'range': {
      const { min, max } = rule;
      const below = min === undefined ? [] : [sql`${own} < ${boundOf(min, column, sync)}`];
      const above = max === undefined ? [] : [sql`${own} > ${boundOf(max, column, sync)}`];
      const words = `, which is not from ${min ?? '…'} to ${max ?? '…'}`;
      return problem(join([...below, ...above], ' OR '), says(words));
    }
    case 'in': {
      const values = rule.values.map((one) => literal(one));
      return problem(
        sql`NOT (${isOneOf(sql`CAST(${own} AS VARCHAR)`, values)})`,
        says(`, which is none of ${rule.values.join(', ')}`),
      );
    }
    case 'unique':
      return problem(undefined, says(', which another row has already'));
    case 'reference': {
      // What leads to an entity by the mapping waits for it; see `applyDelta`.
      if (rule.isRelation) return problem(sql`FALSE`, literal(''));
      const found = sql`SELECT CAST(${identifier('i', rule.identityColumn)} AS VARCHAR) FROM ${table(rule.domain, rule.table)} AS i`;
      return problem(
        sql`${own} IS NOT NULL AND CAST(${own} AS VARCHAR) NOT IN (${found})`,
        says(`, and there is no ${rule.entity} with that id`),
      );
    }
  }
}

function boundOf(bound: string | number, column: string, { columns }: TableSync): Sql {
  if (typeof bound === 'number') return literal(bound);
  const sqlType = columns.find(({ name }) => name === column)?.sqlType ?? { kind: 'VARCHAR' };
  return sql`CAST(${literal(bound)} AS ${typeName(sqlType)})`;
}

/** The text that the value of a column was read from. */
export function textOf(column: string): Sql {
  return identifier(`${column}~text`);
}

/** A value within a sentence; a long one is cut. */
function shown(text: Sql): Sql {
  return sql`'"' || CASE WHEN length(${text}) > 80 THEN left(${text}, 79) || '…' ELSE COALESCE(${text}, '') END || '"'`;
}
