import { Counter, Gauge, Registry } from 'prom-client';
import type { Subscriber } from '../events/event-service.ts';
import type { Freshness } from '../sync/sync-service.ts';
import type { EventStats, MotionServices } from './motion-services.ts';

export const metricsContentType = Registry.PROMETHEUS_CONTENT_TYPE;

/**
 * How old everything is and how events fare, in the text format of Prometheus. The numbers are read when they are
 * asked for and kept nowhere, so each answer has a registry of its own: what is gone leaves no trace in the next one.
 */
export async function writeMetrics(services: MotionServices): Promise<string> {
  const { events, sync, feed, eventStats } = services;
  const [freshness, subscribers] = await Promise.all([sync.freshness(), events.subscribers()]);
  const registry = new Registry();
  const gauge = gaugesOf(registry);
  addFreshness(freshness, gauge);
  addSubscribers(subscribers, gauge);
  gauge('tributary_ledger_head', 'Sequence of the newest change in the log.', [])({}, feed.head);
  const stats = eventStats?.();
  if (stats !== undefined) addStats(stats, registry);
  return registry.metrics();
}

type Labels = Readonly<Record<string, string>>;
type SetGauge = (labels: Labels, value: number | null) => void;
type MakeGauge = (name: string, help: string, labelNames: readonly string[]) => SetGauge;

function gaugesOf(registry: Registry): MakeGauge {
  return (name, help, labelNames) => {
    const gauge = new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
    return (labels, value) => {
      if (value !== null) gauge.set({ ...labels }, value);
    };
  };
}

function addFreshness(all: readonly Freshness[], gauge: MakeGauge): void {
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

function addSubscribers(all: readonly Subscriber[], gauge: MakeGauge): void {
  const labelNames = ['id', 'name'];
  const backlog = gauge(
    'tributary_event_backlog',
    'Events that wait for the subscriber, about.',
    labelNames,
  );
  const isActive = gauge(
    'tributary_event_subscriber_active',
    '1 when the subscriber takes events, 0 when it is paused, failing or gone.',
    labelNames,
  );
  for (const { id, name, ...subscriber } of all) {
    backlog({ id, name }, subscriber.backlog);
    isActive({ id, name }, subscriber.state === 'ACTIVE' ? 1 : 0);
  }
}

function addStats(stats: EventStats, registry: Registry): void {
  const counters: readonly (readonly [string, string, number])[] = [
    ['delivered', 'Events that subscribers took, since the start.', stats.delivered],
    ['failed_attempts', 'Deliveries that failed, since the start.', stats.failedAttempts],
    ['dead_letters', 'Events that became dead letters, since the start.', stats.deadLetters],
    ['received', 'Events that came from tools, since the start.', stats.received],
  ];
  for (const [name, help, value] of counters) {
    const counter = new Counter({
      name: `tributary_events_${name}_total`,
      help,
      registers: [registry],
    });
    counter.inc(value);
  }
}
