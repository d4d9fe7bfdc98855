import type { GraphQLDataSource } from '@apollo/gateway';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { systemClock } from '../../foundation/clock.ts';
import { EarlyEnd, untilEnded, type EndSignal } from '../../foundation/early-end.ts';
import { TributaryError } from '../../foundation/errors/tributary-error.ts';
import type { Log } from '../../foundation/log.ts';
import type { FetchTrace } from '../telemetry/request-trace.ts';
import type { FetchMeter } from '../telemetry/graph-meter.ts';
import type { AnswerPath, IsWithin } from './answer-so-far.ts';
import { ErrorPlaces } from './error-places.ts';
import type { RequestContext } from '../graph/request-context.ts';
import {
  readAnswerError,
  readFetchFailure,
  SubgraphError,
  type Problem,
} from './subgraph-error.ts';

/** One fetch of a query plan, as a subgraph gets it. */
export interface SubgraphFetch {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: RequestContext;
  /** Aborted when the request ends or the subgraph has had its time. */
  readonly signal: EndSignal;
  /** Not there where nothing is traced. */
  readonly trace?: FetchTrace | undefined;
}

export interface SubgraphAnswer {
  readonly data?: Record<string, unknown> | null | undefined;
  readonly errors?: readonly (GraphQLError | GraphQLFormattedError)[] | undefined;
}

interface GuardOptions {
  readonly subgraph: string;
  readonly timeoutMs: number;
  /** What is said when the time is up. */
  readonly onTimeout: () => TributaryError;
  readonly log: Log;
  readonly meter: FetchMeter;
  /** Whether it has something to prepare for who only warms; it asks nobody then. */
  readonly isPreparable: boolean;
  /** Whether objects of one type are of another. */
  readonly isWithin: IsWithin;
  readonly fetch: (fetch: SubgraphFetch) => Promise<SubgraphAnswer>;
}

/**
 * The way to every subgraph, local or remote: gives it its time, and turns whatever goes wrong into errors that name
 * the subgraph and the place in the caller's answer, so that the rest of the answer survives.
 */
export function guardedSource(options: GuardOptions): GraphQLDataSource<RequestContext> {
  return {
    async process(processing) {
      const { request } = processing;
      const context = processing.context as RequestContext;
      if (context.isWarming === true && !options.isPreparable) return { data: null };
      const query = request.query ?? '';
      const variables: Readonly<Record<string, unknown>> = request.variables ?? {};
      const operationName = request.operationName ?? undefined;
      const { signal, dispose } = withTimeout(context.signal, options);
      const places = new ErrorPlaces({
        query,
        representations: variables['representations'],
        flattened:
          'pathInIncomingRequest' in processing ? (processing.pathInIncomingRequest ?? []) : [],
        answerSoFar: context.answerSoFar,
        isWithin: options.isWithin,
      });
      const { explanation } = context;
      const trace = context.trace?.startFetch(options.subgraph);
      const startedMs = systemClock.monotonicMs();
      let errorCount = 1;
      try {
        signal.throwIfAborted();
        const fetched = options.fetch({ query, operationName, variables, context, signal, trace });
        // A subgraph that ignores its signal must not hold up the answer.
        const { data, errors = [] } = await untilEnded(fetched, signal);
        errorCount = errors.length;
        if (places.areAtRoot && data) context.answerSoFar.add(data);
        return {
          data: data ?? null,
          ...(errors.length > 0 && {
            errors: errors.flatMap((error) => {
              const problem = readAnswerError(options.subgraph, error);
              logProblem(options, context, problem);
              // What failed as a whole has no path; beside data, nobody knows which part of it is meant.
              const isNowhere = error.path === undefined && data;
              if (isNowhere) return toErrors(problem, []);
              return toErrors(problem, places.of(error.path), places.emptiedFor(error.path, data));
            }),
          }),
        };
      } catch (error) {
        const problem = readFetchFailure(error);
        if (!context.signal.aborted) logProblem(options, context, problem, error);
        return { data: null, errors: toErrors(problem, places.of(undefined)) };
      } finally {
        const durationMs = systemClock.monotonicMs() - startedMs;
        explanation?.addFetch(options.subgraph, durationMs);
        options.meter.add(durationMs / 1_000, errorCount > 0);
        trace?.end(errorCount);
        dispose();
      }
    },
  };
}

function toErrors(
  problem: Problem,
  places: readonly AnswerPath[],
  emptied: readonly AnswerPath[] = [],
): GraphQLFormattedError[] {
  const all = places.length === 0 ? [undefined] : places;
  return all.map((place) => new SubgraphError(problem, place, emptied));
}

function logProblem(
  { log, subgraph }: GuardOptions,
  { requestId }: RequestContext,
  { message, hidden }: Problem,
  cause?: unknown,
): void {
  if (hidden !== undefined) {
    const { correlationId, error } = hidden;
    log.error({ err: error, subgraph, requestId, correlationId }, 'subgraph failed');
  } else if (cause !== undefined && !isToldOnce(cause)) {
    log.warn({ err: cause, subgraph, requestId }, 'subgraph failed');
  } else {
    log.debug({ subgraph, requestId }, message);
  }
}

/** The breaker logs when it opens; every fetch that it refuses is the same piece of news again. */
function isToldOnce(error: unknown): boolean {
  return error instanceof TributaryError && error.code === 'SUBGRAPH_CIRCUIT_OPEN';
}

function withTimeout(
  parent: EndSignal,
  { timeoutMs, onTimeout }: GuardOptions,
): { readonly signal: EndSignal; readonly dispose: () => void } {
  const signal = new EarlyEnd();
  const abort = (): void => signal.come(parent.reason as Error);
  const timer = setTimeout(() => signal.come(onTimeout()), timeoutMs);
  if (parent.aborted) abort();
  parent.addEventListener('abort', abort, { once: true });
  return {
    signal,
    dispose: () => {
      clearTimeout(timer);
      parent.removeEventListener('abort', abort);
    },
  };
}
