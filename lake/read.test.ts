import {
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBTimestampTZValue,
  DuckDBDateValue,
} from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { systemClock, type Clock } from '../foundation/clock.ts';
import type { StatementRecord } from './read.ts';
import {
  identifier,
  literal,
  sql,
  table,
  toStatement,
  value,
  type LakeValue,
  type Sql,
} from './sql.ts';
import { endless, openNumbersLake, openTempLake } from './testing/temp-lake.ts';

const answer = [[42]];
const select42 = sql`SELECT 42`;

describe('read', () => {
  it('gives columns of driver values, exactly', async () => {
    const lake = await openTempLake();
    const rows = await lake.read(sql`
      SELECT 9223372036854775807 AS big, 12345678901234567.89::DECIMAL(19,2) AS price, DATE '2024-02-29' AS day,
        TIMESTAMPTZ '2024-01-01 00:00:00.123456+02' AS moment, ['a', NULL] AS tags, NULL AS nothing, 1.5::DOUBLE AS ratio`);
    expect(rows).toEqual({
      columnNames: ['big', 'price', 'day', 'moment', 'tags', 'nothing', 'ratio'],
      rowCount: 1,
      columns: [
        [9223372036854775807n],
        [new DuckDBDecimalValue(1234567890123456789n, 19, 2)],
        [new DuckDBDateValue(19782)],
        [new DuckDBTimestampTZValue(1704060000123456n)],
        [new DuckDBListValue(['a', null])],
        [null],
        [1.5],
      ],
    });
  });

  it('gives all rows of a result of many chunks, and the columns of one without rows', async () => {
    const lake = await openNumbersLake(5000);
    const all = await lake.read(sql`SELECT n, label FROM number ORDER BY n`);
    expect(all.rowCount).toBe(5000);
    expect(all.columns[0]).toEqual(Array.from({ length: 5000 }, (_, n) => n));
    expect(all.columns[1]?.at(-1)).toBe('row 4999');
    expect(await lake.read(sql`SELECT n, label FROM number WHERE n < 0`)).toEqual({
      columnNames: ['n', 'label'],
      rowCount: 0,
      columns: [[], []],
    });
  });

  it.each<[string, LakeValue, Sql]>([
    ['a list that begins with null', new DuckDBListValue([null, 'a']), sql`VARCHAR[]`],
    ['an empty list', new DuckDBListValue([]), sql`VARCHAR[]`],
    ['a list of whole and other numbers', new DuckDBListValue([1, 2.5]), sql`DOUBLE[]`],
    ['a list of bigints', new DuckDBListValue([1n, 2n ** 62n]), sql`BIGINT[]`],
    [
      'a list of lists',
      new DuckDBListValue([new DuckDBListValue([]), new DuckDBListValue(['x'])]),
      sql`VARCHAR[][]`,
    ],
    ['a bigint beyond 64 bits', 2n ** 100n, sql`HUGEINT`],
    ['a safe integer beyond 32 bits', 2 ** 40, sql`DOUBLE`],
    ['a decimal', new DuckDBDecimalValue(-5n, 18, 2), sql`DECIMAL(18,2)`],
    ['a time', new DuckDBTimestampTZValue(-1n), sql`TIMESTAMPTZ`],
  ])('passes %s as it is', async (_, original, type) => {
    const lake = await openTempLake();
    const { columns } = await lake.read(sql`SELECT CAST(${value(original)} AS ${type})`);
    expect(columns).toEqual([[original]]);
  });

  it('binds a bigint as BIGINT, so that it compares without a cast', async () => {
    const lake = await openTempLake();
    expect((await lake.read(sql`SELECT typeof(${value(5n)})`)).columns).toEqual([['BIGINT']]);
  });

  it('gives each of many concurrent queries its own rows', async () => {
    const lake = await openNumbersLake(2000, { threadPoolSize: 8 });
    const questions = Array.from({ length: 200 }, (_, n) =>
      lake.read(sql`SELECT label FROM number WHERE n = ${value(n)}`, {
        lane: n % 3 === 0 ? 'scan' : 'point',
      }),
    );
    const labels = (await Promise.all(questions)).map(({ columns }) => columns[0]?.[0]);
    expect(labels).toEqual(Array.from({ length: 200 }, (_, n) => `row ${n}`));
  });

  it('follows a table that changes under a prepared statement', async () => {
    const lake = await openNumbersLake(3);
    const all = sql`SELECT * FROM number WHERE n = ${value(1)}`;
    expect((await lake.read(all)).columnNames).toEqual(['n', 'label']);
    await lake.write((tx) => tx.run(sql`ALTER TABLE number ADD COLUMN extra INTEGER`));
    expect(await lake.read(all)).toMatchObject({
      columnNames: ['n', 'label', 'extra'],
      columns: [[1], ['row 1'], [null]],
    });
  });

  it('outlives more statements than it keeps prepared', async () => {
    const lake = await openTempLake();
    for (let n = 0; n < 600; n++) {
      expect((await lake.read(sql`SELECT ${literal(n)}`)).columns).toEqual([[n]]);
    }
  });

  it('says what was wrong with a statement, and goes on', async () => {
    const lake = await openTempLake();
    await expect(lake.read(sql`SELECT ${identifier('nope')}`)).rejects.toMatchObject({
      code: 'LAKE_QUERY_FAILED',
      hint: 'The statement was: SELECT "nope"',
      isShownToClients: false,
    });
    await expect(lake.read(sql`SELECT CAST(${value('x')} AS INTEGER)`)).rejects.toMatchObject({
      code: 'LAKE_QUERY_FAILED',
    });
    expect((await lake.read(select42)).columns).toEqual(answer);
  });
});

describe('read, asked to write', () => {
  it.each<[string, Sql]>([
    ['INSERT', sql`INSERT INTO number VALUES (9, 'nine')`],
    ['INSERT RETURNING', sql`INSERT INTO number VALUES (9, 'nine') RETURNING n`],
    ['UPDATE', sql`UPDATE number SET label = ''`],
    ['DELETE', sql`DELETE FROM number`],
    ['ALTER', sql`ALTER TABLE number ADD COLUMN extra INTEGER`],
    ['DROP', sql`DROP TABLE number`],
    ['CREATE', sql`CREATE TABLE other (a INTEGER)`],
    ['ATTACH', sql`ATTACH ':memory:' AS other`],
    ['COPY', sql`COPY number TO '/dev/null'`],
    ['SET', sql`SET threads = 1`],
    ['BEGIN', sql`BEGIN`],
    ['CHECKPOINT', sql`CHECKPOINT`],
    ['EXPLAIN ANALYZE, which runs it', sql`EXPLAIN ANALYZE DELETE FROM number`],
  ])('refuses %s', async (_, statement) => {
    const lake = await openNumbersLake(3);
    await expect(lake.read(statement)).rejects.toMatchObject({ code: 'LAKE_READ_ONLY' });
    const { columns, columnNames } = await lake.read(sql`SELECT * FROM ${table('main', 'number')}`);
    expect([columnNames, columns[0]]).toEqual([
      ['n', 'label'],
      [0, 1, 2],
    ]);
  });

  it('refuses a second statement behind a SELECT', async () => {
    const lake = await openNumbersLake(3);
    await expect(lake.read(sql`SELECT 1; DELETE FROM number`)).rejects.toMatchObject({
      code: 'LAKE_QUERY_FAILED',
    });
    expect((await lake.read(sql`SELECT n FROM number`)).rowCount).toBe(3);
  });
});

describe('giving up', () => {
  it('a running query interrupts it, and its connection answers rightly afterwards', async () => {
    const lake = await openTempLake({ threadPoolSize: 4 });
    for (let round = 0; round < 3; round++) {
      const controller = new AbortController();
      const running = [1, 2].map(() => lake.read(endless, { signal: controller.signal }));
      setTimeout(() => controller.abort(), 30);
      const outcomes = await Promise.allSettled(running);
      const cancelled = { status: 'rejected', reason: { code: 'LAKE_CANCELLED', status: 499 } };
      expect(outcomes).toMatchObject([cancelled, cancelled]);
      const after = await Promise.all([1, 2, 3, 4].map(() => lake.read(select42)));
      expect(after.map(({ columns }) => columns)).toEqual([answer, answer, answer, answer]);
    }
  });

  it('a query in the moment in which it starts interrupts it as well', async () => {
    const lake = await openTempLake();
    const controller = new AbortController();
    const read = lake.read(endless, { signal: controller.signal });
    queueMicrotask(() => controller.abort());
    await expect(read).rejects.toMatchObject({ code: 'LAKE_CANCELLED' });
    expect((await lake.read(select42)).columns).toEqual(answer);
  });

  it('comes with the deadline', async () => {
    const lake = await openTempLake();
    await expect(lake.read(endless, { timeoutMs: 40 })).rejects.toMatchObject({
      code: 'LAKE_TIMEOUT',
      message: 'The question took longer than 40 ms and was stopped.',
      isShownToClients: true,
    });
    expect((await lake.read(select42)).columns).toEqual(answer);
  });

  it('what waits never reaches a connection', async () => {
    const texts: string[] = [];
    const lake = await openTempLake({
      threadPoolSize: 4,
      onStatement: ({ text }) => texts.push(text),
    });
    const busy = new AbortController();
    const running = [1, 2].map(() => lake.read(endless, { signal: busy.signal }));
    const controller = new AbortController();
    const waiting = lake.read(sql`SELECT 'waited'`, { signal: controller.signal });
    const late = lake.read(sql`SELECT 'late'`, { timeoutMs: 30 });
    controller.abort(new Error('the caller went away'));
    await expect(waiting).rejects.toMatchObject({
      code: 'LAKE_CANCELLED',
      cause: new Error('the caller went away'),
    });
    await expect(late).rejects.toMatchObject({ code: 'LAKE_TIMEOUT' });
    busy.abort();
    await Promise.allSettled(running);
    await lake.read(select42);
    expect(texts).not.toContain(`SELECT 'waited'`);
    expect(texts).not.toContain(`SELECT 'late'`);
  });

  it('before asking asks nothing', async () => {
    const lake = await openTempLake();
    const read = lake.read(select42, { signal: AbortSignal.abort() });
    await expect(read).rejects.toMatchObject({ code: 'LAKE_CANCELLED' });
  });
});

describe('a statement that needs more memory than there is', () => {
  it('says so to who asked, and the next one is answered', async () => {
    const lake = await openTempLake({ memoryLimit: '64MB' });
    const greedy = sql`SELECT list(i) FROM range(100000000) AS r(i)`;
    await expect(lake.read(greedy, { lane: 'scan' })).rejects.toMatchObject({
      code: 'LAKE_OUT_OF_MEMORY',
      isShownToClients: true,
    });
    expect((await lake.read(select42)).columns).toEqual(answer);
  });
});

describe('a traced statement', () => {
  it('is told of with the time that it waited and ran', async () => {
    const lake = await openNumbersLake(10);
    const records: StatementRecord[] = [];
    const trace = {
      clock: steppingClock(),
      add: (record: StatementRecord) => records.push(record),
    };
    const statement = sql`SELECT label FROM number WHERE n < ${value(4)}`;
    await lake.read(statement, { lane: 'scan', trace });
    expect(records).toEqual([
      {
        statement: toStatement(statement),
        lane: 'scan',
        rowsReturned: 4,
        askers: 1,
        waitedMs: 1,
        ranMs: 1,
      },
    ]);
  });

  it('is told of also when it was given up, while it ran or while it waited', async () => {
    const lake = await openTempLake({ threadPoolSize: 4 });
    const records: StatementRecord[] = [];
    const trace = {
      clock: steppingClock(),
      add: (record: StatementRecord) => records.push(record),
    };
    await expect(lake.read(endless, { timeoutMs: 30, trace })).rejects.toThrow();
    const busy = [1, 2].map(() => lake.read(endless, { timeoutMs: 200 }).catch(() => undefined));
    await expect(lake.read(select42, { timeoutMs: 30, trace })).rejects.toThrow();
    await Promise.all(busy);
    expect(records).toMatchObject([
      { rowsReturned: undefined, failure: 'LAKE_TIMEOUT', waitedMs: 1, ranMs: 1 },
      { rowsReturned: undefined, failure: 'LAKE_TIMEOUT', waitedMs: 1, ranMs: 0 },
    ]);
  });
});

/** A millisecond passes whenever somebody looks. */
function steppingClock(): Clock {
  let nowMs = 0;
  return { ...systemClock, monotonicMs: () => nowMs++ };
}

describe('lanes', () => {
  it.each([4, 5])(
    'let points through while four scans run, with %i threads',
    async (threadPoolSize) => {
      const lake = await openNumbersLake(10, { threadPoolSize });
      const controller = new AbortController();
      const ended: string[] = [];
      const scans = Array.from({ length: 4 }, async () => {
        await lake
          .read(endless, { lane: 'scan', signal: controller.signal })
          .catch(() => undefined);
        ended.push('scan');
      });
      for (let n = 0; n < 10; n++) {
        await lake.read(sql`SELECT label FROM number WHERE n = ${value(n)}`);
        ended.push('point');
      }
      controller.abort();
      await Promise.all(scans);
      expect(ended).toEqual([...Array<string>(10).fill('point'), ...Array<string>(4).fill('scan')]);
    },
  );

  it('serve who waits in the order of coming', async () => {
    const lake = await openTempLake({ threadPoolSize: 4 });
    const controller = new AbortController();
    const running = [1, 2].map(() =>
      lake.read(endless, { signal: controller.signal }).catch(() => undefined),
    );
    const order: number[] = [];
    const waiting = [0, 1, 2, 3].map(async (n) => {
      await lake.read(sql`SELECT ${value(n)}`, { lane: 'scan' });
      order.push(n);
    });
    controller.abort();
    await Promise.all([...running, ...waiting]);
    expect(order).toEqual([0, 1, 2, 3]);
  });
});

describe('a statement that is asked again after rows have come', () => {
  it('sees them, whether it has parameters or not', async () => {
    const lake = await openNumbersLake(10, { threadPoolSize: 4 });
    const groups = sql`SELECT n, count(*) FROM number GROUP BY n ORDER BY n DESC LIMIT 1`;
    const beyond = sql`SELECT count(*) FROM number WHERE n > 50`;
    const byParameter = sql`SELECT count(*) FROM number WHERE n > ${value(50)}`;
    const ask = async (statement: Sql): Promise<unknown> => (await lake.read(statement)).columns[0];
    for (const statement of [groups, beyond, byParameter])
      for (let turn = 0; turn < 8; turn++) await ask(statement);
    await lake.write((tx) =>
      tx.run(sql`INSERT INTO number SELECT 100 + i, 'more ' || i FROM range(1000) AS r(i)`),
    );
    for (let turn = 0; turn < 8; turn++) {
      expect(await ask(groups)).toEqual([1099]);
      expect(await ask(beyond)).toEqual([1000n]);
      expect(await ask(byParameter)).toEqual([1000n]);
    }
  });
});
