import {
  createSourceEventStream,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import { TributaryError } from '../../foundation/errors/tributary-error.ts';
import { rootCause } from '../fetch/subgraph-error.ts';
import type { FrontRequest, FrontResponse } from '../http/route.ts';
import type { RunningStream } from './answer-or-stream.ts';
import type { StreamedResult } from './event-stream.ts';
import type { FoundSubscription } from './stream-wish.ts';

/** How subscriptions are run. */
export interface StreamServing {
  readonly schema: GraphQLSchema;
  /** @param signal ends the subscription */
  readonly contextOf: (request: FrontRequest, signal: AbortSignal) => unknown;
  /** The same as the server's. */
  readonly formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
}

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
