import { expect, test } from 'vitest';
import type { Measurement } from '../compare.ts';
import { medianResult } from '../measure/summary.ts';
import type { LoadResult } from '../measure/run-load.ts';
import { judgeTargets } from './targets.ts';

function resultOf(cpuMsPerRequest: number): LoadResult {
  return {
    requestCount: 100,
    requestsPerSecond: 100,
    p50Ms: 1,
    p99Ms: 2,
    cpuMsPerRequest,
    residentBytes: 2 ** 28,
  };
}

function point(contender: string, cpuMsPerRequest: number): Measurement {
  return { contender, question: 'point', concurrency: 1, result: resultOf(cpuMsPerRequest) };
}

const startup = { firstMs: 2_000, smallMs: 1_500, dataSetMs: 3_100 };
const seedCost = { customers: 1_000_000, durationMs: 50_000, peakResidentBytes: 2 ** 30 };

test('a fifth of vanilla is met, more is not', () => {
  const judge = (cpuMs: number) => {
    const measurements = [point('tributary', cpuMs), point('vanilla', 10)];
    return judgeTargets({ measurements, seedCost, startup })[0]?.isMet;
  };
  expect(judge(2)).toBe(true);
  expect(judge(2.01)).toBe(false);
});

test('a small data set says nothing about the promises for a large one', () => {
  const judge = (customers: number) =>
    judgeTargets({ measurements: [], seedCost: { ...seedCost, customers }, startup }).map(
      ({ isMet }) => isMet,
    );
  expect(judge(1_000_000)).toEqual([true, false, true]);
  expect(judge(1_000)).toEqual([true, undefined, undefined]);
});

test('one disturbed round does not change the median', () => {
  const rounds = [1, 100, 2].map(resultOf);
  expect(medianResult(rounds).cpuMsPerRequest).toBe(2);
});
