import type { ApolloServer, BaseContext } from '@apollo/server';
import {
  createSourceEventStream,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { Scheduler } from '../../foundation/scheduler.ts';
import { TributaryError } from '../../foundation/errors/tributary-error.ts';
import type { JsonTexts } from '../../wire/json-text.ts';
import type { FrontRequest, FrontResponse } from '../http/route.ts';
import {
  eventStream,
  eventStreamHeaders,
  wholeEventStream,
  type StreamedResult,
} from './event-stream.ts';
import { answerGraphql, type QuestionChecks } from '../request/graphql-endpoint.ts';
import { readStreamAccept, toPost } from './stream-request.ts';
import type { FoundSubscription, StreamWish } from './stream-wish.ts';
import { rootCause } from '../fetch/subgraph-error.ts';

/** How subscriptions are run. */
export interface StreamServing {
  readonly schema: GraphQLSchema;
  /** @param signal ends the subscription */
  readonly contextOf: (request: FrontRequest, signal: AbortSignal) => unknown;
  /** The same as the server's. */
  readonly formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
  readonly heartbeatMs: number;
  readonly scheduler: Scheduler;
}

interface AnswerOptions extends QuestionChecks {
  /** Undefined where no subscriptions are served. */
  readonly streams: StreamServing | undefined;
}

/**
 * Answers a request that came through our front, with a stream of server-sent events where it accepts one: a
 * subscription with one that goes on, other operations with one that is over at once unless JSON will do. What is
 * wrong with a subscription is said before its stream begins, in JSON, as of every operation.
 */
export async function answerOrStream<Context extends BaseContext>(
  server: ApolloServer<Context & { readonly streamWish?: StreamWish | undefined }>,
  request: FrontRequest,
  context: Context & { readonly jsonTexts?: JsonTexts },
  { streams, ...checks }: AnswerOptions,
): Promise<FrontResponse> {
  const accept = readStreamAccept(request.headers.accept);
  if (streams === undefined || request.openStream === undefined || accept === undefined) {
    return answerGraphql(server, request, context, checks);
  }
  const streamWish: StreamWish = { isGet: request.method === 'GET', found: undefined };
  const asked = toPost({ ...request, headers: { ...request.headers, accept: accept.otherwise } });
  const answer = await answerGraphql(server, asked, { ...context, streamWish }, checks);
  if (streamWish.found !== undefined) {
    return openStream(streamWish.found, request, request.openStream(), streams);
  }
  const { body, status } = answer;
  if (accept.isJsonFine || status >= 300 || typeof body !== 'string') return answer;
  return { status, headers: eventStreamHeaders, body: wholeEventStream(body.trim()) };
}

async function openStream(
  found: FoundSubscription,
  request: FrontRequest,
  signal: AbortSignal,
  streams: StreamServing,
): Promise<FrontResponse> {
  const run = await runStream(found, request, signal, streams);
  if (run.kind === 'refused') return run.response;
  const { heartbeatMs, scheduler } = streams;
  const body = eventStream({ results: run.results, signal, heartbeatMs, scheduler });
  return { status: 200, headers: eventStreamHeaders, body };
}

/** A subscription that runs, or why it does not. */
export type RunningStream =
  | { readonly kind: 'running'; readonly results: AsyncGenerator<StreamedResult> }
  | { readonly kind: 'refused'; readonly response: FrontResponse };

/** Runs a subscription on a schema of this process. */
export async function runStream(
  { document, operationName, variables }: FoundSubscription,
  request: FrontRequest,
  signal: AbortSignal,
  { schema, contextOf, formatError }: StreamServing,
): Promise<RunningStream> {
  const operation = {
    schema,
    document,
    operationName,
    variableValues: variables,
    contextValue: contextOf(request, signal),
  };
  const source = await createSourceEventStream(operation);
  if (!(Symbol.asyncIterator in source)) {
    return { kind: 'refused', response: refuse(source.errors ?? [], formatError) };
  }
  return { kind: 'running', results: results(source) };

  async function* results(events: AsyncIterable<unknown>): AsyncGenerator<StreamedResult> {
    try {
      for await (const event of events) {
        const { data, errors } = await execute({ ...operation, rootValue: event });
        yield { json: resultJson({ data, errors, formatError }), cursor: cursorOf(event) };
      }
    } catch (error) {
      if (signal.aborted) return;
      const problem =
        error instanceof GraphQLError
          ? error
          : new GraphQLError(String(error), { originalError: toError(error) });
      yield { json: resultJson({ errors: [problem], formatError }) };
    }
  }
}

function resultJson({
  data,
  errors,
  formatError,
}: {
  readonly data?: unknown;
  readonly errors: readonly GraphQLError[] | undefined;
  readonly formatError: StreamServing['formatError'];
}): string {
  const formatted = errors?.map((error) => formatError(error.toJSON(), error));
  return JSON.stringify({
    ...(formatted && { errors: formatted }),
    ...(data !== undefined && { data }),
  });
}

function refuse(
  errors: readonly GraphQLError[],
  formatError: StreamServing['formatError'],
): FrontResponse {
  const causes = errors.map(rootCause);
  const statuses = causes.map((cause) => (cause instanceof TributaryError ? cause.status : 400));
  return {
    // A client that waits for a stream looks at the status first.
    status: Math.max(400, ...statuses),
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: resultJson({ errors, formatError }),
  };
}

function cursorOf(event: unknown): string | undefined {
  return typeof event === 'object' && event !== null && 'cursor' in event
    ? String(event.cursor)
    : undefined;
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
