import type { ApolloServer } from '@apollo/server';
import { actorOf } from '../../access/caller.ts';
import type { SubgraphService } from '../../domains/build-subgraph.ts';
import { executeSubgraph } from '../../domains/execute-locally.ts';
import type { LakeReader } from '../../domains/request-loaders.ts';
import type { Config } from '../../foundation/config/schema.ts';
import { toAbortSignal } from '../../foundation/early-end.ts';
import type { Log } from '../../foundation/log.ts';
import { hubName } from '../../hub/derive/names.ts';
import type { Hub } from '../../hub/hub.ts';
import { bothTraces, type Lake, type ReadOptions, type StatementTrace } from '../../lake/engine.ts';
import type { FrontRequest, FrontResponse } from '../http/route.ts';
import { createQueryCheck } from '../limits/check-query.ts';
import { createDocumentLimits } from '../limits/limits.ts';
import { answerGraphql } from '../request/graphql-endpoint.ts';
import type { SubgraphAnswer, SubgraphFetch } from '../fetch/guarded-source.ts';
import type { FreshnessOf } from '../answer/known-freshness.ts';
import type { KnownDocuments } from '../request/persisted-documents.ts';
import { requestContext, type RequestContext } from './request-context.ts';
import { domainServer, hubServer } from './subgraph-servers.ts';

export type Fetcher = (fetch: SubgraphFetch) => Promise<SubgraphAnswer>;

export interface LocalSubgraph {
  readonly fetch: Fetcher;
  readonly answer: (request: FrontRequest, documents: KnownDocuments) => Promise<FrontResponse>;
  readonly stop: () => Promise<void>;
}

interface ServeOptions {
  readonly config: Config;
  readonly log: Log;
}

/** A domain in this process: by its functions for our gateway, over HTTP for other routers. */
export async function serveDomain(
  service: SubgraphService,
  freshnessOf: FreshnessOf,
  { config, log, lake }: ServeOptions & { readonly lake: Lake },
): Promise<LocalSubgraph> {
  const { limits } = config.graph;
  const contextOf = (
    { wire, signal, explanation, freshness, caller, requestId }: RequestContext,
    observe: StatementTrace | undefined,
  ) =>
    service.createContext({
      partsRead: freshness?.partsRead,
      signal: toAbortSignal(signal),
      origin: { actor: actorOf(caller), source: 'tributary/graphql', cause: requestId },
      decimals: wire.decimals,
      lake: lakeOf(lake, {
        timeoutMs: limits.timeoutMs,
        trace: bothTraces(explanation?.traceOf(service.name), observe),
      }),
    });
  const server = domainServer(service, { limits, log });
  const checkQuery = createQueryCheck(createDocumentLimits(limits));
  await server.start();
  return {
    fetch: ({ query, operationName, variables, context, signal, trace }) =>
      executeSubgraph(service, {
        query,
        operationName,
        variables,
        context: contextOf({ ...context, signal }, trace?.statements),
      }),
    async answer(request, documents) {
      const freshness = await freshnessOf(request);
      const context = { ...requestContext(request, config.graph.decimals), freshness };
      const own = { ...contextOf(context, context.trace?.statements), freshness };
      return answerGraphql(server, request, own, { documents, checkQuery });
    },
    stop: () => server.stop(),
  };
}

/** The lake for one request to a domain. */
function lakeOf(lake: Lake, always: ReadOptions): LakeReader {
  return { read: (statement, options) => lake.read(statement, { ...options, ...always }) };
}

/** The hub, in the same two ways. */
export async function serveHub(
  hub: Hub,
  freshnessOf: FreshnessOf,
  { config, log }: ServeOptions,
): Promise<LocalSubgraph> {
  const { limits } = config.graph;
  const server: ApolloServer<RequestContext> = hubServer(hub, { limits, log });
  const checkQuery = createQueryCheck(createDocumentLimits(limits));
  await server.start();
  return {
    fetch: fetchFromHub(hub, { takesJsonText: false }),
    async answer(request, documents) {
      const freshness = await freshnessOf(request);
      const context = { ...requestContext(request, config.graph.decimals), freshness };
      return answerGraphql(server, request, context, { documents, checkQuery });
    },
    stop: () => server.stop(),
  };
}

/** @param takesJsonText where the answer goes to the client as it is */
export function fetchFromHub(
  hub: Hub,
  { takesJsonText }: { readonly takesJsonText: boolean },
): Fetcher {
  return ({ query, operationName, variables, context, signal, trace }) =>
    hub.execute({
      query,
      operationName,
      variables,
      wire: context.wire,
      signal,
      takesJsonText,
      isOnlyPrepared: context.isWarming,
      trace: context.explanation?.traceOf(hubName),
      observe: trace?.statements,
      partsRead: context.freshness?.partsRead,
      // Of what a plan fetches, others may fetch more.
      reads: takesJsonText ? context.reads : undefined,
    });
}
