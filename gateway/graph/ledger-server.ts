import { execute, GraphQLError, type GraphQLSchema } from 'graphql';
import type { ApolloServer } from '@apollo/server';
import { actorOf } from '../../access/caller.ts';
import { DocumentCache } from '../../domains/document-cache.ts';
import type { Config } from '../../foundation/config/schema.ts';
import { toAbortSignal } from '../../foundation/early-end.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Log } from '../../foundation/log.ts';
import { systemScheduler as scheduler } from '../../foundation/scheduler.ts';
import type { LedgerSchema } from '../../motion/derive-ledger.ts';
import { ledgerContext, type LedgerContext } from '../../motion/ledger-context.ts';
import { ledgerSubgraph } from '../../motion/ledger-subgraph.ts';
import type { MotionServices } from '../../motion/motion-services.ts';
import type { FrontRequest, FrontResponse } from '../http/route.ts';
import { createQueryCheck } from '../limits/check-query.ts';
import { createDocumentLimits } from '../limits/limits.ts';
import type { SubgraphAnswer, SubgraphFetch } from '../fetch/guarded-source.ts';
import { maskErrors } from '../answer/mask-errors.ts';
import { hidingNearNames, type FormatError } from '../answer/near-names.ts';
import type { KnownDocuments } from '../request/persisted-documents.ts';
import { shorten } from '../answer/shorten-errors.ts';
import { answerGraphql } from '../request/graphql-endpoint.ts';
import { answerOrStream } from '../subscriptions/answer-or-stream.ts';
import { runStream, type StreamServing } from '../subscriptions/run-stream.ts';
import type { StreamWish, WishContext } from '../subscriptions/stream-wish.ts';
import { ledgerServer } from './subgraph-servers.ts';

export interface LedgerServerOptions {
  readonly ledgerSchema: LedgerSchema;
  /** Not there on a server that does not keep what moves. */
  readonly motion: MotionServices | undefined;
  readonly config: Config;
  readonly log: Log;
}

/** The subgraph of what moves, in this process: for the gateway, for other routers, and for subscriptions. */
export interface LedgerSubgraphServer {
  readonly streams: StreamServing;
  readonly fetch: (fetch: SubgraphFetch) => Promise<SubgraphAnswer>;
  readonly answer: (request: FrontRequest, documents: KnownDocuments) => Promise<FrontResponse>;
  readonly stop: () => Promise<void>;
}

export async function serveLedger(options: LedgerServerOptions): Promise<LedgerSubgraphServer> {
  const { config, log } = options;
  const schema = ledgerSubgraph(options.ledgerSchema);
  const server: ApolloServer<LedgerContext & WishContext> = ledgerServer(schema, {
    limits: config.graph.limits,
    log,
  });
  await server.start();
  const checkQuery = createQueryCheck(createDocumentLimits(config.graph.limits));
  const contextOf = (
    { caller, headers }: Pick<FrontRequest, 'caller'> & Partial<Pick<FrontRequest, 'headers'>>,
    signal: AbortSignal,
  ): LedgerContext => {
    if (options.motion === undefined) throw raise('MOTION_UNAVAILABLE', {});
    const lastEventId = headers?.['last-event-id'];
    return ledgerContext({
      services: options.motion,
      caller: { actor: actorOf(caller), seesAll: caller.kind === 'anonymous' },
      signal,
      lastEventId: typeof lastEventId === 'string' && lastEventId !== '' ? lastEventId : undefined,
      limits: {
        pageSize: config.graph.limits.pageSize,
        syncWaitMs: Math.round(config.server.requestTimeoutMs * shareOfRequest),
      },
      scheduler,
    });
  };
  const streams: StreamServing = {
    schema,
    contextOf,
    formatError: streamErrors(log, config.graph),
  };
  return {
    streams,
    fetch: fetchFrom(schema, contextOf),
    answer: (request, documents) => {
      const context = contextOf(request, toAbortSignal(request.signal));
      const answer = (asked: FrontRequest, streamWish?: StreamWish): Promise<FrontResponse> =>
        answerGraphql(server, asked, { ...context, streamWish }, { documents, checkQuery });
      return answerOrStream(request, {
        answer,
        async begin(asked, isGet) {
          const streamWish: StreamWish = { isGet, found: undefined };
          const response = await answer(asked, streamWish);
          const { found } = streamWish;
          if (found === undefined) return { kind: 'answer', response };
          const run = (signal: AbortSignal) => runStream(found, asked, signal, streams);
          return { kind: 'subscription', heartbeatMs: config.events.heartbeatMs, run };
        },
      });
    },
    stop: () => server.stop(),
  };
}

/** How much of the time that a request has is spent on waiting for a sync. */
const shareOfRequest = 0.8;

type ContextOf = (request: Pick<FrontRequest, 'caller'>, signal: AbortSignal) => LedgerContext;

function fetchFrom(
  schema: GraphQLSchema,
  contextOf: ContextOf,
): (fetch: SubgraphFetch) => Promise<SubgraphAnswer> {
  const documents = new DocumentCache(schema);
  return async ({ query, operationName, variables, context, signal }) => {
    const checked = documents.get(query);
    if (checked.kind === 'invalid') return { errors: checked.errors };
    const { document } = checked;
    const contextValue = contextOf(context, toAbortSignal(signal));
    return execute({
      schema,
      document,
      variableValues: variables,
      operationName,
      contextValue,
    });
  };
}

/** Variables were checked before; whatever else is wrong has a cause. */
function streamErrors(
  log: Log,
  { introspection, errorDetail }: Pick<Config['graph'], 'introspection' | 'errorDetail'>,
): FormatError {
  const mask = maskErrors(log);
  const masked: FormatError = (formatted, error) => {
    const isUncoded = error instanceof GraphQLError && error.extensions['code'] === undefined;
    return mask(
      isUncoded ? { ...formatted, extensions: { code: 'BAD_USER_INPUT' } } : formatted,
      error,
    );
  };
  if (errorDetail === 'code') return (formatted, error) => shorten(masked(formatted, error));
  return introspection ? masked : hidingNearNames(masked);
}
