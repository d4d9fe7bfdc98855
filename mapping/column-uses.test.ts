import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { columnUses } from './column-uses.ts';
import { parseExpression } from './parse-expression.ts';
import { formatSqlType, parseSqlType } from './sql-type.ts';

function usesOf(text: string, wanted: string): readonly string[] {
  const type = parseSqlType(wanted);
  if (type === undefined) throw new Error(`no such type: ${wanted}`);
  return columnUses(parseExpression(text, { file: 'schema.graphql' }), type).map(
    ({ table, column, sqlType }) =>
      `${table === undefined ? '' : `${table}.`}${column} ${formatSqlType(sqlType)}`,
  );
}

it.each([
  ['a', 'BIGINT', ['a BIGINT']],
  ["'x'", 'VARCHAR', []],
  ["a || ' ' || b", 'VARCHAR', ['a VARCHAR', 'b VARCHAR']],
  ['lower(a)', 'VARCHAR', ['a VARCHAR']],
  ['coalesce(a, nullif(b, 0))', 'INTEGER', ['a INTEGER', 'b INTEGER']],
  ['cast(a as DECIMAL(10,2))', 'DECIMAL(10,2)', ['a VARCHAR']],
  ['a + b * 2', 'DECIMAL(10,2)', ['a DECIMAL(10,2)', 'b DECIMAL(10,2)']],
  ["cast(a + 1 as VARCHAR) || 'x'", 'VARCHAR', ['a DOUBLE']],
  ["case a when 'G' then b else c end", 'INTEGER', ['a VARCHAR', 'b INTEGER', 'c INTEGER']],
  ["case a when null then 'x' when 1 then 'y' end", 'VARCHAR', ['a BIGINT']],
  ["case a when 1.5 then 'y' end", 'VARCHAR', ['a DOUBLE']],
  ["case a when true then 'y' end", 'VARCHAR', ['a BOOLEAN']],
  ["case a when b then 'y' end", 'VARCHAR', ['a VARCHAR', 'b VARCHAR']],
  ['sum(t.a)', 'DECIMAL(18,2)', ['t.a DECIMAL(18,2)']],
  ['avg(t.a * t.b)', 'VARCHAR', ['t.a DOUBLE', 't.b DOUBLE']],
  ['max(t.a)', 'TIMESTAMPTZ', ['t.a TIMESTAMPTZ']],
  ['count(t.a)', 'INTEGER', ['t.a VARCHAR']],
  ['count(t)', 'INTEGER', []],
  ['sum(t.a) + b', 'INTEGER', ['t.a INTEGER', 'b INTEGER']],
])('the columns of %s as %s are %j', (text, wanted, expected) => {
  expect(usesOf(text, wanted)).toEqual(expected);
});

it('gives columns types that DuckDB can calculate, sum and compare with', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    for (const [text, wanted] of [
      ['a * 1.2 - b', 'DECIMAL(18,2)'],
      ['cast(a + b as VARCHAR)', 'VARCHAR'],
      ["case a when 1 then 'one' else b end", 'VARCHAR'],
      ["case a when 'x' then b * 2 end", 'INTEGER'],
      ['coalesce(a, 0) + 1', 'BIGINT'],
    ] as const) {
      const columns = usesOf(text, wanted).map((use) => use.replace(' ', '" '));
      await connection.run(
        `CREATE OR REPLACE TABLE t (${columns.map((use) => `"${use}`).join(', ')})`,
      );
      await connection.run(`SELECT CAST(${text} AS ${wanted}) FROM t`);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
});
