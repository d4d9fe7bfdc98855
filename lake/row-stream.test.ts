import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Lake } from './engine.ts';
import type { Rows } from './rows.ts';
import { hasOpen } from './running-process.ts';
import { sql } from './sql.ts';
import { endless, openNumbersLake } from './testing/temp-lake.ts';

const all = sql`SELECT n FROM number ORDER BY n`;
const rowCount = 20_000;

describe('stream', () => {
  it('gives all rows in parts', async () => {
    const lake = await openNumbersLake(rowCount);
    const parts = await collect(lake.stream(all));
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.flatMap(({ columns }) => columns[0])).toEqual(range(rowCount));
    expect(parts[0]?.columnNames).toEqual(['n']);
  });

  it('is not cut short by queries that are asked meanwhile', async () => {
    const lake = await openNumbersLake(rowCount, { threadPoolSize: 4 });
    const numbers: unknown[] = [];
    for await (const { columns } of lake.stream(all)) {
      numbers.push(...(columns[0] ?? []));
      const answers = await Promise.all([1, 2, 3].map(() => lake.read(sql`SELECT 42`)));
      expect(answers.map((rows) => rows.columns)).toEqual([[[42]], [[42]], [[42]]]);
    }
    expect(numbers).toEqual(range(rowCount));
  });

  it('gives its connection back when the consumer leaves', async () => {
    const lake = await openNumbersLake(rowCount, { threadPoolSize: 4 });
    for (let round = 0; round < 5; round++) {
      for await (const { rowCount: count } of lake.stream(all)) {
        expect(count).toBeGreaterThan(0);
        break;
      }
    }
    expect((await lake.read(all, { lane: 'scan' })).rowCount).toBe(rowCount);
  });

  it('is interrupted at the deadline while it computes', async () => {
    const lake = await openNumbersLake(10, { threadPoolSize: 4 });
    await expect(collect(lake.stream(endless, { timeoutMs: 40 }))).rejects.toMatchObject({
      code: 'LAKE_TIMEOUT',
    });
    expect((await lake.read(sql`SELECT 42`, { lane: 'scan' })).columns).toEqual([[42]]);
  });

  it('gives its connection back at the deadline though the consumer stalls, who is told so', async () => {
    const lake = await openNumbersLake(rowCount, { threadPoolSize: 4 });
    const stream = lake.stream(all, { timeoutMs: 500 });
    expect((await stream.next()).done).toBe(false);
    // The only connection for scans is taken until then.
    expect((await lake.read(all, { lane: 'scan' })).rowCount).toBe(rowCount);
    await expect(stream.next()).rejects.toMatchObject({ code: 'LAKE_TIMEOUT' });
  });

  it('ends with the caller', async () => {
    const lake = await openNumbersLake(rowCount);
    const controller = new AbortController();
    const stream = lake.stream(all, { signal: controller.signal });
    await stream.next();
    controller.abort();
    await expect(stream.next()).rejects.toMatchObject({ code: 'LAKE_CANCELLED' });
  });

  it('refuses a statement that writes', async () => {
    const lake = await openNumbersLake(10);
    await expect(collect(lake.stream(sql`DELETE FROM number`))).rejects.toMatchObject({
      code: 'LAKE_READ_ONLY',
    });
  });

  it('tells of an error in the middle of the rows', async () => {
    const lake = await openNumbersLake(rowCount);
    const failing = sql`SELECT CAST(CASE WHEN n = 19999 THEN 'x' ELSE '1' END AS INTEGER) FROM number`;
    await expect(collect(lake.stream(failing))).rejects.toMatchObject({
      code: 'LAKE_QUERY_FAILED',
    });
    expect((await lake.read(sql`SELECT 42`, { lane: 'scan' })).columns).toEqual([[42]]);
  });

  it('that was left lets go of the file when the lake is closed', async () => {
    const lake = await openNumbersLake(rowCount);
    const stalled = lake.stream(all, { timeoutMs: 50 });
    await stalled.next();
    for await (const _ of lake.stream(all)) break;
    await setTimeout(60);
    await lake.close();
    expect(hasOpen(join(lake.directory, 'lake.duckdb'))).toBe(false);
    await expect(stalled.next()).rejects.toMatchObject({ code: 'LAKE_TIMEOUT' });
  });

  it('holds up closing until its deadline at most', async () => {
    const lake: Lake = await openNumbersLake(rowCount);
    const stalled = lake.stream(all, { timeoutMs: 50 });
    await stalled.next();
    await lake.close();
    await expect(stalled.next()).rejects.toMatchObject({ code: 'LAKE_TIMEOUT' });
  });
});

async function collect(stream: AsyncIterable<Rows>): Promise<readonly Rows[]> {
  const parts: Rows[] = [];
  for await (const rows of stream) parts.push(rows);
  return parts;
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, n) => n);
}
