import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LakeType } from '../mapping/model.ts';
import { parseExpression } from '../mapping/parse-expression.ts';
import { readDomain } from '../mapping/read-domain.ts';
import { expressionSql, mappedColumnSql, type ExpressionScope } from './expression-sql.ts';
import { identifier, render, sql, table, type Sql } from './sql.ts';

let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
  await connection.run(`
    CREATE SCHEMA "sales-eu";
    CREATE TABLE "sales-eu"."order" (
      region VARCHAR, id VARCHAR, first_name VARCHAR, last_name VARCHAR, tier VARCHAR, amount DECIMAL(10,2),
      "group" VARCHAR, "say ""hi""" VARCHAR, "größe" INTEGER, total VARCHAR, PRIMARY KEY (region, id)
    );
    INSERT INTO "sales-eu"."order" VALUES
      ('eu', '1', 'Zoë', 'O''Neil', 'G', 12.50, 'a', 'b', 4, '7.125'),
      ('us', '1', NULL, 'Smith', 'X', 1.25, NULL, NULL, NULL, NULL);
    CREATE TABLE "sales-eu"."line""s" (r VARCHAR, i VARCHAR, price DECIMAL(10,2), quantity INTEGER);
    INSERT INTO "sales-eu"."line""s" VALUES ('eu', '1', 2.50, 2), ('eu', '1', 1.00, NULL), ('us', '2', 9.00, 9);
  `);
});

afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

const { types } = readDomain(
  'sales-eu',
  `
    type Order @key(fields: "region id") @table @related(table: "line\\"s", columns: ["r", "i"]) {
      region: ID!
      id: ID!
      total: Decimal @column(type: "DECIMAL(10,2)", from: "cast(total as DECIMAL(10,2))", default: "0.50")
      lines: Int! @column(from: "count(\\"line\\"\\"s\\")")
      nickname: String @column(default: "O'Nobody")
      rank: Int @column(default: "3")
      note: String @column(default: null)
      amount: Decimal @column(type: "DECIMAL(10,2)", default: "1")
    }
  `,
  'schema.graphql',
);
const [order] = types as [LakeType];
const scope: ExpressionScope = {
  alias: 't',
  part: order,
  keyColumns: ['region', 'id'],
};

/** The fragment's value in the row of `eu` and in that of `us`, as text. */
async function inBothRows(fragment: Sql): Promise<readonly (string | null)[]> {
  const { text, bindings } = render(
    sql`SELECT ${fragment} FROM ${table('sales-eu', 'order')} AS ${identifier('t')} ORDER BY region`,
  );
  expect(bindings).toEqual([]);
  const rows = (await connection.runAndReadAll(text)).getRows();
  return rows.map(([value]) => (value === null || value === undefined ? null : value.toString()));
}

async function evaluate(text: string): Promise<readonly (string | null)[]> {
  return inBothRows(expressionSql(parseExpression(text, { file: 'schema.graphql' }), scope));
}

async function field(name: string): Promise<readonly (string | null)[]> {
  const mapped = order.fields.find((candidate) => candidate.name === name);
  if (mapped === undefined) throw new Error(`no field ${name}`);
  return inBothRows(mappedColumnSql(mapped, scope));
}

describe('expressions of a mapping in SQL', () => {
  it.each([
    ["first_name || ' ' || last_name", ["Zoë O'Neil", null]],
    ["concat(first_name, ' ', last_name)", ["Zoë O'Neil", ' Smith']],
    ["coalesce(first_name, 'none')", ['Zoë', 'none']],
    ["nullif(last_name, 'Smith')", ["O'Neil", null]],
    ["upper(last_name) || lower(tier) || trim(' x ')", ["O'NEILgx", 'SMITHxx']],
    ["case tier when 'G' then 'GOLD' when 'S' then 'SILVER' end", ['GOLD', null]],
    ["case tier when 'G' then 'GOLD' else tier end", ['GOLD', 'X']],
    ['(amount + 1) * 2 - 0.5', ['26.50', '4.00']],
    ['amount / 2', ['6.25', '0.625']],
    ['amount - -1', ['13.50', '2.25']],
    ['cast(amount as INTEGER)', ['13', '1']],
    ["'it''s'", ["it's", "it's"]],
    ['null', [null, null]],
    ['true', ['true', 'true']],
  ])('%s', async (text, values) => {
    expect(await evaluate(text)).toEqual(values);
  });

  it.each([
    ['"group"', ['a', null]],
    ['"say ""hi"""', ['b', null]],
    ['größe + 1', ['5', null]],
    [`'"; DROP TABLE order; --'`, ['"; DROP TABLE order; --', '"; DROP TABLE order; --']],
  ])('a hostile name or constant: %s', async (text, values) => {
    expect(await evaluate(text)).toEqual(values);
  });

  it.each([
    ['sum("line""s".price * "line""s".quantity)', ['5.00', null]],
    ['sum("line""s".price)', ['3.50', null]],
    ['count("line""s")', ['2', '0']],
    ['count("line""s".quantity)', ['1', '0']],
    ['coalesce(max("line""s".price), 0) + 1', ['3.50', '1.00']],
    ['min("line""s".price)', ['1.00', null]],
    ['avg("line""s".price)', ['1.75', null]],
  ])('an aggregate of a related table by a compound key: %s', async (text, values) => {
    expect(await evaluate(text)).toEqual(values);
  });
});

describe('mapped fields in SQL', () => {
  it('have their declared type, and their default for null', async () => {
    expect(await field('total')).toEqual(['7.13', '0.50']);
    expect(await field('lines')).toEqual(['2', '0']);
    expect(await field('amount')).toEqual(['12.50', '1.25']);
  });

  it('are read as they are when nothing has to be done', () => {
    const key = order.fields.find(({ name }) => name === 'region');
    if (key === undefined) throw new Error('no field region');
    expect(render(mappedColumnSql(key, scope)).text).toBe('"t"."region"');
  });
});
