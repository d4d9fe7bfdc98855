import type { SubscriberMetrics } from '../events/event-service.ts';
import type { MetricPage } from '../foundation/metrics/metric-page.ts';
import type { Freshness } from '../sync/sync-service.ts';
import type { MotionServices } from './motion-services.ts';

/** How old everything is and how events fare. */
export async function addMotionMetrics(page: MetricPage, services: MotionServices): Promise<void> {
  const { events, sync, feed } = services;
  addFreshness(await sync.freshness(), page);
  addSubscribers(events.metrics(), page);
  page.gauge('tributary_ledger_head', 'Sequence of the newest change in the log.')({}, feed.head);
}

function addFreshness(all: readonly Freshness[], page: MetricPage): void {
  const labelNames = ['domain', 'table'];
  const name = (part: string): string => `tributary_freshness_${part}`;
  const lag = page.gauge(
    name('lag_seconds'),
    'How old the table is in the lake: from its watermark, or else its last sync, until now.',
    labelNames,
  );
  const objective = page.gauge(name('objective_seconds'), 'How old the table may be.', labelNames);
  const stale = page.gauge(
    name('stale'),
    '1 when the table is older than it may be or was never synced, else 0.',
    labelNames,
  );
  const rows = page.gauge('tributary_rows', 'Rows of the table, about.', labelNames);
  const waiting = page.gauge('tributary_quarantined_rows', 'Rows in quarantine.', labelNames);
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

function addSubscribers(all: readonly SubscriberMetrics[], page: MetricPage): void {
  const backlog = page.gauge(
    'tributary_event_backlog',
    'Events that wait for the subscriber, about.',
    subscriberLabels,
  );
  const lag = page.gauge(
    'tributary_event_lag_seconds',
    'How old the oldest event is that waits for the subscriber.',
    subscriberLabels,
  );
  const active = page.gauge(
    'tributary_event_subscriber_active',
    '1 when the subscriber takes events, 0 when it is paused, failing or gone.',
    subscriberLabels,
  );
  const dead = page.gauge(
    'tributary_event_dead_letters',
    'Events that could not be delivered to the subscriber.',
    subscriberLabels,
  );
  const delivered = page.counter(
    'tributary_events_delivered_total',
    'Events that the subscriber took, since the start.',
    subscriberLabels,
  );
  const failed = page.counter(
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
