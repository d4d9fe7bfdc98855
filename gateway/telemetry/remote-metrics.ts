import type { MetricPage, SetNumber } from '../../foundation/metrics/metric-page.ts';
import type { SubgraphCounters } from '../remote/subgraph-counters.ts';

const breakerStates = { closed: 'closed', open: 'open', halfOpen: 'half_open' } as const;

/** Remote subgraphs: what was sent to each, and how it is. */
export function addRemoteMetrics(
  page: MetricPage,
  counters: ReadonlyMap<string, Readonly<SubgraphCounters>>,
): void {
  const metrics = declare(page);
  for (const [subgraph, counted] of counters) {
    const label = { subgraph };
    metrics.fetches(label, counted.fetches);
    metrics.shared(label, counted.shared);
    metrics.requests(label, counted.requests);
    metrics.retries(label, counted.retries);
    metrics.retriesLeftOut(label, counted.retriesLeftOut);
    const { noGraphql, ...failures } = counted.failures;
    const reasons = { ...failures, no_graphql: noGraphql, given_up: counted.givenUp };
    for (const [reason, count] of Object.entries(reasons)) {
      metrics.failures({ subgraph, reason }, count);
    }
    metrics.refused({ subgraph, reason: 'breaker' }, counted.refusedByBreaker);
    metrics.refused({ subgraph, reason: 'queue' }, counted.refusedByQueue);
    metrics.openings(label, counted.breakerOpenings);
    for (const [state, name] of Object.entries(breakerStates)) {
      metrics.breaker({ subgraph, state: name }, counted.breakerState === state ? 1 : 0);
    }
    metrics.inFlight(label, counted.inFlight);
    metrics.queued(label, counted.queued);
  }
}

function declare(page: MetricPage): Declared {
  const name = (part: string): string => `tributary_remote_${part}`;
  const subgraph = ['subgraph'];
  return {
    fetches: page.counter(name('fetches_total'), 'Fetches from a remote subgraph.', subgraph),
    shared: page.counter(
      name('fetches_shared_total'),
      'Fetches that got the answer to the request of another one.',
      subgraph,
    ),
    requests: page.counter(
      name('requests_total'),
      'Requests that were sent, repetitions among them.',
      subgraph,
    ),
    retries: page.counter(name('retries_total'), 'Repetitions.', subgraph),
    retriesLeftOut: page.counter(
      name('retries_left_out_total'),
      'Repetitions that there was no budget for.',
      subgraph,
    ),
    failures: page.counter(name('failures_total'), 'Requests that failed, by reason.', [
      ...subgraph,
      'reason',
    ]),
    refused: page.counter(
      name('refused_total'),
      'Requests that were not sent: the breaker was open, or too many were waiting.',
      [...subgraph, 'reason'],
    ),
    openings: page.counter(
      name('breaker_openings_total'),
      'Times that a subgraph was left alone because it failed.',
      subgraph,
    ),
    breaker: page.gauge(name('breaker_state'), '1 for the state that the breaker is in, else 0.', [
      ...subgraph,
      'state',
    ]),
    inFlight: page.gauge(name('requests_in_flight'), 'Requests under way.', subgraph),
    queued: page.gauge(name('requests_queued'), 'Requests that wait for their turn.', subgraph),
  };
}

type Declared = Readonly<
  Record<
    | 'fetches'
    | 'shared'
    | 'requests'
    | 'retries'
    | 'retriesLeftOut'
    | 'failures'
    | 'refused'
    | 'openings'
    | 'breaker'
    | 'inFlight'
    | 'queued',
    SetNumber
  >
>;
