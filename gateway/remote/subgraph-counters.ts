export type BreakerState = 'closed' | 'open' | 'halfOpen';

/**
 * What was counted of one remote subgraph since the server started, and what is so now. The stages write, whoever
 * tells others about it reads.
 */
export class SubgraphCounters {
  /** Fetches of the gateway. */
  fetches = 0;
  /** Of these, fetches that got the answer to the request of another one. */
  shared = 0;
  /** Requests that were sent, repetitions among them. */
  requests = 0;
  retries = 0;
  /** Repetitions that were left out because the budget was used up. */
  retriesLeftOut = 0;
  /** Requests that failed, by reason. */
  readonly failures = { connection: 0, silence: 0, lasting: 0, unavailable: 0, noGraphql: 0 };
  /** Requests that were given up because nobody waited any longer, or their time was up. */
  givenUp = 0;
  /** Requests that were not sent since the breaker was open. */
  refusedByBreaker = 0;
  /** Requests that were not sent since too many were waiting. */
  refusedByQueue = 0;
  breakerOpenings = 0;
  breakerState: BreakerState = 'closed';
  /** Requests under way. */
  inFlight = 0;
  /** Requests that wait for their turn. */
  queued = 0;
}
