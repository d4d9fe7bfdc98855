import { expect, it } from 'vitest';
import { systemClock } from '../foundation/clock.ts';
import { sql } from './sql.ts';
import { openNumbersLake } from './testing/temp-lake.ts';

it('says how many rows each table has, and reads that anew after some seconds', async () => {
  let nowMs = 0;
  const texts: string[] = [];
  const lake = await openNumbersLake(3000, {
    clock: { ...systemClock, monotonicMs: () => nowMs },
    onStatement: ({ text }) => texts.push(text),
  });
  texts.length = 0;
  expect((await lake.tableSizes()).get('main.number')).toBe(3000);
  expect(texts).toEqual([]);
  await lake.write((tx) => tx.run(sql`CREATE TABLE other AS SELECT * FROM number`));
  nowMs = 4_999;
  expect((await lake.tableSizes()).get('main.other')).toBeUndefined();
  nowMs = 5_000;
  expect((await lake.tableSizes()).get('main.other')).toBe(3000);
});
