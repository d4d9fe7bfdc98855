import { expect, it } from 'vitest';
import { parseDuration } from './duration.ts';

it.each([
  ['PT5M', 300_000],
  ['PT26H', 93_600_000],
  ['P1DT12H', 129_600_000],
  ['P2W', 1_209_600_000],
  ['PT0.5S', 500],
  ['PT0S', 0],
  ['P', undefined],
  ['PT', undefined],
  ['P1DT', undefined],
  ['P1M', undefined],
  ['5m', undefined],
  ['-PT5M', undefined],
  ['', undefined],
])('the duration %j has %s milliseconds', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});
