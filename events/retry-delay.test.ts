import { expect, test } from 'vitest';
import { defaultEventSettings } from './event-settings.ts';
import { retryAfterMs, retryDelayMs } from './retry-delay.ts';

const now = new Date('2026-11-28T12:00:00Z');

test('waits double up to five minutes, each between a half and the whole', () => {
  const longest = Array.from({ length: 12 }, (_, n) =>
    retryDelayMs(n + 1, 1, defaultEventSettings),
  );
  expect(longest).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300].map((s) => s * 1_000));
  expect(retryDelayMs(3, 0, defaultEventSettings)).toBe(2_000);
  expect(retryDelayMs(5_000, 1, defaultEventSettings)).toBe(300_000);
});

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Sat, 28 Nov 2026 12:01:00 GMT', 60_000],
  ['Sat, 28 Nov 2026 11:00:00 GMT', 0],
  ['-5', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['99999999999999999999', undefined],
  [undefined, undefined],
])('a Retry-After of %s asks for %s ms', (header, waitMs) => {
  expect(retryAfterMs(header, now)).toBe(waitMs);
});
