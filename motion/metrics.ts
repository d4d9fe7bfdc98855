import { Counter, Gauge, Registry } from 'prom-client';
import type { SubscriberMetrics } from '../events/event-service.ts';
import type { Freshness } from '../sync/sync-service.ts';
import type { MotionServices } from './motion-services.ts';

export const metricsContentType = Registry.PROMETHEUS_CONTENT_TYPE;

/**
 * How old everything is and how events fare, in the text format of Prometheus. The numbers are read when they are
 * asked for and kept nowhere, so each answer has a registry of its own: what is gone leaves no trace in the next one.
 */
export async function writeMetrics(services: MotionServices): Promise<string> {
  const { events, sync, feed } = services;
  const freshness = await sync.freshness();
  const registry = new Registry();
  const gauge = gaugesOf(registry);
  addFreshness(freshness, gauge);
  addSubscribers(events.metrics(), gauge, countersOf(registry));
  gauge('tributary_ledger_head', 'Sequence of the newest change in the log.', [])({}, feed.head);
  return registry.metrics();
}

type Labels = Readonly<Record<string, string>>;
type SetNumber = (labels: Labels, value: number | null) => void;
type MakeMetric = (name: string, help: string, labelNames: readonly string[]) => SetNumber;

function gaugesOf(registry: Registry): MakeMetric {
  return (name, help, labelNames) => {
    const gauge = new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
    return (labels, value) => {
      if (value !== null) gauge.set({ ...labels }, value);
    };
  };
}

function countersOf(registry: Registry): MakeMetric {
  return (name, help, labelNames) => {
    const counter = new Counter({ name, help, labelNames: [...labelNames], registers: [registry] });
    return (labels, value) => {
      if (value !== null) counter.inc({ ...labels }, value);
    };
  };
}

function addFreshness(all: readonly Freshness[], gauge: MakeMetric): void {
  const labelNames = ['domain', 'table'];
  const name = (part: string): string => `tributary_freshness_${part}`;
  const lag = gauge(
    name('lag_seconds'),
    'How old the table is in the lake: from its watermark, or else its last sync, until now.',
    labelNames,
  );
  const objective = gauge(name('objective_seconds'), 'How old the table may be.', labelNames);
  const stale = gauge(
    name('stale'),
    '1 when the table is older than it may be or was never synced, else 0.',
    labelNames,
  );
  const rows = gauge('tributary_rows', 'Rows of the table, about.', labelNames);
  const waiting = gauge('tributary_quarantined_rows', 'Rows in quarantine.', labelNames);
  for (const { domain, table, state, ...numbers } of all) {
    const labels = { domain, table };
    lag(labels, numbers.lagSeconds);
    objective(labels, numbers.objectiveSeconds);
    stale(labels, state === 'STALE' || state === 'NEVER' ? 1 : 0);
    rows(labels, numbers.rows);
    waiting(labels, numbers.quarantined);
  }
}

const subscriberLabels = ['id', 'name'] as const;

function addSubscribers(
  all: readonly SubscriberMetrics[],
  gauge: MakeMetric,
  counter: MakeMetric,
): void {
  const backlog = gauge(
    'tributary_event_backlog',
    'Events that wait for the subscriber, about.',
    subscriberLabels,
  );
  const lag = gauge(
    'tributary_event_lag_seconds',
    'How old the oldest event is that waits for the subscriber.',
    subscriberLabels,
  );
  const active = gauge(
    'tributary_event_subscriber_active',
    '1 when the subscriber takes events, 0 when it is paused, failing or gone.',
    subscriberLabels,
  );
  const dead = gauge(
    'tributary_event_dead_letters',
    'Events that could not be delivered to the subscriber.',
    subscriberLabels,
  );
  const delivered = counter(
    'tributary_events_delivered_total',
    'Events that the subscriber took, since the start.',
    subscriberLabels,
  );
  const failed = counter(
    'tributary_event_attempts_failed_total',
    'Deliveries to the subscriber that failed, since the start.',
    subscriberLabels,
  );
  for (const { id, name, state, ...numbers } of all) {
    const labels = { id, name };
    backlog(labels, numbers.backlog);
    lag(labels, numbers.lagSeconds);
    active(labels, state === 'ACTIVE' ? 1 : 0);
    dead(labels, numbers.deadLetters);
    delivered(labels, numbers.delivered);
    failed(labels, numbers.failed);
  }
}
