import { expect, test } from 'vitest';
import { ManualTime } from './manual-time.ts';

test('appointments are kept in their order, each at its own time, and those that were called off are not', async () => {
  const time = new ManualTime('2026-01-01T00:00:00Z');
  const seen: string[] = [];
  time.after(200, () => seen.push(`second ${time.monotonicMs()}`));
  time.after(100, () => {
    seen.push(`first ${time.now().toISOString()}`);
    time.after(50, () => seen.push(`made by the first ${time.monotonicMs()}`));
  });
  time.after(150, () => seen.push('never'))();
  await time.advance(99);
  expect(seen).toEqual([]);
  await time.advance(1_000);
  expect(seen).toEqual(['first 2026-01-01T00:00:00.100Z', 'made by the first 150', 'second 200']);
  expect([time.monotonicMs(), time.waiting]).toEqual([1_099, 0]);
});
