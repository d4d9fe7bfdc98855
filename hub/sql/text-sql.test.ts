import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampTZValue,
  listValue,
} from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { identifier, sql, type LakeValue } from '../../lake/sql.ts';
import { openTempLake } from '../../lake/testing/temp-lake.ts';
import type { SqlType } from '../../mapping/model.ts';
import { compileWireWriter } from '../../wire/to-wire.ts';
import { boundValue } from './bound-value.ts';
import { textSql } from './text-sql.ts';

const writeText = compileWireWriter({ kind: 'string' });
const powers = Array.from({ length: 60 }, (_, index) => index - 30);

function sample<Value>(arbitrary: fc.Arbitrary<Value>): readonly Value[] {
  return fc.sample(arbitrary, { seed: 1, numRuns: 500 });
}

function decimals(precision: number, scale: number): readonly LakeValue[] {
  const limit = 10n ** BigInt(precision) - 1n;
  return [0n, 5n, -5n, limit, -limit, ...sample(fc.bigInt({ min: -limit, max: limit }))].map(
    (unscaled) => new DuckDBDecimalValue(unscaled, precision, scale),
  );
}

const cases: readonly { readonly type: SqlType; readonly values: readonly LakeValue[] }[] = [
  { type: { kind: 'VARCHAR' }, values: ['', 'a', '慕容', "'"] },
  { type: { kind: 'INTEGER' }, values: [0, -1, 2_147_483_647] },
  { type: { kind: 'BIGINT' }, values: [0n, -9_223_372_036_854_775_808n] },
  { type: { kind: 'BOOLEAN' }, values: [true, false] },
  { type: { kind: 'DECIMAL', precision: 10, scale: 2 }, values: decimals(10, 2) },
  { type: { kind: 'DECIMAL', precision: 4, scale: 4 }, values: decimals(4, 4) },
  { type: { kind: 'DECIMAL', precision: 5, scale: 0 }, values: decimals(5, 0) },
  { type: { kind: 'DECIMAL', precision: 38, scale: 38 }, values: decimals(38, 38) },
  {
    type: { kind: 'DOUBLE' },
    values: [
      ...[0.1, -0, 0, 1, -1, 123.456, 5e-324, 1.797_693_134_862_315_7e308, 2 ** 53],
      ...powers.flatMap((power) =>
        [1, -1, 1.5, 9.999_999, -1.234_567].map((digits) => Number(`${digits}e${power}`)),
      ),
      ...sample(fc.double({ noNaN: true, noDefaultInfinity: true })),
      ...sample(fc.double({ noNaN: true, min: -1e22, max: 1e22 })),
      ...sample(fc.double({ noNaN: true, min: -1e-3, max: 1e-3 })),
      ...sample(fc.maxSafeInteger()),
    ],
  },
  {
    type: { kind: 'DATE' },
    values: sample(fc.integer({ min: -719_162, max: 2_932_896 })).map(
      (day) => new DuckDBDateValue(day),
    ),
  },
  {
    type: { kind: 'TIMESTAMPTZ' },
    values: [
      0n,
      1n,
      -1n,
      1_000n,
      120_000n,
      -1_000_000n,
      ...sample(fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n })),
    ].map((micros) => new DuckDBTimestampTZValue(micros)),
  },
];

it.each(cases)('a text of $type is the one that an answer shows', async ({ type, values }) => {
  const lake = await openTempLake();
  const list = boundValue(listValue([...values]), { kind: 'LIST', of: type });
  const { columns } = await lake.read(
    sql`SELECT ${textSql(identifier('t', 'v'), type)} FROM (SELECT unnest(${list}) AS v) AS t`,
  );
  expect(columns[0]).toEqual(values.map((value) => writeText(value, { decimals: 'number' })));
});
