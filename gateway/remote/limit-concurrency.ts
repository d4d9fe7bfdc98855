import { raise } from '../../foundation/errors/tributary-error.ts';
import type { RemoteRequest, Send } from './remote-request.ts';
import type { SubgraphCounters } from './subgraph-counters.ts';

interface ConcurrencyLimit {
  readonly subgraph: string;
  readonly maxConcurrent: number;
  readonly maxQueued: number;
}

/**
 * Lets so many requests through at once; the others wait in their order, until their turn or until nobody waits for
 * them any longer.
 *
 * @throws SUBGRAPH_OVERLOADED, when as many wait as may
 */
export function limitConcurrency(
  send: Send,
  { subgraph, maxConcurrent, maxQueued }: ConcurrencyLimit,
  counters: SubgraphCounters,
): Send {
  let running = 0;
  /** Starts of those that wait; a set keeps their order, and gives up one in the middle at once. */
  const waiting = new Set<() => void>();
  const leave = (): void => {
    const [next] = waiting;
    if (next === undefined) running--;
    else next();
  };
  const waitForTurn = ({ signal }: RemoteRequest): Promise<void> =>
    new Promise((resolve, reject) => {
      const done = (): void => {
        waiting.delete(start);
        counters.queued = waiting.size;
        signal.removeEventListener('abort', giveUp);
      };
      const start = (): void => {
        done();
        resolve();
      };
      const giveUp = (): void => {
        done();
        reject(new GivenUpInQueue(signal.reason));
      };
      waiting.add(start);
      counters.queued = waiting.size;
      signal.addEventListener('abort', giveUp, { once: true });
    });
  return async (request) => {
    if (running < maxConcurrent) {
      running++;
    } else if (waiting.size < maxQueued) {
      await waitForTurn(request);
    } else {
      counters.refusedByQueue++;
      throw raise('SUBGRAPH_OVERLOADED', { subgraph, maxConcurrent, maxQueued });
    }
    try {
      return await send(request);
    } finally {
      leave();
    }
  };
}

/** The request never came to its turn: that says nothing about how the subgraph is. */
class GivenUpInQueue extends Error {
  constructor(cause: unknown) {
    super('The request was given up before its turn.', { cause });
    this.name = 'GivenUpInQueue';
  }
}
