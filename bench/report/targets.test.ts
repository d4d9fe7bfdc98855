import { expect, test } from 'vitest';
import type { Measurement } from '../compare.ts';
import { medianResult } from '../measure/summary.ts';
import type { LoadResult } from '../measure/run-load.ts';
import type { QuestionId } from '../questions.ts';
import { judgeTargets, type TargetInput } from './targets.ts';

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

function measured(
  question: QuestionId,
  contender: string,
  cpuMsPerRequest: number,
  more: Partial<LoadResult> & { readonly concurrency?: number } = {},
): Measurement {
  const { concurrency = 16, ...rest } = more;
  return { contender, question, concurrency, result: { ...resultOf(cpuMsPerRequest), ...rest } };
}

const quiet: TargetInput = {
  measurements: [],
  startup: { firstMs: 2_000, smallMs: 1_500, dataSetMs: 3_100 },
  seedCost: { customers: 1_000_000, durationMs: 50_000, peakResidentBytes: 2 ** 30 },
  compileTimes: { operations: 10, coldMs: 30, firstMs: 3, warmMs: 1, slowestWarmMs: 2.5 },
  largeAnswers: {
    answers: 10,
    answerBytes: 3e6,
    beforeBytes: 2 ** 28,
    highestBytes: 2 ** 29,
    afterBytes: 2 ** 28,
    refusal: 'PAGE_TOO_LARGE',
  },
};

function verdicts(input: Partial<TargetInput>): Readonly<Record<string, boolean | undefined>> {
  const targets = judgeTargets({ ...quiet, ...input });
  return Object.fromEntries(targets.map(({ promise, isMet }) => [promise, isMet]));
}

test('the share of vanilla that was promised is met, more is not', () => {
  const judge = (cpuMs: number) =>
    verdicts({
      measurements: [measured('page', 'uncached', cpuMs), measured('page', 'vanilla', 20)],
    })["CPU at most 1/10 of vanilla's, page, caches off, concurrency 16"];
  expect([judge(2), judge(2.01)]).toEqual([true, false]);
});

test('throughput is judged against SQL and against a constant', () => {
  const judge = (requestsPerSecond: number) =>
    Object.entries(
      verdicts({
        measurements: [
          measured('point', 'uncached', 1, { requestsPerSecond, concurrency: 64 }),
          measured('point', 'sql-limit', 1, { requestsPerSecond: 100, concurrency: 64 }),
          measured('hot', 'tributary', 1, { requestsPerSecond }),
          measured('hot', 'constant', 1, { requestsPerSecond: 1_300 }),
        ],
      }),
    ).flatMap(([promise, isMet]) => (promise.startsWith('requests/s') ? isMet : []));
  expect(judge(800)).toEqual([true, true]);
  expect(judge(779)).toEqual([false, false]);
});

test('a long tail breaks its promise', () => {
  const judge = (p99Ms: number) =>
    verdicts({ measurements: [measured('point', 'tributary', 1, { p50Ms: 10, p99Ms })] })[
      'p99 at most 3 times p50, point, tributary, concurrency 16'
    ];
  expect([judge(30), judge(31)]).toEqual([true, false]);
});

test('each question across domains has its own share of the SQL that makes the JSON', () => {
  const judge = (question: QuestionId, cpuMs: number) =>
    Object.entries(
      verdicts({
        measurements: [measured(question, 'uncached', cpuMs), measured(question, 'sql-json', 10)],
      }),
    ).find(([promise]) => promise.includes(`SQL that makes the JSON, ${question}`))?.[1];
  expect([judge('groups', 11.5), judge('groups', 12)]).toEqual([true, false]);
  expect([judge('export', 13), judge('export', 13.1)]).toEqual([true, false]);
  expect(judge('page', 1)).toBe(undefined);
});

test('a compiler that is too slow and a page that is answered break their promises', () => {
  const { compileTimes, largeAnswers } = quiet;
  const broken = verdicts({
    compileTimes: { ...compileTimes, warmMs: 2.1 },
    largeAnswers: { ...largeAnswers, refusal: undefined },
  });
  for (const promise of [
    'a new operation compiled within 2 ms',
    'a page of 100,000 rows is refused',
  ])
    expect([verdicts({})[promise], broken[promise]]).toEqual([true, false]);
});

test('a small data set says nothing about the promises for a large one', () => {
  const judge = (customers: number) =>
    Object.values(verdicts({ seedCost: { ...quiet.seedCost, customers } })).slice(-3);
  expect(judge(1_000_000)).toEqual([true, false, true]);
  expect(judge(20_000)).toEqual([true, undefined, undefined]);
});

test('one disturbed round does not change the median', () => {
  const rounds = [1, 100, 2].map(resultOf);
  expect(medianResult(rounds).cpuMsPerRequest).toBe(2);
});
