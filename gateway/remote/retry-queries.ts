import type { Clock } from '../../foundation/clock.ts';
import type { Config } from '../../foundation/config/schema.ts';
import type { Scheduler } from '../../foundation/scheduler.ts';
import { isUnavailable, RemoteFailure } from './remote-failure.ts';
import type { RemoteRequest, RemoteResponse, Send } from './remote-request.ts';
import { RetryBudget } from './retry-budget.ts';
import type { SubgraphCounters } from './subgraph-counters.ts';

interface RetryOptions {
  readonly settings: Config['subgraphs']['retries'];
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly counters: SubgraphCounters;
}

type Outcome =
  | { readonly kind: 'answered'; readonly response: RemoteResponse }
  | { readonly kind: 'failed'; readonly error: unknown };

/**
 * Asks once more, after a pause that grows, when a query got no answer for a reason that may pass: no connection, no
 * answer begun in time, or a server that says it is not available. Mutations are asked once, whatever happens.
 */
export function retryQueries(send: Send, options: RetryOptions): Send {
  const { settings, clock, counters } = options;
  const budget = new RetryBudget(settings.budgetPercent);
  return async (request) => {
    budget.earn();
    if (!request.isQuery || settings.most === 0) return send(request);
    for (let retries = 0; ; retries++) {
      const outcome = await tryOnce(send, request);
      if (retries >= settings.most || !mayPass(outcome)) return finish(outcome);
      const pauseMs = pauseAfter(outcome, retries, options);
      if (clock.monotonicMs() + pauseMs >= request.deadlineMs) return finish(outcome);
      if (!budget.spend()) {
        counters.retriesLeftOut++;
        return finish(outcome);
      }
      await pause(pauseMs, request.signal, options.scheduler);
      counters.retries++;
    }
  };
}

async function tryOnce(send: Send, request: RemoteRequest): Promise<Outcome> {
  try {
    return { kind: 'answered', response: await send(request) };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

function finish(outcome: Outcome): RemoteResponse {
  if (outcome.kind === 'failed') throw outcome.error;
  return outcome.response;
}

function mayPass(outcome: Outcome): boolean {
  if (outcome.kind === 'answered') return isUnavailable(outcome.response.status);
  return outcome.error instanceof RemoteFailure && outcome.error.kind !== 'lasting';
}

/** Left to chance up to a length that doubles, so that many who failed together do not come back together. */
function pauseAfter(outcome: Outcome, retries: number, options: RetryOptions): number {
  const { settings, random, clock } = options;
  const longestMs = Math.min(settings.longestDelayMs, settings.firstDelayMs * 2 ** retries);
  const wished = outcome.kind === 'answered' ? outcome.response.retryAfter : undefined;
  return Math.max(random() * longestMs, retryAfterMs(wished, clock.now()));
}

/** Seconds, or a date (RFC 9110, 10.2.3). What is neither asks for nothing. */
export function retryAfterMs(value: string | undefined, now: Date): number {
  if (value === undefined) return 0;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1_000;
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? 0 : Math.max(0, atMs - now.getTime());
}

function pause(delayMs: number, signal: AbortSignal, scheduler: Scheduler): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      callOff();
      reject(signal.reason as Error);
    };
    const callOff = scheduler.after(delayMs, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
