import type { LoadResult } from '../measure/run-load.ts';
import { median } from '../measure/summary.ts';
import { describeMachine } from '../report/describe-machine.ts';
import { formatMebibytes, formatNumber, formatSeconds, formatTable } from '../report/format.ts';
import { concurrency, medianPace, type ChangesResult } from './measure-changes.ts';
import type { SyncsResult } from './measure-syncs.ts';

export interface MotionResults {
  readonly date: Date;
  readonly customers: number;
  readonly changes: ChangesResult;
  readonly http: LoadResult;
  readonly syncs: SyncsResult;
}

/** The results of what moves as a Markdown page. */
export function writeMotionReport(results: MotionResults): string {
  const { date, customers, changes, http, syncs } = results;
  const creates = medianPace(changes.creates);
  const mixed = medianPace(changes.mixed);
  const rawCreates = median(changes.rawCreates);
  const rawMixed = median(changes.rawMixed);
  const isFull = customers >= 1_000_000;
  const targets: readonly (readonly [string, string, boolean | undefined])[] = [
    [
      `creates at least 3,000/s at concurrency ${concurrency}`,
      `${formatNumber(creates.perSecond)}/s`,
      creates.perSecond >= 3_000,
    ],
    [
      `creates and changes mixed, at least 400/s at concurrency ${concurrency}`,
      `${formatNumber(mixed.perSecond)}/s`,
      mixed.perSecond >= 400,
    ],
    ['p99 below 250 ms, creates', `${formatNumber(creates.p99Ms)} ms`, creates.p99Ms < 250],
    ['p99 below 250 ms, mixed', `${formatNumber(mixed.p99Ms)} ms`, mixed.p99Ms < 250],
    [
      'first load of 1,000,000 rows within 60 s, dropped file',
      formatSeconds(syncs.folderFirstLoadMs),
      isFull ? syncs.folderFirstLoadMs <= 60_000 : undefined,
    ],
    [
      'first load of 1,000,000 rows within 60 s, pushed',
      formatSeconds(syncs.pushFirstLoadMs),
      isFull ? syncs.pushFirstLoadMs <= 60_000 : undefined,
    ],
    [
      'delta of 10,000 random rows on 1,000,000 within 15 s, dropped file',
      formatSeconds(syncs.folderDeltaMs),
      isFull ? syncs.folderDeltaMs <= 15_000 : undefined,
    ],
    [
      'delta of 10,000 random rows on 1,000,000 within 15 s, pushed',
      formatSeconds(syncs.pushDeltaMs),
      isFull ? syncs.pushDeltaMs <= 15_000 : undefined,
    ],
    [
      "readers' p99 at most doubled meanwhile",
      `${formatNumber(syncs.quietP99Ms)} ms, then ${formatNumber(syncs.loadedP99Ms)} ms: ${formatNumber(syncs.loadedP99Ms / syncs.quietP99Ms)} ×`,
      syncs.loadedP99Ms <= 2 * syncs.quietP99Ms,
    ],
  ];
  return [
    `# Results of what moves: ${customers.toLocaleString('en')} customers`,
    '',
    `Written by \`npm run bench:motion\` on ${date.toISOString().slice(0, 10)}: ${describeMachine()}.`,
    'Medians of interleaved rounds in one run. The load comes from the same machine.',
    '',
    '## Targets',
    '',
    ...formatTable(
      ['promise', 'measured', 'met'],
      targets.map(([promise, measured, isMet]) => [
        promise,
        measured,
        isMet === undefined ? '–' : isMet ? 'yes' : '**no**',
      ]),
    ),
    '',
    `## Changes of identities, ${concurrency} callers`,
    '',
    ...formatTable(
      ['', 'a second', 'p50 ms', 'p99 ms', 'longest ms', 'CPU ms', 'of DuckDB alone'],
      [
        paceRow('creates', creates, rawCreates),
        paceRow('half creates, half changes', mixed, rawMixed),
        ['creates, the same statements by hand', formatNumber(rawCreates), '', '', '', '', '1.00'],
        ['mixed, the same statements by hand', formatNumber(rawMixed), '', '', '', '', '1.00'],
        [
          'creates as GraphQL over HTTP',
          formatNumber(http.requestsPerSecond),
          formatNumber(http.p50Ms),
          formatNumber(http.p99Ms),
          '',
          formatNumber(http.cpuMsPerRequest),
          formatNumber(http.requestsPerSecond / rawCreates),
        ],
      ],
    ),
    '',
    'The first two are commands to the ledger in its own process, with an idempotency key each creation, answered after the',
    'commit. By hand: the same reads, appends and updates in groups of as many, decided by nobody and answered to nobody.',
    'Over HTTP, Apollo Server and the planner stand in front, on one thread.',
    '',
    '## Rows of domains',
    '',
    ...formatTable(
      ['', 'takes'],
      [
        [
          `first load of ${syncs.firstLoadRows.toLocaleString('en')} rows, CSV dropped, while four readers ask`,
          formatSeconds(syncs.folderFirstLoadMs),
        ],
        [
          `first load of ${syncs.firstLoadRows.toLocaleString('en')} rows, NDJSON pushed`,
          formatSeconds(syncs.pushFirstLoadMs),
        ],
        [
          `delta of ${syncs.deltaRows.toLocaleString('en')} random rows, CSV dropped`,
          formatSeconds(syncs.folderDeltaMs),
        ],
        [
          `delta of ${syncs.deltaRows.toLocaleString('en')} random rows, NDJSON pushed`,
          formatSeconds(syncs.pushDeltaMs),
        ],
        [
          "readers' p50 before and meanwhile",
          `${formatNumber(syncs.quietP50Ms)} and ${formatNumber(syncs.loadedP50Ms)} ms`,
        ],
        [
          "readers' p99 before and meanwhile",
          `${formatNumber(syncs.quietP99Ms)} and ${formatNumber(syncs.loadedP99Ms)} ms`,
        ],
        ['most memory that the server had resident', formatMebibytes(syncs.peakResidentBytes)],
      ],
    ),
    '',
  ].join('\n');
}

function paceRow(
  name: string,
  pace: ReturnType<typeof medianPace>,
  raw: number,
): readonly string[] {
  return [
    name,
    formatNumber(pace.perSecond),
    formatNumber(pace.p50Ms),
    formatNumber(pace.p99Ms),
    formatNumber(pace.highestMs),
    formatNumber(pace.cpuMsEach),
    formatNumber(pace.perSecond / raw),
  ];
}
