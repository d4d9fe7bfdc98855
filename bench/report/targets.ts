import type { Measurement } from '../compare.ts';
import type { CompileTimes } from '../compile-time.ts';
import { jsonName, tributaryName, vanillaName } from '../contenders.ts';
import type { SeedCost } from '../data-set.ts';
import type { LargeAnswers } from '../large-answers.ts';
import type { QuestionId } from '../questions.ts';
import type { StartupTimes } from '../startup.ts';
import { formatMebibytes, formatNumber, formatSeconds } from './format.ts';

/** Something that was promised, and what was measured. */
export interface Target {
  readonly promise: string;
  readonly measured: string;
  /** Undefined when this run could not tell. */
  readonly isMet: boolean | undefined;
}

const mostOfVanilla = 1 / 5;
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
    ...judgeVanilla('point', measurements),
    ...judgeVanilla('page', measurements),
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
  measurements: readonly Measurement[],
): readonly Target[] {
  return ofTributary(question, measurements).map(({ concurrency, result }) => {
    const ratio = cpuRatio(measurements, question, concurrency, tributaryName, vanillaName);
    return {
      promise: `CPU at most 1/5 of vanilla's, ${question}, concurrency ${concurrency}`,
      measured: `${formatNumber(result.cpuMsPerRequest)} ms, 1/${formatNumber(1 / ratio)}`,
      isMet: ratio <= mostOfVanilla,
    };
  });
}

function judgeJson(
  question: QuestionId,
  most: number,
  measurements: readonly Measurement[],
): readonly Target[] {
  return ofTributary(question, measurements).map(({ concurrency, result }) => {
    const ratio = cpuRatio(measurements, question, concurrency, tributaryName, jsonName);
    return {
      promise: `CPU at most ${most} of SQL that makes the JSON, ${question}, concurrency ${concurrency}`,
      measured: `${formatNumber(result.cpuMsPerRequest)} ms, ${formatNumber(ratio)}`,
      isMet: ratio <= most,
    };
  });
}

function ofTributary(
  question: QuestionId,
  measurements: readonly Measurement[],
): readonly Measurement[] {
  return measurements.filter((one) => one.contender === tributaryName && one.question === question);
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
    measurements.find(
      (one) =>
        one.contender === name && one.question === question && one.concurrency === concurrency,
    )?.result.cpuMsPerRequest ?? Number.NaN;
  return cpuOf(contender) / cpuOf(reference);
}
