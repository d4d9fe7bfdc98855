import { DuckDBDecimalValue } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../../foundation/testing/temp-folder.ts';
import { sql, type LakeValue, type Sql } from '../../lake/sql.ts';
import { compileWireWriter } from '../../wire/to-wire.ts';
import { measureType } from '../question/measure-type.ts';
import type { FieldMeasureKind, Measure } from '../question/measure.ts';
import { openFilterLake, type FilterLake } from '../testing/filter-lake.ts';
import { measureSql, reproducibleMeasureSql } from './measure-sql.ts';

const domains = {
  shop: `
    type Thing @key(fields: "id") @table {
      id: ID!
      whole: Int
      big: BigInt
      exact: Decimal @column(type: "DECIMAL(38,2)")
      real: Float
      wild: Float
      measured: Float @column(type: "DECIMAL(18,2)")
      number: String @column(type: "BIGINT")
      text: String
      day: Date
    }
    type Query { thing(id: ID!): Thing }`,
};

const thing = [
  { id: 'T1', whole: 1, big: 2n ** 63n - 1n, real: 0.5, wild: 1e200, number: 9n, text: 'Z' },
  { id: 'T2', whole: 2, big: 2n ** 63n - 1n, real: 1.5, wild: Number.NaN, number: 10n, text: 'a' },
  { id: 'T3', whole: 2, big: null, real: null, wild: -1e200, number: null, text: 'ä' },
].map((row) => ({
  ...row,
  exact: new DuckDBDecimalValue(10n ** 30n + BigInt(row.whole), 38, 2),
  measured: new DuckDBDecimalValue(BigInt(row.whole), 18, 2),
}));

describe('figures of a group', () => {
  const directory = sharedTempFolder();
  let lake: FilterLake;
  beforeAll(async () => {
    lake = await openFilterLake({ directory, domains, rows: { shop: { thing } } });
  });
  afterAll(() => lake.close());

  function measureOf(kind: FieldMeasureKind | 'quantile', name: string, at = 0.25): Measure {
    const entity = lake.entity('Thing');
    const source = entity.fields.find(({ field }) => field.name === name);
    if (source === undefined) throw new Error(`There is no field ${name}`);
    const of = { via: [], entity, source };
    return kind === 'quantile' ? { kind, of, at } : { kind, of };
  }

  /** The figure as the driver gives it, and its type in DuckDB. */
  async function figure(measure: Measure, filter?: Sql): Promise<readonly LakeValue[]> {
    const source = lake.source('Thing');
    const value = measure.kind === 'count' ? undefined : source.field(measure.of);
    const made = measureSql(measure, value, filter);
    const { columns } = await lake.lake.read(
      sql`SELECT ${made}, typeof(${made}) FROM ${source.from()}`,
    );
    return columns.map(([first]) => first ?? null);
  }

  it.each([
    ['sum', 'whole', '5', 'DECIMAL(38,0)'],
    ['sum', 'big', '18446744073709551614', 'DECIMAL(38,0)'],
    ['sum', 'exact', '30000000000000000000000000000.05', 'DECIMAL(38,2)'],
    ['sum', 'real', 2, 'DOUBLE'],
    ['sum', 'measured', 0.05, 'DOUBLE'],
    ['avg', 'whole', 5 / 3, 'DOUBLE'],
    ['avg', 'measured', 0.05 / 3, 'DOUBLE'],
    ['median', 'whole', 2, 'DOUBLE'],
    ['median', 'real', 1, 'DOUBLE'],
    ['quantile', 'real', 0.75, 'DOUBLE'],
    ['stddev', 'real', Math.SQRT1_2, 'DOUBLE'],
    ['min', 'big', '9223372036854775807', 'BIGINT'],
    ['max', 'exact', '10000000000000000000000000000.02', 'DECIMAL(38,2)'],
    ['max', 'number', '9', 'VARCHAR'],
    ['min', 'number', '10', 'VARCHAR'],
    ['max', 'text', 'ä', 'VARCHAR'],
    ['min', 'day', null, 'DATE'],
    ['sum', 'whole', '5', 'DECIMAL(38,0)'],
    ['countDistinct', 'whole', 2, 'BIGINT'],
    ['countDistinct', 'big', 1, 'BIGINT'],
  ] as const)('the %s of %s is %s, a %s', async (kind, name, expected, type) => {
    const measure = measureOf(kind, name);
    const [value, actualType] = await figure(measure);
    const { sqlType, wireType } = measureType(measure);
    expect(actualType).toBe(type);
    expect(type.split('(')[0]).toBe(sqlType.kind);
    const written = compileWireWriter(wireType)(value, { decimals: 'string' });
    if (typeof expected === 'number') expect(written).toBeCloseTo(expected, 12);
    else expect(written).toBe(expected);
  });

  it('count rows, all or those of a filter', async () => {
    expect(await figure({ kind: 'count' })).toEqual([3n, 'BIGINT']);
    const isSecond = sql`"t"."id" = 'T2'`;
    expect(await figure({ kind: 'count' }, isSecond)).toEqual([1n, 'BIGINT']);
    expect(await figure(measureOf('stddev', 'real'), isSecond)).toEqual([null, 'DOUBLE']);
    expect(await figure(measureOf('stddev', 'wild'), isSecond)).toEqual([Number.NaN, 'DOUBLE']);
    expect((await figure(measureOf('max', 'whole'), sql`FALSE`))[0]).toBe(null);
  });

  it('follow each share of a quantile, though the statement is prepared once', async () => {
    for (const at of [0, 0.5, 1, 0.25])
      expect((await figure(measureOf('quantile', 'real', at)))[0]).toBe(0.5 + at);
  });

  it('have no deviation beyond all numbers, and no error either', async () => {
    expect((await figure(measureOf('stddev', 'wild')))[0]).toBe(Number.NaN);
  });

  it('by which rows are sorted are the same in whichever order the lake finds the values', async () => {
    const values = sql`SELECT i, sin(i) * pow(10, i % 17) AS v FROM range(50000) AS numbers(i)`;
    for (const kind of ['sum', 'avg', 'stddev'] as const) {
      const made = reproducibleMeasureSql(measureOf(kind, 'real'), sql`v`);
      const results = [];
      for (const order of [sql`i`, sql`i DESC`, sql`hash(i)`]) {
        const rows = sql`SELECT v FROM (${values}) ORDER BY ${order}`;
        const { columns } = await lake.lake.read(sql`SELECT ${made} FROM (${rows})`);
        results.push(columns[0]?.[0]);
      }
      expect(new Set(results).size).toBe(1);
      const plain = await lake.lake.read(
        sql`SELECT ${measureSql(measureOf(kind, 'real'), sql`v`)} FROM (${values})`,
      );
      const difference = Number(plain.columns[0]?.[0]) / Number(results[0]);
      expect(difference).toBeCloseTo(1, 9);
    }
  });

  it('by which rows are sorted pass over missing values, and are null over none', async () => {
    for (const kind of ['sum', 'avg', 'stddev'] as const) {
      const made = reproducibleMeasureSql(measureOf(kind, 'real'), sql`v`);
      const of = (rows: Sql) => lake.lake.read(sql`SELECT ${made} FROM (${rows})`);
      const two = sql`SELECT unnest([1.5::DOUBLE, NULL, 3.5]) AS v`;
      const expected = { sum: 5, avg: 2.5, stddev: Math.SQRT2 }[kind];
      expect(Number((await of(two)).columns[0]?.[0])).toBeCloseTo(expected, 12);
      const none = sql`SELECT NULL::DOUBLE AS v`;
      expect((await of(none)).columns[0]?.[0]).toBe(null);
    }
  });
});
