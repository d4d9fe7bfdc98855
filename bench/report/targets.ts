import type { Measurement } from '../compare.ts';
import { tributaryName, vanillaName } from '../contenders.ts';
import type { SeedCost } from '../data-set.ts';
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
const longestStartupMs = 3_000;
const longestSeedMs = 120_000;
const mostSeedBytes = 4 * 2 ** 30;
/** Customers that the promises about size speak of. */
const promisedCustomers = 1_000_000;

export interface TargetInput {
  readonly measurements: readonly Measurement[];
  readonly seedCost: SeedCost;
  readonly startup: StartupTimes;
}

export function judgeTargets({ measurements, seedCost, startup }: TargetInput): readonly Target[] {
  const isFull = seedCost.customers >= promisedCustomers;
  const { durationMs, peakResidentBytes } = seedCost;
  return [
    ...judgeCpu('point', measurements),
    ...judgeCpu('page', measurements),
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

function judgeCpu(question: QuestionId, measurements: readonly Measurement[]): readonly Target[] {
  return measurements
    .filter((one) => one.contender === tributaryName && one.question === question)
    .map(({ concurrency, result }) => {
      const ratio = cpuRatio(measurements, question, concurrency, tributaryName, vanillaName);
      return {
        promise: `CPU at most 1/5 of vanilla's, ${question}, concurrency ${concurrency}`,
        measured: `${formatNumber(result.cpuMsPerRequest)} ms, 1/${formatNumber(1 / ratio)}`,
        isMet: ratio <= mostOfVanilla,
      };
    });
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
