import { isUnavailable, RemoteFailure } from './remote-failure.ts';
import type { Send } from './remote-request.ts';
import type { SubgraphCounters } from './subgraph-counters.ts';

/** Counts what is sent and what becomes of it. */
export function countRequests(send: Send, counters: SubgraphCounters): Send {
  const { failures } = counters;
  return async (request) => {
    counters.requests++;
    counters.inFlight++;
    try {
      const response = await send(request);
      if (isUnavailable(response.status)) failures.unavailable++;
      else if (!response.isGraphql) failures.noGraphql++;
      return response;
    } catch (error) {
      if (error instanceof RemoteFailure) failures[error.kind]++;
      else counters.givenUp++;
      throw error;
    } finally {
      counters.inFlight--;
    }
  };
}
