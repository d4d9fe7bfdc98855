import { MetricPage } from '../../foundation/metrics/metric-page.ts';
import { version } from '../../foundation/version.ts';
import { addMotionMetrics } from '../../motion/metrics.ts';
import type { MotionServices } from '../../motion/motion-services.ts';
import type { HttpServer } from '../http/start-http-server.ts';
import type { CallerBudgets } from '../limits/caller-budgets.ts';
import type { RemoteSubgraphs } from '../remote/remote-subgraphs.ts';
import { addGraphMetrics } from './graph-metrics.ts';
import { addLakeMetrics, type MeasuredLake } from './lake-metrics.ts';
import { processMetrics } from './process-metrics.ts';
import { addRemoteMetrics } from './remote-metrics.ts';
import { addRequestMetrics } from './request-metrics.ts';
import type { Telemetry } from './telemetry.ts';

/** Everything that tells of a server in numbers. */
export interface Measured {
  readonly telemetry: Telemetry;
  readonly remotes: Pick<RemoteSubgraphs, 'counters'>;
  readonly budgets: Pick<CallerBudgets, 'holders' | 'taken'>;
  /** Undefined where there is no lake. */
  readonly lake: MeasuredLake | undefined;
  readonly motion?: MotionServices | undefined;
  readonly open: () => HttpServer['open'];
}

/** The numbers of now. */
export async function readMetrics(measured: Measured): Promise<MetricPage> {
  const { telemetry, remotes, budgets, lake, motion } = measured;
  const page = new MetricPage();
  page.gauge('tributary_info', 'The version that runs; always 1.', ['version'])(
    { version: version() },
    1,
  );
  addRequestMetrics(page, telemetry.requests);
  const { streams, sockets } = measured.open();
  page.gauge('tributary_streams_open', 'Subscriptions that are followed.')({}, streams);
  page.gauge('tributary_websockets_open', 'WebSockets that are open.')({}, sockets);
  page.counter(
    'tributary_rate_limit_cost_total',
    'Cost that was taken from the budgets of callers.',
  )({}, budgets.taken);
  page.gauge('tributary_rate_limit_callers', 'Callers whose budgets are known.')(
    {},
    budgets.holders,
  );
  addGraphMetrics(page, telemetry.graphs);
  addRemoteMetrics(page, remotes.counters);
  if (lake !== undefined) addLakeMetrics(page, lake);
  if (motion !== undefined) await addMotionMetrics(page, motion);
  addSpans(page, telemetry);
  page.include(processMetrics());
  return page;
}

function addSpans(page: MetricPage, { tracing }: Telemetry): void {
  if (tracing === undefined) return;
  const spans = page.counter(
    'tributary_trace_spans_total',
    'Spans that ended, and of these those that were sent, and those that could not be sent.',
    ['state'],
  );
  for (const [state, count] of Object.entries(tracing.counts)) spans({ state }, count);
}
