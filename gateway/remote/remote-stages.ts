import type { Clock } from '../../foundation/clock.ts';
import type { Log } from '../../foundation/log.ts';
import type { Scheduler } from '../../foundation/scheduler.ts';
import { breakCircuit } from './break-circuit.ts';
import { countRequests } from './count-requests.ts';
import { limitConcurrency } from './limit-concurrency.ts';
import type { Send } from './remote-request.ts';
import type { RemoteSettings } from './remote-settings.ts';
import { retryQueries } from './retry-queries.ts';
import { shareRequests } from './share-requests.ts';
import { traceRequests } from './trace-requests.ts';
import type { SubgraphCounters } from './subgraph-counters.ts';

export interface StageOptions {
  readonly subgraph: string;
  readonly url: URL;
  readonly settings: RemoteSettings;
  readonly counters: SubgraphCounters;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly log: Log;
}

/**
 * What a request to a remote subgraph passes on its way to a connection, the outermost stage first. Equal requests
 * are one before they are anything else. Every repetition asks the breaker anew, so that there is none once it is
 * open. Who may not be sent needs no place in the queue; who waits in the queue says nothing about the subgraph.
 */
export function remoteStages(send: Send, options: StageOptions): Send {
  const { settings, counters } = options;
  const shared = { ...settings, ...options };
  const stages: readonly ((next: Send) => Send)[] = [
    (next) => shareRequests(next, shared),
    (next) => retryQueries(next, { ...options, settings: settings.retries }),
    (next) => breakCircuit(next, { ...options, settings: settings.breaker }),
    (next) => limitConcurrency(next, shared, counters),
    (next) => countRequests(next, counters),
    (next) => traceRequests(next, options.url),
  ];
  return stages.reduceRight((next, stage) => stage(next), send);
}
