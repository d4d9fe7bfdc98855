import { warmUp, type Measurement } from '../compare.ts';
import { jsonName, limitName, vanillaName, type Contender } from '../contenders.ts';
import type { NaiveResult } from '../naive.ts';
import { questionIds, questions, type QuestionId } from '../questions.ts';
import { describeMachine } from './describe-machine.ts';
import { describeAnswers, describeCompiling, describeNaive } from './describe-asking.ts';
import { formatMebibytes, formatNumber, formatSeconds, formatTable } from './format.ts';
import { cpuRatio, judgeTargets, type TargetInput } from './targets.ts';

export interface ReportInput extends TargetInput {
  readonly date: Date;
  readonly contenders: readonly Contender[];
  readonly rounds: number;
  readonly secondsEach: number;
  readonly naive: readonly NaiveResult[];
}

/** The results as a Markdown page. */
export function writeReport(input: ReportInput): string {
  const { date, rounds, secondsEach, measurements, seedCost, startup } = input;
  return [
    '# Results',
    '',
    `Written by \`npm run bench\` on ${date.toISOString().slice(0, 10)}: ${describeMachine()}.`,
    `${seedCost.customers.toLocaleString('en')} customers; medians of ${rounds} interleaved rounds of ${secondsEach} s each, after each`,
    `contender had answered each question ${warmUp.requests.toLocaleString('en')} times, or had been asked for ${warmUp.longestMs / 1_000} s. Ids, pages and`,
    'filters are drawn at random. CPU is that of all processes of a contender, as the kernel counts it. The load',
    'comes from the same machine, so requests a second and latencies are comparable within this page only.',
    '',
    '## Targets',
    '',
    ...formatTable(
      ['promise', 'measured', 'met'],
      judgeTargets(input).map(({ promise, measured, isMet }) => [
        promise,
        measured,
        isMet === undefined ? '–' : isMet ? 'yes' : '**no**',
      ]),
    ),
    '',
    '## Start and seed',
    '',
    ...formatTable(
      ['', 'takes'],
      [
        ['first start, which loads the committed seed files', formatSeconds(startup.firstMs)],
        ['start with that small data set', formatSeconds(startup.smallMs)],
        [
          `start with ${seedCost.customers.toLocaleString('en')} customers`,
          formatSeconds(startup.dataSetMs),
        ],
        [
          `seed of ${seedCost.customers.toLocaleString('en')} customers`,
          `${formatSeconds(seedCost.durationMs)}, at most ${formatMebibytes(seedCost.peakResidentBytes)} resident`,
        ],
      ],
    ),
    '',
    ...questionIds.flatMap((question) => questionSection(question, measurements)),
    ...describeNaive(input.naive, measurements, seedCost.customers),
    ...describeCompiling(input.compileTimes),
    ...describeAnswers(input.largeAnswers),
    '## Contenders',
    '',
    ...input.contenders.map(({ name, description }) => `- **${name}**: ${description}`),
    '',
    "The page of vanilla and Hive comes from a stub subgraph that turns the ids into references at next to no cost (vanilla's",
    "stands in its gateway, Hive's is not charged), because the authored subgraphs have no list; each domain then gets one",
    '`_entities` fetch for all 50 keys. The subgraphs are ours, which join the look-ups of a request by DataLoader.',
    '',
  ].join('\n');
}

function questionSection(
  question: QuestionId,
  measurements: readonly Measurement[],
): readonly string[] {
  const asked = measurements.filter((one) => one.question === question);
  const ratio = ({ contender, concurrency }: Measurement, reference: string): string =>
    formatNumber(cpuRatio(measurements, question, concurrency, contender, reference));
  return [
    `## ${questions[question].title}`,
    '',
    ...formatTable(
      [
        'contender',
        'concurrency',
        'requests/s',
        'p50 ms',
        'p99 ms',
        'CPU ms',
        'RSS',
        'CPU / vanilla',
        'CPU / SQL limit',
        'CPU / SQL JSON',
      ],
      asked.map((one) => [
        one.contender,
        String(one.concurrency),
        formatNumber(one.result.requestsPerSecond),
        formatNumber(one.result.p50Ms),
        formatNumber(one.result.p99Ms),
        formatNumber(one.result.cpuMsPerRequest),
        formatMebibytes(one.result.residentBytes),
        ratio(one, vanillaName),
        ratio(one, limitName),
        ratio(one, jsonName),
      ]),
    ),
    '',
  ];
}
