import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Lake } from './engine.ts';
import { literal, sql, value } from './sql.ts';
import { endless, openNumbersLake } from './testing/temp-lake.ts';

const rowCount = 20_000;
const options = { threads: 4, threadPoolSize: 6 };

describe('helper threads', () => {
  it('go when only rows of known keys are asked for, and come for what reads whole tables', async () => {
    const lake = await openNumbersLake(rowCount, options);
    expect(lake.hasHelperThreads).toBe(true);
    await askUntilAlone(lake);
    expect((await sum(lake)).columns).toEqual([[(rowCount * (rowCount - 1)) / 2]]);
    expect(lake.hasHelperThreads).toBe(true);
    await askUntilAlone(lake);
  });

  it('come for a transaction that may be large, and stay away for a small one', async () => {
    const lake = await openNumbersLake(rowCount, options);
    await askUntilAlone(lake);
    const add = sql`INSERT INTO number VALUES (-1, 'small')`;
    await lake.write((tx) => tx.run(add), undefined, 'small');
    expect(lake.hasHelperThreads).toBe(false);
    await lake.write((tx) => tx.run(sql`CREATE TABLE copy AS FROM number ORDER BY label`));
    expect(lake.hasHelperThreads).toBe(true);
    expect((await lake.read(sql`SELECT count(*) FROM copy`)).columns).toEqual([
      [BigInt(rowCount + 1)],
    ]);
  });

  it('are not waited for long where a look-up does not end', async () => {
    const lake = await openNumbersLake(rowCount, options);
    await askUntilAlone(lake);
    const controller = new AbortController();
    const stuck = lake
      .read(endless, { signal: controller.signal })
      .catch((error: unknown) => error);
    const [rows] = await Promise.all([sum(lake), point(lake, 3)]);
    expect(rows.rowCount).toBe(1);
    expect(lake.hasHelperThreads).toBe(false);
    controller.abort();
    expect(await stuck).toMatchObject({ code: 'LAKE_CANCELLED' });
  });

  it('are nowhere when a statement may use one thread', async () => {
    const lake = await openNumbersLake(10, { ...options, threads: 1 });
    await sum(lake);
    expect(lake.hasHelperThreads).toBe(false);
  });

  it('come and go among questions, streams and transactions that sort, and every answer is right', async () => {
    const lake = await openNumbersLake(rowCount, options);
    const until = performance.now() + 6_000;
    let changes = 0;
    let wasThere = lake.hasHelperThreads;
    const watch = async (work: () => Promise<unknown>, pauseMs: number): Promise<void> => {
      while (performance.now() < until) {
        await work();
        if (lake.hasHelperThreads !== wasThere) changes++;
        wasThere = lake.hasHelperThreads;
        await setTimeout(pauseMs);
      }
    };
    let next = 0;
    let table = 0;
    await Promise.all([
      ...Array.from({ length: 6 }, () => watch(() => point(lake, next++ % rowCount), 0)),
      watch(async () => expect((await sum(lake)).rowCount).toBe(1), 700),
      watch(() => drain(lake), 900),
      watch(
        () =>
          lake.write((tx) =>
            tx.run(
              sql`CREATE OR REPLACE TABLE sorted AS SELECT n, label || ${literal(table++)} AS l FROM number ORDER BY l`,
            ),
          ),
        1_100,
      ),
      watch(() => changeOneRow(lake), 5),
    ]);
    expect(changes).toBeGreaterThan(4);
  }, 30_000);
});

async function askUntilAlone(lake: Lake): Promise<void> {
  for (let asked = 0; lake.hasHelperThreads; asked++) {
    await point(lake, asked % rowCount);
    await setTimeout(10);
  }
}

async function point(lake: Lake, n: number): Promise<void> {
  const { columns } = await lake.read(sql`SELECT n FROM number WHERE n = ${value(n)}`);
  expect(columns).toEqual([[n]]);
}

function sum(lake: Lake): ReturnType<Lake['read']> {
  return lake.read(sql`SELECT CAST(sum(n) AS INTEGER) FROM number WHERE n >= 0`, { lane: 'scan' });
}

async function drain(lake: Lake): Promise<void> {
  let seen = 0;
  for await (const { rowCount: count } of lake.stream(sql`SELECT n FROM number`)) seen += count;
  expect(seen).toBe(rowCount);
}

function changeOneRow(lake: Lake): Promise<unknown> {
  const change = sql`UPDATE number SET label = 'changed' WHERE n = 7`;
  return lake.write((tx) => tx.run(change), undefined, 'small');
}
