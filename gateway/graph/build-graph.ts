import { dirname } from 'node:path';
import type { ApolloServer } from '@apollo/server';
import type { GraphQLDataSource } from '@apollo/gateway';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { actorOf } from '../../access/caller.ts';
import { buildSubgraph, type SubgraphService } from '../../domains/build-subgraph.ts';
import { executeSubgraph } from '../../domains/execute-locally.ts';
import { loadResolvers } from '../../domains/load-resolvers.ts';
import type { LakeReader } from '../../domains/request-loaders.ts';
import { systemClock, type Clock } from '../../foundation/clock.ts';
import type { Config } from '../../foundation/config/schema.ts';
import { raise, type TributaryError } from '../../foundation/errors/tributary-error.ts';
import type { Log } from '../../foundation/log.ts';
import type { AnswerReads } from '../../hub/execute/answer-reads.ts';
import { createHub, type Hub } from '../../hub/hub.ts';
import { hubName } from '../../hub/derive/names.ts';
import type { Lake, ReadOptions } from '../../lake/engine.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { MotionServices } from '../../motion/motion-services.ts';
import { ledgerName } from '../../motion/names.ts';
import type { FrontRequest, FrontResponse } from '../http/route.ts';
import { prepareSupergraph } from '../../registry/prepare-supergraph.ts';
import { AnswerCache } from './answer-cache.ts';
import { answerKnown } from './answer-known.ts';
import { withFieldTwins } from './field-twin-fetch.ts';
import type { ComposedProject } from './compose-project.ts';
import { isExplained } from './explain-header.ts';
import { createRefusalExplainer, type ExplainRefusal } from './explain-refusals.ts';
import { Explanation } from './explanation.ts';
import { gatewayServer } from './gateway-server.ts';
import { answerGraphql } from './graphql-endpoint.ts';
import { guardedSource, type SubgraphAnswer, type SubgraphFetch } from './guarded-source.ts';
import { freshnessOfAnswers, type FreshnessOf, type ReadFreshness } from './known-freshness.ts';
import { scalarsOfLake } from './known-scalars.ts';
import { serveLedger, type LedgerSubgraphServer } from './ledger-server.ts';
import { remoteSource } from './remote-source.ts';
import { requestContext, type RequestContext } from './request-context.ts';
import { answerOrStream, type StreamServing } from './stream-endpoint.ts';
import { domainServer, hubServer } from './subgraph-servers.ts';

/** One state of the graph, from its schemas to its answers. A changed schema makes another one; none ever changes. */
export interface Graph {
  readonly supergraphSdl: string;
  /** The subgraphs that this process serves. */
  readonly subgraphNames: readonly string[];
  /** Answers a GraphQL request, and a browser that asks for a page. */
  readonly answer: (request: FrontRequest) => Promise<FrontResponse>;
  /** Answers a router that asks one of the subgraphs. */
  readonly answerSubgraph: (name: string, request: FrontRequest) => Promise<FrontResponse>;
  readonly stop: () => Promise<void>;
}

interface GraphOptions {
  readonly config: Config;
  readonly log: Log;
}

interface ProjectGraphOptions extends GraphOptions {
  readonly project: ComposedProject;
  readonly lake: Lake;
  /** Takes changes; without it mutations of identities are refused. */
  readonly ledger?: Ledger | undefined;
  /** What is behind events and syncs; without it questions about them are refused. */
  readonly motion?: MotionServices | undefined;
  /** How old the tables of the lake are, where answers are to tell; what the syncs say by default. */
  readonly freshness?: ReadFreshness | undefined;
  readonly clock?: Clock | undefined;
  /** Lets the gateway plan also what the hub could be handed as it is; the answers are the same. */
  readonly isPlannedAlways?: boolean | undefined;
}

/** What only the graph of a project has. */
interface ProjectParts {
  readonly lake?: Lake;
  /** The hub that may be handed whole operations. */
  readonly hub?: Hub | undefined;
  readonly explainRefusal?: ExplainRefusal | undefined;
  readonly scalars?: ReadonlySet<string>;
  readonly streams?: StreamServing | undefined;
  readonly freshnessOf?: FreshnessOf;
}

type Fetcher = (fetch: SubgraphFetch) => Promise<SubgraphAnswer>;

interface LocalSubgraph {
  readonly fetch: Fetcher;
  readonly answer: (request: FrontRequest) => Promise<FrontResponse>;
  readonly stop: () => Promise<void>;
}

/** The graph of a project: hub and domains in this process, over its lake. */
export async function buildProjectGraph(options: ProjectGraphOptions): Promise<Graph> {
  const { project, lake, ledger, motion } = options;
  const redirects = ledger?.redirects;
  const { domains, model } = project.authored;
  const freshnessOf = freshnessOfAnswers({
    read: options.freshness ?? (motion && (() => motion.sync.freshness())),
    clock: options.clock ?? systemClock,
    log: options.log,
  });
  const locals = new Map<string, LocalSubgraph>();
  let shortcut: Hub | undefined;
  for (const domain of domains) {
    const resolvers = await loadResolvers(domain, dirname(domain.schemaFile));
    const service = buildSubgraph({
      domain,
      model,
      lake,
      resolvers,
      identities: ledger,
      redirects,
    });
    locals.set(domain.name, await serveDomain(service, freshnessOf, options));
  }
  if (project.hubSchema !== undefined) {
    const { limits } = options.config.graph;
    const hub = createHub({
      hubSchema: project.hubSchema,
      lake,
      limits,
      redirects,
      entityCacheBytes: options.config.graph.entityCacheMb * mebibyte,
    });
    locals.set(hubName, await serveHub(hub, freshnessOf, options));
    // The gateway keeps back what is inaccessible, such as a value of an enum; the hub alone would not.
    const showsTooMuch = project.supergraphSdl.includes('@inaccessible');
    if (!showsTooMuch && options.isPlannedAlways !== true) shortcut = hub;
  }
  const moving = await serveMoving(options);
  if (moving !== undefined) locals.set(ledgerName, moving);
  // Who may not read the schema is not told who owns what either.
  const explainRefusal = options.config.graph.introspection
    ? createRefusalExplainer(project.authored)
    : undefined;
  const scalars = scalarsOfLake(project.authored);
  return startGraph(project.supergraphSdl, locals, options, {
    scalars,
    lake,
    hub: shortcut,
    explainRefusal,
    streams: moving?.streams,
    freshnessOf,
  });
}

/** The graph of any supergraph, all of whose subgraphs are remote. */
export function buildRemoteGraph(supergraphSdl: string, options: GraphOptions): Promise<Graph> {
  return startGraph(supergraphSdl, new Map(), options, {});
}

async function startGraph(
  supergraphSdl: string,
  locals: ReadonlyMap<string, LocalSubgraph>,
  { config, log }: GraphOptions,
  parts: ProjectParts,
): Promise<Graph> {
  const { lake, hub, explainRefusal = (error) => error, scalars = new Set(), streams } = parts;
  const { freshnessOf = freshnessOfAnswers({ read: undefined, clock: systemClock, log }) } = parts;
  const prepared = prepareSupergraph(supergraphSdl);
  const schema = lazySchema(supergraphSdl);
  const sourceOf = (plannedName: string, url: string): GraphQLDataSource<RequestContext> => {
    // The planner may know a subgraph under a second name.
    const name = prepared.twins.sameAs.get(plannedName) ?? plannedName;
    const found: Fetcher = locals.get(name)?.fetch ?? remoteSource({ subgraph: name, url, schema });
    const fetch = withFieldTwins(found, plannedName, prepared.twins);
    return guardedSource({ subgraph: name, ...timeLimitOf(name, locals, config), log, fetch });
  };
  const wholeSource = (asked: Hub): GraphQLDataSource<RequestContext> => {
    // What it answers goes to the client as it is.
    const fetch = fetchFromHub(asked, { takesJsonText: true });
    return guardedSource({
      subgraph: hubName,
      ...timeLimitOf(hubName, locals, config),
      log,
      fetch,
    });
  };
  const { introspection, queryPlanCacheMb, answerCacheMb, decimals, limits, explain } =
    config.graph;
  const { server, knownLane } = gatewayServer({
    supergraph: prepared,
    sourceOf,
    hubShortcut: hub && { schema: hub.schema, source: wholeSource(hub) },
    introspection,
    queryPlanCacheMb,
    limits,
    explainRefusal,
    scalars,
    streams: streams?.schema,
    answerCache:
      lake && new AnswerCache({ maxBytes: answerCacheMb * mebibyte, versions: lake.versions }),
    profile: lake && ((statement, options) => lake.profile(statement, options)),
    log,
  });
  await server.start();
  return {
    supergraphSdl,
    subgraphNames: [...locals.keys()],
    async answer(request) {
      const freshness = await freshnessOf(request);
      const contextOf = (reads?: AnswerReads): RequestContext => ({
        ...requestContext(request, decimals),
        freshness,
        reads: freshness === undefined ? reads : undefined,
      });
      const isPlain = !isExplained(request, explain);
      const lane = isPlain ? knownLane() : undefined;
      const isKnown = lane !== undefined && freshness === undefined;
      const answer = isKnown ? await answerKnown(request, lane, contextOf) : undefined;
      if (answer !== undefined) return answer;
      const explanation = isPlain ? undefined : new Explanation();
      return answerOrStream(server, request, { ...contextOf(), explanation }, streams);
    },
    async answerSubgraph(name, request) {
      const local = locals.get(name);
      if (local === undefined) {
        throw raise('SUBGRAPH_UNKNOWN', { name, known: [...locals.keys()].join(', ') });
      }
      return local.answer(request);
    },
    async stop() {
      await server.stop();
      for (const local of locals.values()) await local.stop();
    },
  };
}

const mebibyte = 1_048_576;

/** What the hub gets beyond the time of a statement, which is stopped for itself and leaves the rest of the answer. */
const hubGraceMs = 1_000;

/** The hub has the time that a question may take, whatever a call to another subgraph may. */
function timeLimitOf(
  subgraph: string,
  locals: ReadonlyMap<string, LocalSubgraph>,
  { graph, subgraphs, server }: Config,
): { readonly timeoutMs: number; readonly onTimeout: () => TributaryError } {
  if (subgraph === hubName && locals.has(hubName)) {
    const { timeoutMs } = graph.limits;
    const onTimeout = (): TributaryError => raise('LAKE_TIMEOUT', { timeoutMs });
    return { timeoutMs: timeoutMs + hubGraceMs, onTimeout };
  }
  // It ends with the request: a sync may take longer than calls to subgraphs do.
  const isLedger = subgraph === ledgerName && locals.has(ledgerName);
  const timeoutMs = isLedger ? server.requestTimeoutMs : subgraphs.timeoutMs;
  return { timeoutMs, onTimeout: () => raise('SUBGRAPH_TIMEOUT', { subgraph, timeoutMs }) };
}

/** Only answers of remote subgraphs are checked against it, and most graphs have none. */
function lazySchema(supergraphSdl: string): () => GraphQLSchema {
  let schema: GraphQLSchema | undefined;
  return () => (schema ??= buildSchema(supergraphSdl, { assumeValid: true, assumeValidSDL: true }));
}

async function serveDomain(
  service: SubgraphService,
  freshnessOf: FreshnessOf,
  { config, log, lake }: ProjectGraphOptions,
): Promise<LocalSubgraph> {
  const { limits } = config.graph;
  const contextOf = ({ wire, signal, explanation, freshness, caller, requestId }: RequestContext) =>
    service.createContext({
      partsRead: freshness?.partsRead,
      signal,
      origin: { actor: actorOf(caller), source: 'tributary/graphql', cause: requestId },
      decimals: wire.decimals,
      lake: lakeOf(lake, {
        timeoutMs: limits.timeoutMs,
        trace: explanation?.traceOf(service.name),
      }),
    });
  const server = domainServer(service, { limits, log });
  await server.start();
  return {
    fetch: ({ query, operationName, variables, context, signal }) =>
      executeSubgraph(service, {
        query,
        operationName,
        variables,
        context: contextOf({ ...context, signal }),
      }),
    async answer(request) {
      const freshness = await freshnessOf(request);
      const context = { ...requestContext(request, config.graph.decimals), freshness };
      return answerGraphql(server, request, { ...contextOf(context), freshness });
    },
    stop: () => server.stop(),
  };
}

/** The lake for one request to a domain. */
function lakeOf(lake: Lake, always: ReadOptions): LakeReader {
  return { read: (statement, options) => lake.read(statement, { ...options, ...always }) };
}

async function serveMoving({
  project: { ledgerSchema },
  motion,
  config,
  log,
}: ProjectGraphOptions): Promise<LedgerSubgraphServer | undefined> {
  return ledgerSchema && serveLedger({ ledgerSchema, motion, config, log });
}

async function serveHub(
  hub: Hub,
  freshnessOf: FreshnessOf,
  { config, log }: ProjectGraphOptions,
): Promise<LocalSubgraph> {
  const { limits } = config.graph;
  const server: ApolloServer<RequestContext> = hubServer(hub, { limits, log });
  await server.start();
  return {
    fetch: fetchFromHub(hub, { takesJsonText: false }),
    answer: async (request) =>
      answerGraphql(server, request, {
        ...requestContext(request, config.graph.decimals),
        freshness: await freshnessOf(request),
      }),
    stop: () => server.stop(),
  };
}

function fetchFromHub(hub: Hub, { takesJsonText }: { readonly takesJsonText: boolean }): Fetcher {
  return ({ query, operationName, variables, context, signal }) =>
    hub.execute({
      query,
      operationName,
      variables,
      wire: context.wire,
      signal,
      takesJsonText,
      trace: context.explanation?.traceOf(hubName),
      partsRead: context.freshness?.partsRead,
      // Of what a plan fetches, others may fetch more.
      reads: takesJsonText ? context.reads : undefined,
    });
}
