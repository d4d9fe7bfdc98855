import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkpointBytesFor } from './checkpoint.ts';
import type { Lake } from './engine.ts';
import { walFileOf } from './lake-file.ts';
import { sql, value } from './sql.ts';
import { openNumbersLake } from './testing/temp-lake.ts';

const thresholdBytes = 20_000;
const all = sql`SELECT n, label FROM number`;

describe('a checkpoint', () => {
  it('follows the commit that makes the log too large, and no smaller one', async () => {
    const lake = await openNumbersLake(10, { checkpointBytes: thresholdBytes });
    await fillLog(lake, 100);
    expect(walBytes(lake)).toBeGreaterThan(0);
    let largest = 0;
    for (let round = 0; round < 100; round++) {
      await fillLog(lake, 1000);
      largest = Math.max(largest, walBytes(lake));
    }
    await settle(lake);
    expect(walBytes(lake)).toBeLessThan(thresholdBytes);
    expect(largest).toBeLessThan(thresholdBytes + 5000);
  });

  it('waits for a stream that still sees what was changed, and comes when it ends', async () => {
    const lake = await openNumbersLake(10_000, { checkpointBytes: thresholdBytes });
    await lake.checkpoint();
    const stream = lake.stream(all);
    let rowCount = (await stream.next()).value?.rowCount ?? 0;
    await lake.write((tx) =>
      tx.run(sql`UPDATE number SET label = 'changed while streaming' WHERE n < 1000`),
    );
    await settle(lake);
    expect(walBytes(lake)).toBeGreaterThan(thresholdBytes);
    for await (const rows of stream) {
      rowCount += rows.rowCount;
      expect(rows.columns[1]).not.toContain('changed while streaming');
    }
    expect(rowCount).toBe(10_000);
    await settle(lake);
    expect(walBytes(lake)).toBeLessThan(thresholdBytes);
  });

  it('is made room for when the log is four times too large, and queries go on after it', async () => {
    const lake = await openNumbersLake(10_000, { checkpointBytes: thresholdBytes });
    await lake.checkpoint();
    const stream = lake.stream(all, { timeoutMs: 300 });
    await stream.next();
    await lake.write((tx) =>
      tx.run(sql`UPDATE number SET label = ${value('changed '.repeat(20))} WHERE n < 2000`),
    );
    const during = await lake.read(sql`SELECT 42`);
    await settle(lake);
    expect(walBytes(lake)).toBeLessThan(thresholdBytes);
    expect(during.columns).toEqual([[42]]);
    await expect(stream.next()).rejects.toMatchObject({ code: 'LAKE_TIMEOUT' });
    expect((await lake.read(all, { lane: 'scan' })).rowCount).toBe(10_000);
  });

  it('happens on closing', async () => {
    const lake = await openNumbersLake(10);
    expect(walBytes(lake)).toBeGreaterThan(0);
    await lake.close();
    expect(walBytes(lake)).toBe(0);
  });
});

function walBytes(lake: Lake): number {
  return statSync(walFileOf(lake.directory), { throwIfNoEntry: false })?.size ?? 0;
}

async function fillLog(lake: Lake, byteCount: number): Promise<void> {
  await lake.write((tx) =>
    tx.run(sql`UPDATE number SET label = ${value('x'.repeat(byteCount))} WHERE n = 1`),
  );
}

/** Waits for what the writer does after its last commit: the next transaction begins behind it. */
async function settle(lake: Lake): Promise<void> {
  await lake.write(() => Promise.resolve());
}

describe('the size of the log at which it is written into the file', () => {
  it('grows with the lake, between 16 and 64 MiB', () => {
    const mebibyte = 2 ** 20;
    expect(checkpointBytesFor(0)).toBe(16 * mebibyte);
    expect(checkpointBytesFor(1_024 * mebibyte)).toBe(32 * mebibyte);
    expect(checkpointBytesFor(100_000 * mebibyte)).toBe(64 * mebibyte);
  });
});
