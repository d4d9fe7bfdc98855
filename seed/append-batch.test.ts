import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { appendBatch, ChunkFiller } from './append-batch.ts';
import type { SeedBatch, SeedColumn } from './tables.ts';

let instance: DuckDBInstance;

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
});

afterAll(() => instance.closeSync());

const values: SeedBatch = {
  schema: 'main',
  table: 'values',
  rowCount: 3,
  columns: {
    text: ['Zoë "Z" O\u2019Neil, 李', '', null],
    money: [-1, 999_999_999_999_999, null],
    day: [-1, 20_634, null],
    moment: [
      { epochMicros: 1_700_000_000_123_456, offsetMinutes: 345 },
      { epochMicros: 0, offsetMinutes: 0 },
      null,
    ],
    number: [2_147_483_647, 0, null],
  },
};

it('appends every type exactly, in the order of the table, and NULL where the batch has no column', async () => {
  const rows = await load(values, [
    { name: 'number', sqlType: 'INTEGER' },
    { name: 'day', sqlType: 'DATE' },
    { name: 'extra', sqlType: 'VARCHAR' },
    { name: 'moment', sqlType: 'TIMESTAMPTZ' },
    { name: 'money', sqlType: 'DECIMAL(18,2)' },
    { name: 'text', sqlType: 'VARCHAR' },
  ]);
  expect(rows).toEqual([
    ['2147483647', '1969-12-31', null, '1700000000123456', '-0.01', 'Zoë "Z" O\u2019Neil, 李'],
    ['0', '2026-06-30', null, '0', '9999999999999.99', ''],
    [null, null, null, null, null, null],
  ]);
});

it('splits a batch that is larger than a data chunk, and leaves nothing of an earlier chunk behind', async () => {
  const rowCount = 2048 * 2 + 5;
  const texts = Array.from({ length: rowCount }, (_, index) =>
    index % 3 === 0 ? null : `text number ${index}`,
  );
  const rows = await load({ schema: 'main', table: 'values', rowCount, columns: { text: texts } }, [
    { name: 'text', sqlType: 'VARCHAR' },
  ]);
  expect(rows.map(([text]) => text)).toEqual(texts);
});

async function load(batch: SeedBatch, columns: readonly SeedColumn[]) {
  const connection = await instance.connect();
  const definitions = columns.map(({ name, sqlType }) => `"${name}" ${sqlType}`).join(', ');
  await connection.run(`CREATE OR REPLACE TABLE "values" (${definitions})`);
  const appender = await connection.createAppender('values');
  appendBatch(appender, batch, new ChunkFiller(columns));
  appender.closeSync();
  const outputs = columns.map(({ name, sqlType }) =>
    sqlType === 'TIMESTAMPTZ' ? `epoch_us("${name}")::VARCHAR` : `"${name}"::VARCHAR`,
  );
  const reader = await connection.runAndReadAll(`SELECT ${outputs.join(', ')} FROM "values"`);
  connection.closeSync();
  return reader.getRows();
}
