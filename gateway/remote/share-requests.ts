import { callerId } from '../../access/caller.ts';
import type { Clock } from '../../foundation/clock.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Scheduler } from '../../foundation/scheduler.ts';
import type { RemoteRequest, RemoteResponse, Send } from './remote-request.ts';
import type { SubgraphCounters } from './subgraph-counters.ts';

interface ShareOptions {
  readonly subgraph: string;
  readonly deduplicate: boolean;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly counters: SubgraphCounters;
}

/** A request that several may wait for. It goes on as long as one of them does. */
interface SharedRequest {
  readonly controller: AbortController;
  readonly answer: Promise<RemoteResponse>;
  readonly startedMs: number;
  waiting: number;
}

/** Of each request alone; everything else that a subgraph gets tells requests apart. */
const ownHeaders: ReadonlySet<string> = new Set(['x-request-id', 'traceparent', 'tracestate']);

/**
 * Lets equal queries of one caller that are under way together share one request. A query never joins one that was
 * sent before a mutation, so that a caller sees what they changed; nor one that has used up half of its time.
 *
 * @throws SUBGRAPH_TIMEOUT
 */
export function shareRequests(send: Send, options: ShareOptions): Send {
  const { counters, clock, timeoutMs } = options;
  const underWay = new Map<string, SharedRequest>();
  return async (request) => {
    counters.fetches++;
    if (!request.isQuery) return sendMutation(send, request, underWay);
    if (!options.deduplicate) return send(request);
    const key = keyOf(request);
    const known = underWay.get(key);
    if (known !== undefined && clock.monotonicMs() - known.startedMs < timeoutMs / 2) {
      counters.shared++;
      request.trace?.noteShared();
      return waitFor(known, request.signal);
    }
    const shared = start(send, request, options);
    underWay.set(key, shared);
    const forget = (): void => {
      if (underWay.get(key) === shared) underWay.delete(key);
    };
    shared.controller.signal.addEventListener('abort', forget, { once: true });
    void shared.answer.then(forget, forget);
    return waitFor(shared, request.signal);
  };
}

async function sendMutation(
  send: Send,
  request: RemoteRequest,
  underWay: Map<string, SharedRequest>,
): Promise<RemoteResponse> {
  underWay.clear();
  try {
    return await send(request);
  } finally {
    // What was asked meanwhile may have been answered before the change.
    underWay.clear();
  }
}

function keyOf({ body, headers, caller }: RemoteRequest): string {
  const shared = Object.entries(headers).filter(([name]) => !ownHeaders.has(name));
  return `${JSON.stringify([caller.kind, callerId(caller), shared])}${body}`;
}

function start(send: Send, request: RemoteRequest, options: ShareOptions): SharedRequest {
  const { subgraph, timeoutMs, clock, scheduler } = options;
  const controller = new AbortController();
  const startedMs = clock.monotonicMs();
  const callOff = scheduler.after(timeoutMs, () =>
    controller.abort(raise('SUBGRAPH_TIMEOUT', { subgraph, timeoutMs })),
  );
  const { signal } = controller;
  const answer = send({ ...request, signal, deadlineMs: startedMs + timeoutMs }).finally(callOff);
  return { controller, answer, startedMs, waiting: 0 };
}

/** Who is gone does not hold the others up, and the last one takes the request along. */
function waitFor(shared: SharedRequest, signal: AbortSignal): Promise<RemoteResponse> {
  shared.waiting++;
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      reject(signal.reason as Error);
      shared.waiting--;
      if (shared.waiting === 0) shared.controller.abort(signal.reason);
    };
    if (signal.aborted) {
      leave();
      return;
    }
    signal.addEventListener('abort', leave, { once: true });
    void shared.answer
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', leave));
  });
}
