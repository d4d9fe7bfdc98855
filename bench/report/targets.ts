import type { Measurement } from '../compare.ts';
import type { CompileTimes } from '../compile-time.ts';
import {
  constantName,
  jsonName,
  limitName,
  tributaryName,
  uncachedName,
  vanillaName,
} from '../contenders.ts';
import type { SeedCost } from '../data-set.ts';
import type { LoadResult } from '../measure/run-load.ts';
import type { LargeAnswers } from '../large-answers.ts';
import { questionIds, type QuestionId } from '../questions.ts';
import type { StartupTimes } from '../startup.ts';
import { formatMebibytes, formatNumber, formatSeconds } from './format.ts';

/** Something that was promised, and what was measured. */
export interface Target {
  readonly promise: string;
  readonly measured: string;
  /** Undefined when this run could not tell. */
  readonly isMet: boolean | undefined;
}

/** CPU against that of vanilla federation: the contender of ours, and the least that vanilla takes for one of it. */
const leastTimesOfVanilla: readonly (readonly [QuestionId, string, number])[] = [
  ['point', uncachedName, 25],
  ['page', uncachedName, 10],
  ['aliases', uncachedName, 80],
  ['single', uncachedName, 8],
  ['hot', tributaryName, 120],
];
const judgedConcurrency = 16;
const leastTimesOfSql = 8;
const leastShareOfConstant = 0.6;
const mostTail = 3;
/** CPU against that of SQL by hand which makes the whole answer. */
const mostOfJson: readonly (readonly [QuestionId, number])[] = [
  ['filtered', 1.3],
  ['point', 1.3],
  ['groups', 1.15],
  ['newest', 1.3],
  ['export', 1.3],
];
const longestCompileMs = 2;
const longestStartupMs = 3_000;
const longestSeedMs = 120_000;
const mostSeedBytes = 4 * 2 ** 30;
/** Customers that the promises about size speak of. */
const promisedCustomers = 1_000_000;

export interface TargetInput {
  readonly measurements: readonly Measurement[];
  readonly compileTimes: CompileTimes;
  readonly largeAnswers: LargeAnswers;
  readonly seedCost: SeedCost;
  readonly startup: StartupTimes;
}

export function judgeTargets(input: TargetInput): readonly Target[] {
  const { measurements, compileTimes, largeAnswers, seedCost, startup } = input;
  const isFull = seedCost.customers >= promisedCustomers;
  const { durationMs, peakResidentBytes } = seedCost;
  return [
    ...leastTimesOfVanilla.map(([question, name, times]) =>
      judgeVanilla(question, name, times, measurements),
    ),
    judgeThroughput(measurements, {
      question: 'point',
      concurrency: 64,
      contender: uncachedName,
      reference: limitName,
      least: leastTimesOfSql,
      words: 'one SQL a request',
    }),
    judgeThroughput(measurements, {
      question: 'hot',
      concurrency: judgedConcurrency,
      contender: tributaryName,
      reference: constantName,
      least: leastShareOfConstant,
      words: 'a constant from `node:http`',
    }),
    ...questionIds.flatMap((question) => judgeTail(question, measurements)),
    ...mostOfJson.flatMap(([question, most]) => judgeJson(question, most, measurements)),
    {
      promise: 'a new operation compiled within 2 ms',
      measured: `${formatNumber(compileTimes.warmMs)} ms`,
      isMet: compileTimes.warmMs <= longestCompileMs,
    },
    {
      promise: 'a page of 100,000 rows is refused',
      measured: largeAnswers.refusal ?? 'answered',
      isMet: largeAnswers.refusal !== undefined,
    },
    {
      promise: 'ready within 3 s, small data set',
      measured: formatSeconds(startup.smallMs),
      isMet: startup.smallMs <= longestStartupMs,
    },
    {
      promise: 'ready within 3 s, 1,000,000 customers',
      measured: isFull ? formatSeconds(startup.dataSetMs) : 'smaller data set',
      isMet: isFull ? startup.dataSetMs <= longestStartupMs : undefined,
    },
    {
      promise: 'seed of 1,000,000 customers within 120 s and 4 GiB',
      measured: isFull
        ? `${formatSeconds(durationMs)}, ${formatMebibytes(peakResidentBytes)}`
        : 'smaller data set',
      isMet: isFull ? durationMs <= longestSeedMs && peakResidentBytes <= mostSeedBytes : undefined,
    },
  ];
}

function judgeVanilla(
  question: QuestionId,
  name: string,
  least: number,
  measurements: readonly Measurement[],
): Target {
  const times = 1 / cpuRatio(measurements, question, judgedConcurrency, name, vanillaName);
  const found = find(measurements, name, question, judgedConcurrency);
  const caches = name === uncachedName ? 'off' : 'on';
  return {
    promise: `CPU at most 1/${least} of vanilla's, ${question}, caches ${caches}, concurrency ${judgedConcurrency}`,
    measured: `${formatNumber(found?.cpuMsPerRequest ?? Number.NaN)} ms, 1/${formatNumber(times)}`,
    isMet: Number.isNaN(times) ? undefined : times >= least,
  };
}

interface ThroughputTarget {
  readonly question: QuestionId;
  readonly concurrency: number;
  readonly contender: string;
  readonly reference: string;
  readonly least: number;
  readonly words: string;
}

function judgeThroughput(
  measurements: readonly Measurement[],
  { question, concurrency, contender, reference, least, words }: ThroughputTarget,
): Target {
  const perSecond = (name: string): number =>
    find(measurements, name, question, concurrency)?.requestsPerSecond ?? Number.NaN;
  const times = perSecond(contender) / perSecond(reference);
  return {
    promise: `requests/s at least ${least} times those of ${words}, ${question}, ${contender}, concurrency ${concurrency}`,
    measured: `${formatNumber(perSecond(contender))}/s, ${formatNumber(times)}`,
    isMet: Number.isNaN(times) ? undefined : times >= least,
  };
}

/** Of the questions that take about the same each time, with and without caches. */
function judgeTail(question: QuestionId, measurements: readonly Measurement[]): readonly Target[] {
  return [tributaryName, uncachedName].flatMap((name) => {
    const found = find(measurements, name, question, judgedConcurrency);
    if (found === undefined) return [];
    const { p50Ms, p99Ms } = found;
    return {
      promise: `p99 at most ${mostTail} times p50, ${question}, ${name}, concurrency ${judgedConcurrency}`,
      measured: `${formatNumber(p99Ms)} ms, ${formatNumber(p99Ms / p50Ms)}`,
      isMet: p99Ms <= mostTail * p50Ms,
    };
  });
}

function judgeJson(
  question: QuestionId,
  most: number,
  measurements: readonly Measurement[],
): readonly Target[] {
  return ofUncached(question, measurements).map(({ concurrency, result }) => {
    const ratio = cpuRatio(measurements, question, concurrency, uncachedName, jsonName);
    return {
      promise: `CPU at most ${most} of SQL that makes the JSON, ${question}, caches off, concurrency ${concurrency}`,
      measured: `${formatNumber(result.cpuMsPerRequest)} ms, ${formatNumber(ratio)}`,
      isMet: ratio <= most,
    };
  });
}

/** With 64 connections at once, most of what is measured is waiting for a core. */
function ofUncached(
  question: QuestionId,
  measurements: readonly Measurement[],
): readonly Measurement[] {
  return measurements.filter(
    (one) =>
      one.contender === uncachedName &&
      one.question === question &&
      one.concurrency <= judgedConcurrency,
  );
}

/** CPU of one contender as a share of another's; NaN when one of them was not asked. */
export function cpuRatio(
  measurements: readonly Measurement[],
  question: QuestionId,
  concurrency: number,
  contender: string,
  reference: string,
): number {
  const cpuOf = (name: string): number =>
    find(measurements, name, question, concurrency)?.cpuMsPerRequest ?? Number.NaN;
  return cpuOf(contender) / cpuOf(reference);
}

function find(
  measurements: readonly Measurement[],
  contender: string,
  question: QuestionId,
  concurrency: number,
): LoadResult | undefined {
  return measurements.find(
    (one) =>
      one.contender === contender && one.question === question && one.concurrency === concurrency,
  )?.result;
}
