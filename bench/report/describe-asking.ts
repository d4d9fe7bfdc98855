import type { Measurement } from '../compare.ts';
import type { CompileTimes } from '../compile-time.ts';
import { uncachedName } from '../contenders.ts';
import type { LargeAnswers } from '../large-answers.ts';
import type { NaiveResult } from '../naive.ts';
import { formatMebibytes, formatNumber, formatSeconds, formatTable } from './format.ts';

/** The naive way beside Tributary. What was not measured is marked as what it is. */
export function describeNaive(
  results: readonly NaiveResult[],
  measurements: readonly Measurement[],
  customers: number,
): readonly string[] {
  const all = customers.toLocaleString('en');
  return [
    '## The naive way: fetch everything from four subgraphs, filter, sort and group in the client',
    '',
    ...formatTable(
      [
        'question',
        'customers fetched',
        'fetched',
        'takes',
        'CPU ms',
        `CPU ms for ${all}, extrapolated`,
        `tributary's CPU ms for ${all}`,
      ],
      results.map(({ question, customers: fetched, fetchedBytes, durationMs, cpuMs }) => [
        question,
        fetched.toLocaleString('en'),
        formatMebibytes(fetchedBytes),
        formatSeconds(durationMs),
        formatNumber(cpuMs),
        formatNumber((cpuMs / fetched) * customers),
        formatNumber(cpuAlone(measurements, question)),
      ]),
    ),
    '',
    'Measured once for the customers fetched, whose answer equals what the hub answers of them. For all customers it is',
    'multiplied and not measured. The client is given the ids for nothing; subgraphs and client count.',
    '',
  ];
}

function cpuAlone(measurements: readonly Measurement[], question: string): number {
  const found = measurements.find(
    (one) => one.contender === uncachedName && one.question === question && one.concurrency === 1,
  );
  return found?.result.cpuMsPerRequest ?? Number.NaN;
}

export function describeCompiling(times: CompileTimes): readonly string[] {
  return [
    '## A new operation: parsed, validated and compiled',
    '',
    ...formatTable(
      [`${times.operations} examples of docs/asking.md`, 'takes'],
      [
        ['median of their medians, compilers warm', formatMs(times.warmMs)],
        ['the slowest of them', formatMs(times.slowestWarmMs)],
        ['median of their first times in a new process', formatMs(times.firstMs)],
        ['the very first operation of a process', formatMs(times.coldMs)],
      ],
    ),
    '',
  ];
}

export function describeAnswers(large: LargeAnswers): readonly string[] {
  return [
    '## Memory of a server that answers 10,000 customers at a time',
    '',
    ...formatTable(
      ['', 'resident'],
      [
        ['before', formatMebibytes(large.beforeBytes)],
        [
          `at most during ${large.answers} answers of ${formatMebibytes(large.answerBytes)}`,
          formatMebibytes(large.highestBytes),
        ],
        ['a second after the last', formatMebibytes(large.afterBytes)],
        ['a page of 100,000', large.refusal ?? 'answered'],
      ],
    ),
    '',
  ];
}

function formatMs(milliseconds: number): string {
  return `${formatNumber(milliseconds)} ms`;
}
