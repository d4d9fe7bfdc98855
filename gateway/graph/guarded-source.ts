import { randomUUID } from 'node:crypto';
import type { GraphQLDataSource } from '@apollo/gateway';
import { GraphQLError, Kind, parse, type DocumentNode, type GraphQLFormattedError } from 'graphql';
import { raise, TributaryError } from '../../foundation/errors/tributary-error.ts';
import type { Log } from '../../foundation/log.ts';
import type { RequestContext } from './request-context.ts';

/** One fetch of a query plan, as a subgraph gets it. */
export interface SubgraphFetch {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: RequestContext;
  /** Aborted when the request ends or the subgraph has had its time. */
  readonly signal: AbortSignal;
}

export interface SubgraphAnswer {
  readonly data?: Record<string, unknown> | null | undefined;
  readonly errors?: readonly (GraphQLError | GraphQLFormattedError)[] | undefined;
}

interface GuardOptions {
  readonly subgraph: string;
  readonly timeoutMs: number;
  readonly log: Log;
  readonly fetch: (fetch: SubgraphFetch) => Promise<SubgraphAnswer>;
}

/**
 * The way to every subgraph, local or remote: gives it its time, and turns whatever goes wrong into errors with a
 * path and the subgraph's name, so that the rest of the answer survives.
 */
export function guardedSource(options: GuardOptions): GraphQLDataSource<RequestContext> {
  return {
    async process({ request, context }) {
      const requestContext = context as RequestContext;
      const query = request.query ?? '';
      const variables: Readonly<Record<string, unknown>> = request.variables ?? {};
      const { signal, dispose } = withTimeout(requestContext.signal, options);
      try {
        const answer = await untilAborted(
          options.fetch({
            query,
            operationName: request.operationName ?? undefined,
            variables,
            context: requestContext,
            signal,
          }),
          signal,
        );
        const errors = answer.errors?.map((error) => mask(error, options, requestContext));
        return { data: answer.data, ...(errors === undefined ? {} : { errors }) } as never;
      } catch (error) {
        const path = firstPath(query, variables);
        return {
          data: undefined,
          errors: [failure(error, path, options, requestContext)],
        } as never;
      } finally {
        dispose();
      }
    },
  };
}

function withTimeout(
  parent: AbortSignal | undefined,
  { subgraph, timeoutMs }: GuardOptions,
): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort(parent?.reason);
  const timer = setTimeout(
    () => controller.abort(raise('SUBGRAPH_TIMEOUT', { subgraph, timeoutMs })),
    timeoutMs,
  );
  if (parent?.aborted === true) abort();
  parent?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    dispose: () => {
      clearTimeout(timer);
      parent?.removeEventListener('abort', abort);
    },
  };
}

/** A subgraph that ignores its signal must not hold up the answer. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Errors that a subgraph meant to show pass; an exception inside one of ours is masked and logged whole. */
function mask(
  error: GraphQLError | GraphQLFormattedError,
  { log, subgraph }: GuardOptions,
  { requestId }: RequestContext,
): GraphQLFormattedError {
  const original = error instanceof GraphQLError ? error.originalError : undefined;
  const isMeant =
    original === undefined ||
    original instanceof GraphQLError ||
    isNullError(original) ||
    (original instanceof TributaryError && original.isShownToClients);
  const formatted = error instanceof GraphQLError ? error.toJSON() : error;
  if (isMeant) return formatted;
  const correlationId = randomUUID();
  log.error(
    { err: original, subgraph, requestId, correlationId, path: error.path },
    'subgraph failed',
  );
  const masked = raise('INTERNAL_SERVER_ERROR', { correlationId });
  return {
    message: masked.message,
    ...(error.path === undefined ? {} : { path: error.path }),
    extensions: { ...masked.extensions, correlationId },
  };
}

function isNullError({ message }: Error): boolean {
  return message.startsWith('Cannot return null for non-nullable field ');
}

function failure(
  error: unknown,
  path: readonly (string | number)[],
  { log, subgraph }: GuardOptions,
  { requestId }: RequestContext,
): GraphQLFormattedError {
  if (error instanceof TributaryError && error.isShownToClients) {
    return { message: error.message, path, extensions: error.extensions };
  }
  const correlationId = randomUUID();
  log.error({ err: error, subgraph, requestId, correlationId }, 'subgraph failed');
  const masked = raise('INTERNAL_SERVER_ERROR', { correlationId });
  return { message: masked.message, path, extensions: { ...masked.extensions, correlationId } };
}

/** The first place of the answer that a failed fetch leaves empty. */
function firstPath(
  query: string,
  variables: Readonly<Record<string, unknown>>,
): readonly (string | number)[] {
  if (Array.isArray(variables['representations'])) return ['_entities', 0];
  const document: DocumentNode = parse(query, { noLocation: true });
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const field = operation?.selectionSet.selections.find(
    (selection) => selection.kind === Kind.FIELD,
  );
  return field?.kind === Kind.FIELD ? [(field.alias ?? field.name).value] : [];
}
