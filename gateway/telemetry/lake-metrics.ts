import type { Distribution } from '../../foundation/metrics/distribution.ts';
import type { MetricPage } from '../../foundation/metrics/metric-page.ts';
import type { Lake } from '../../lake/engine.ts';

export interface MeasuredLake {
  readonly lake: Pick<Lake, 'meter' | 'use' | 'sizes'>;
  /** How many commands were written together. */
  readonly groups: Distribution;
}

const lanes = ['point', 'scan'] as const;

/** The lake: its reads by lane, its connections, its writer and its file. */
export function addLakeMetrics(page: MetricPage, { lake, groups }: MeasuredLake): void {
  addReads(page, lake);
  addWrites(page, lake, groups);
  const { fileBytes, logBytes } = lake.sizes;
  page.gauge('tributary_lake_file_bytes', "Size of the lake's file.")({}, fileBytes);
  page.gauge('tributary_lake_wal_bytes', 'Size of the log of what is not in the file yet.')(
    {},
    logBytes,
  );
}

function addReads(page: MetricPage, lake: MeasuredLake['lake']): void {
  const name = (part: string): string => `tributary_lake_${part}`;
  const ran = page.histogram(
    name('statement_duration_seconds'),
    'Reads, from when they had a connection.',
  );
  const waited = page.histogram(name('wait_seconds'), 'Waiting of reads for a connection.');
  const failures = page.counter(
    name('statement_failures_total'),
    'Reads that failed or were given up.',
    ['lane'],
  );
  const active = page.gauge(name('connections_active'), 'Connections that reads use now.', [
    'lane',
  ]);
  const limit = page.gauge(name('connections_limit'), 'Connections that reads may use.', ['lane']);
  const waiting = page.gauge(name('reads_waiting'), 'Reads that wait for a connection.', ['lane']);
  for (const lane of lanes) {
    const meter = lake.meter.lanes[lane];
    const use = lake.use(lane);
    ran({ lane }, meter.ran);
    waited({ lane }, meter.waited);
    failures({ lane }, meter.failures);
    active({ lane }, use.active);
    limit({ lane }, use.limit);
    waiting({ lane }, use.waiting);
  }
}

function addWrites(page: MetricPage, { meter }: MeasuredLake['lake'], groups: Distribution): void {
  const name = (part: string): string => `tributary_lake_${part}`;
  page.counter(name('write_statements_total'), 'Statements of transactions.')({}, meter.writes);
  page.histogram(name('transaction_duration_seconds'), 'Transactions that were committed.')(
    {},
    meter.transactions,
  );
  page.counter(name('transactions_rolled_back_total'), 'Transactions that were not committed.')(
    {},
    meter.rollbacks,
  );
  page.gauge(name('transactions_open'), 'Transactions that wait for their turn, or run.')(
    {},
    meter.transactionsOpen,
  );
  page.histogram(
    name('checkpoint_duration_seconds'),
    'Times that the log was written into the file.',
  )({}, meter.checkpoints);
  page.counter(
    name('checkpoints_put_off_total'),
    'Checkpoints that a long read stood in the way of.',
  )({}, meter.checkpointsPutOff);
  page.histogram(
    'tributary_ledger_group_commands',
    'Changes of identities that were written together, in one transaction.',
  )({}, groups);
}
