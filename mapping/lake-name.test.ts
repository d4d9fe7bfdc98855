import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { checkLakeName, foldCase } from './lake-name.ts';
import { errorOf } from './testing/inline-domain.ts';

const at = { file: 'schema.graphql' };

it.each(['order', 'two words', 'say "hi"', "it's", 'Größe', '客户', 'a;b--', '1st', '.'])(
  'lets a table or column be called %s',
  (name) => {
    expect(checkLakeName(name, 'Order.total', at)).toBe(name);
  },
);

it.each([
  ['', 'it is empty'],
  ['  ', 'it is empty'],
  ['a\0b', 'cannot be printed'],
  ['a\nb', 'cannot be printed'],
  ['\ud800', 'cannot be printed'],
  ['x'.repeat(201), 'more than 200 characters'],
  ['_seq', 'rows are numbered'],
  ['_SEQ', 'rows are numbered'],
])('refuses the name %j', (name, problem) => {
  const error = errorOf(() => checkLakeName(name, 'Order.total', at));
  expect(error.code).toBe('MAPPING_NAME_INVALID');
  expect(error.message).toContain(problem);
});

it('takes two spellings for one name exactly where DuckDB does', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    for (const [first, second] of [
      ['Id', 'ID'],
      ['É', 'é'],
      ['straße', 'STRASSE'],
      ['ı', 'I'],
      ['K', 'k'],
    ] as const) {
      const created = connection.run(
        `CREATE OR REPLACE TABLE t ("${first}" INTEGER, "${second}" INTEGER)`,
      );
      const isOne = await created.then(
        () => false,
        () => true,
      );
      expect([first, second, foldCase(first) === foldCase(second)]).toEqual([first, second, isOne]);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
});
