import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBTimestampTZValue,
} from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import type { WriteTransaction } from './engine.ts';
import { identifier, sql, value, type LakeValue } from './sql.ts';
import { openNumbersLake, openTempLake } from './testing/temp-lake.ts';

const count = sql`SELECT count(*) FROM number`;
const insert = (n: number) => sql`INSERT INTO number VALUES (${value(n)}, 'new')`;

describe('write', () => {
  it('gives what the job gives, once it is committed', async () => {
    const lake = await openNumbersLake(3);
    const changed = await lake.write(async (tx) => {
      expect(await tx.run(insert(3))).toBe(1);
      expect((await tx.read(count)).columns).toEqual([[4n]]);
      expect((await lake.read(count)).columns).toEqual([[3n]]);
      return tx.run(sql`UPDATE number SET label = 'same'`);
    });
    expect(changed).toBe(4);
    expect((await lake.read(count)).columns).toEqual([[4n]]);
  });

  it('gives rows that a statement returns', async () => {
    const lake = await openNumbersLake(3);
    const rows = await lake.write((tx) => tx.read(sql`${insert(7)} RETURNING n, label`));
    expect(rows).toEqual({ columnNames: ['n', 'label'], rowCount: 1, columns: [[7], ['new']] });
  });

  it('runs one job after the other, in the order of coming', async () => {
    const lake = await openNumbersLake(0);
    const order: string[] = [];
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        lake.write(async (tx) => {
          order.push(`begin ${n}`);
          const { columns } = await tx.read(count);
          expect(columns).toEqual([[BigInt(n)]]);
          await tx.run(insert(n));
          order.push(`end ${n}`);
        }),
      ),
    );
    expect(order).toEqual(Array.from({ length: 20 }, (_, n) => [`begin ${n}`, `end ${n}`]).flat());
  });

  it('runs the statements of a job in order though it does not await them', async () => {
    const lake = await openNumbersLake(0);
    await lake.write(async (tx) => {
      void tx.run(insert(1));
      void tx.run(sql`UPDATE number SET label = 'last' WHERE n = 1`);
      await Promise.all([tx.run(insert(2)), tx.read(count), tx.run(insert(3))]);
      void tx.run(insert(4));
    });
    const { columns } = await lake.read(sql`SELECT n, label FROM number ORDER BY n`);
    expect(columns).toEqual([
      [1, 2, 3, 4],
      ['last', 'new', 'new', 'new'],
    ]);
  });
});

describe('a transaction with a failed statement', () => {
  it('keeps nothing and rejects, also when the job swallows the error', async () => {
    const lake = await openNumbersLake(3);
    const job = lake.write(async (tx) => {
      await tx.run(insert(10));
      await tx.run(insert(1)).catch(() => undefined);
      return 'claims success';
    });
    await expect(job).rejects.toMatchObject({ code: 'LAKE_WRITE_FAILED' });
    await expect(job).rejects.toThrow('Duplicate key "n: 1"');
    expect((await lake.read(count)).columns).toEqual([[3n]]);
  });

  it('runs nothing more', async () => {
    const texts: string[] = [];
    const lake = await openNumbersLake(3, { onStatement: ({ text }) => texts.push(text) });
    const job = lake.write(async (tx) => {
      await tx.run(sql`SELECT ${identifier('nope')}`).catch(() => undefined);
      await tx.run(sql`DELETE FROM number`).catch(() => undefined);
    });
    await expect(job).rejects.toThrow('nope');
    expect(texts).not.toContain('DELETE FROM number');
  });

  it('rejects also when the job never awaited the statement', async () => {
    const lake = await openNumbersLake(3);
    const job = lake.write(async (tx) => {
      await tx.run(insert(10));
      void tx.run(insert(1));
    });
    await expect(job).rejects.toMatchObject({ code: 'LAKE_WRITE_FAILED' });
    expect((await lake.read(count)).columns).toEqual([[3n]]);
  });

  it('does not hurt the jobs before and after it', async () => {
    const lake = await openNumbersLake(0);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 9 }, (_, n) =>
        lake.write((tx) => tx.run(n % 3 === 1 ? insert(0) : insert(n))),
      ),
    );
    expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => n % 3 !== 1),
    );
    expect((await lake.read(sql`SELECT n FROM number ORDER BY n`)).columns).toEqual([
      [0, 2, 3, 5, 6, 8],
    ]);
  });
});

describe('a job', () => {
  it('that throws keeps nothing, and its own error comes back', async () => {
    const lake = await openNumbersLake(3);
    const own = new Error('changed my mind');
    const job = lake.write(async (tx) => {
      await tx.run(insert(10));
      throw own;
    });
    await expect(job).rejects.toBe(own);
    expect((await lake.read(count)).columns).toEqual([[3n]]);
  });

  it('cannot use its transaction when it is over', async () => {
    const lake = await openNumbersLake(3);
    let leaked: WriteTransaction | undefined;
    await lake.write(async (tx) => {
      leaked = tx;
      await tx.run(insert(10));
    });
    await expect(leaked?.run(insert(11))).rejects.toMatchObject({ code: 'LAKE_TRANSACTION_OVER' });
    expect((await lake.read(count)).columns).toEqual([[4n]]);
  });

  it('that ends its transaction by itself is refused, and the writer goes on', async () => {
    const lake = await openNumbersLake(3);
    const job = lake.write(async (tx) => {
      await tx.run(insert(10));
      await tx.run(sql`ROLLBACK`);
    });
    await expect(job).rejects.toMatchObject({ code: 'LAKE_COMMIT_FAILED' });
    await lake.write((tx) => tx.run(insert(11)));
    expect((await lake.read(count)).columns).toEqual([[4n]]);
  });

  it('that alters a table does not fail the next ones', async () => {
    const lake = await openNumbersLake(3);
    await Promise.all([
      lake.write((tx) => tx.run(insert(10))),
      lake.write((tx) => tx.run(sql`ALTER TABLE number ADD COLUMN extra INTEGER`)),
      lake.write((tx) => tx.run(sql`INSERT INTO number VALUES (11, 'x', 5)`)),
    ]);
    expect((await lake.read(sql`SELECT extra FROM number WHERE n > 9 ORDER BY n`)).columns).toEqual(
      [[null, 5]],
    );
  });
});

describe('append', () => {
  it('stores values of all types as they are, and NULL in columns that are not named', async () => {
    const lake = await openTempLake();
    const columns: Readonly<Record<string, readonly LakeValue[]>> = {
      id: ['a', 'ß\0💶', ''],
      whole: [1, -1, null],
      big: [2n ** 62n, null, -1n],
      ratio: [0.1, Number.NaN, null],
      price: [new DuckDBDecimalValue(1234n, 18, 2), null, new DuckDBDecimalValue(-1n, 18, 2)],
      yes: [true, false, null],
      at: [new DuckDBTimestampTZValue(1704060000123456n), null, new DuckDBTimestampTZValue(0n)],
      day: [new DuckDBDateValue(0), new DuckDBDateValue(-1), null],
      tags: [new DuckDBListValue(['x', null]), new DuckDBListValue([]), null],
    };
    await lake.write(async (tx) => {
      await tx.run(
        sql`CREATE TABLE every (unnamed VARCHAR, id VARCHAR, whole INTEGER, big BIGINT, ratio DOUBLE, price DECIMAL(18,2), yes BOOLEAN, "at" TIMESTAMPTZ, day DATE, tags VARCHAR[])`,
      );
      const reversed = Object.entries(columns).toReversed();
      await tx.append('main', 'every', {
        columnNames: reversed.map(([name]) => name),
        columns: reversed.map(([, values]) => values),
      });
    });
    const rows = await lake.read(sql`SELECT * FROM every`);
    expect(
      Object.fromEntries(rows.columnNames.map((name, index) => [name, rows.columns[index]])),
    ).toEqual({
      ...columns,
      unnamed: [null, null, null],
    });
  });

  it('stores more rows than a chunk has', async () => {
    const lake = await openNumbersLake(5000);
    expect((await lake.read(sql`SELECT count(*), max(n), max(label) FROM number`)).columns).toEqual(
      [[5000n], [4999], ['row 999']],
    );
  });

  it.each<[string, string, LakeValue]>([
    ['a string for a BOOLEAN', 'BOOLEAN', 'false'],
    ['a string for a DOUBLE', 'DOUBLE', 'abc'],
    ['a decimal of another scale', 'DECIMAL', new DuckDBDecimalValue(12345n, 18, 3)],
    ['a decimal with too many digits', 'DECIMAL', new DuckDBDecimalValue(10n ** 18n, 18, 2)],
    ['a number for a BIGINT', 'BIGINT', 5],
    ['a fraction for an INTEGER', 'INTEGER', 1.5],
    ['a number for a VARCHAR', 'VARCHAR', 5],
  ])('refuses %s', async (_, column, wrong) => {
    const lake = await openTempLake();
    await lake.write((tx) =>
      tx.run(
        sql`CREATE TABLE typed ("BOOLEAN" BOOLEAN, "DOUBLE" DOUBLE, "DECIMAL" DECIMAL(18,2), "BIGINT" BIGINT, "INTEGER" INTEGER, "VARCHAR" VARCHAR)`,
      ),
    );
    const job = lake.write((tx) =>
      tx.append('main', 'typed', { columnNames: [column], columns: [[wrong]] }),
    );
    await expect(job).rejects.toMatchObject({ code: 'LAKE_WRITE_FAILED' });
    expect((await lake.read(sql`SELECT * FROM typed`)).rowCount).toBe(0);
  });

  it('with a key that is there already keeps nothing, also when the job swallows the error', async () => {
    const lake = await openNumbersLake(3);
    const job = lake.write(async (tx) => {
      await tx.run(insert(10));
      await tx
        .append('main', 'number', { columnNames: ['n'], columns: [[11, 12, 1]] })
        .catch(() => undefined);
    });
    await expect(job).rejects.toMatchObject({ code: 'LAKE_WRITE_FAILED' });
    expect((await lake.read(count)).columns).toEqual([[3n]]);
    await lake.write((tx) => tx.append('main', 'number', { columnNames: ['n'], columns: [[20]] }));
    expect((await lake.read(count)).columns).toEqual([[4n]]);
  });

  it('names the nearest column for one that there is not, and refuses ragged columns', async () => {
    const lake = await openNumbersLake(3);
    const misspelt = lake.write((tx) =>
      tx.append('main', 'number', { columnNames: ['lable'], columns: [['x']] }),
    );
    await expect(misspelt).rejects.toThrow('there is no column "lable". Did you mean "label"?');
    const ragged = lake.write((tx) =>
      tx.append('main', 'number', { columnNames: ['n', 'label'], columns: [[5, 6], ['x']] }),
    );
    await expect(ragged).rejects.toMatchObject({ code: 'LAKE_APPEND_INVALID' });
  });
});
