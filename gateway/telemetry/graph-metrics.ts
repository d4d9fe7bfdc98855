import type { CacheMeter } from '../../foundation/metrics/cache-meter.ts';
import type { MetricPage } from '../../foundation/metrics/metric-page.ts';
import type { GraphMeter } from './graph-meter.ts';

/** What graphs keep, plan, look up and fetch. */
export function addGraphMetrics(page: MetricPage, meter: GraphMeter): void {
  const { answers, operations, hub } = meter;
  addCaches(page, { answers, operations, entities: hub.entities, compiled: hub.operations });
  page.histogram(
    'tributary_query_plan_duration_seconds',
    'Planning of operations whose plan was not known.',
  )({}, meter.plans);
  const plans = page.counter(
    'tributary_query_plans_total',
    'Operations that were planned, by whether their plan was made or known (kept).',
    ['source'],
  );
  plans({ source: 'made' }, meter.plans.count);
  plans({ source: 'kept' }, meter.plansKept);
  page.histogram(
    'tributary_lookup_requests',
    'Requests that shared a statement which looks rows up by key.',
  )({}, hub.askers);
  page.histogram('tributary_lookup_keys', 'Keys of a statement which looks rows up by key.')(
    {},
    hub.keys,
  );
  addFetches(page, meter);
  const reloads = page.counter(
    'tributary_graph_reloads_total',
    'Graphs that took over, or could not.',
    ['outcome'],
  );
  reloads({ outcome: 'success' }, meter.reloads);
  reloads({ outcome: 'failure' }, meter.reloadsFailed);
}

function addCaches(page: MetricPage, caches: Readonly<Record<string, CacheMeter>>): void {
  const names = ['cache'];
  const hits = page.counter('tributary_cache_hits_total', 'Look-ups that found something.', names);
  const misses = page.counter(
    'tributary_cache_misses_total',
    'Look-ups that found nothing, or nothing that still held.',
    names,
  );
  const evictions = page.counter(
    'tributary_cache_evictions_total',
    'Entries that made room for others.',
    names,
  );
  const bytes = page.gauge(
    'tributary_cache_bytes',
    'Memory of the entries, about; of operations the characters of their texts.',
    names,
  );
  const entries = page.gauge('tributary_cache_entries', 'Entries that are kept.', names);
  for (const [cache, meter] of Object.entries(caches)) {
    hits({ cache }, meter.hits);
    misses({ cache }, meter.misses);
    evictions({ cache }, meter.evictions);
    bytes({ cache }, meter.bytes);
    entries({ cache }, meter.entries);
  }
}

function addFetches(page: MetricPage, { fetches }: GraphMeter): void {
  const durations = page.histogram(
    'tributary_subgraph_fetch_duration_seconds',
    'Fetches from a subgraph, local or remote, with all that they wait for.',
  );
  const failures = page.counter(
    'tributary_subgraph_fetch_errors_total',
    'Fetches whose answer had an error in it, or that got none.',
    ['subgraph'],
  );
  for (const [subgraph, meter] of fetches) {
    durations({ subgraph }, meter.durations);
    failures({ subgraph }, meter.failures);
  }
}
