import { dirname } from 'node:path';
import type { ApolloServer } from '@apollo/server';
import type { GraphQLDataSource } from '@apollo/gateway';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { buildSubgraph, type SubgraphService } from '../../domains/build-subgraph.ts';
import { executeSubgraph } from '../../domains/execute-locally.ts';
import { loadResolvers } from '../../domains/load-resolvers.ts';
import type { LakeReader } from '../../domains/request-loaders.ts';
import type { Config } from '../../foundation/config/schema.ts';
import { raise, type TributaryError } from '../../foundation/errors/tributary-error.ts';
import type { Log } from '../../foundation/log.ts';
import { createHub, type Hub } from '../../hub/hub.ts';
import { hubName } from '../../hub/derive/names.ts';
import type { Lake, ReadOptions } from '../../lake/engine.ts';
import type { FrontRequest, FrontResponse } from '../http/route.ts';
import type { ComposedProject } from './compose-project.ts';
import { isExplained } from './explain-header.ts';
import { createRefusalExplainer, type ExplainRefusal } from './explain-refusals.ts';
import { Explanation } from './explanation.ts';
import { gatewayServer } from './gateway-server.ts';
import { answerGraphql } from './graphql-endpoint.ts';
import { guardedSource, type SubgraphAnswer, type SubgraphFetch } from './guarded-source.ts';
import { scalarsOfLake } from './known-scalars.ts';
import { remoteSource } from './remote-source.ts';
import { requestContext, type RequestContext } from './request-context.ts';
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
}

type Fetcher = (fetch: SubgraphFetch) => Promise<SubgraphAnswer>;

interface LocalSubgraph {
  readonly fetch: Fetcher;
  readonly answer: (request: FrontRequest) => Promise<FrontResponse>;
  readonly stop: () => Promise<void>;
}

/** The graph of a project: hub and domains in this process, over its lake. */
export async function buildProjectGraph(options: ProjectGraphOptions): Promise<Graph> {
  const { project, lake } = options;
  const { domains, model } = project.authored;
  const locals = new Map<string, LocalSubgraph>();
  let shortcut: Hub | undefined;
  for (const domain of domains) {
    const resolvers = await loadResolvers(domain, dirname(domain.schemaFile));
    const service = buildSubgraph({ domain, model, lake, resolvers });
    locals.set(domain.name, await serveDomain(service, options));
  }
  if (project.hubSchema !== undefined) {
    const { limits } = options.config.graph;
    const hub = createHub({ hubSchema: project.hubSchema, lake, limits });
    locals.set(hubName, await serveHub(hub, options));
    // The gateway keeps back what is inaccessible, such as a value of an enum; the hub alone would not.
    const showsTooMuch = project.supergraphSdl.includes('@inaccessible');
    if (!showsTooMuch && options.isPlannedAlways !== true) shortcut = hub;
  }
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
  { lake, hub, explainRefusal = (error) => error, scalars = new Set() }: ProjectParts,
): Promise<Graph> {
  const schema = lazySchema(supergraphSdl);
  const sourceOf = (name: string, url: string): GraphQLDataSource<RequestContext> => {
    const fetch: Fetcher = locals.get(name)?.fetch ?? remoteSource({ subgraph: name, url, schema });
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
  const { introspection, queryPlanCacheMb, decimals, limits, explain } = config.graph;
  const server = gatewayServer({
    supergraphSdl,
    sourceOf,
    hubShortcut: hub && { schema: hub.schema, source: wholeSource(hub) },
    introspection,
    queryPlanCacheMb,
    limits,
    explainRefusal,
    scalars,
    profile: lake && ((statement, options) => lake.profile(statement, options)),
    log,
  });
  await server.start();
  return {
    supergraphSdl,
    subgraphNames: [...locals.keys()],
    answer: (request) =>
      answerGraphql(server, request, {
        ...requestContext(request, decimals),
        explanation: isExplained(request, explain) ? new Explanation() : undefined,
      }),
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

/** What the hub gets beyond the time of a statement, which is stopped for itself and leaves the rest of the answer. */
const hubGraceMs = 1_000;

/** The hub has the time that a question may take, whatever a call to another subgraph may. */
function timeLimitOf(
  subgraph: string,
  locals: ReadonlyMap<string, LocalSubgraph>,
  { graph, subgraphs }: Config,
): { readonly timeoutMs: number; readonly onTimeout: () => TributaryError } {
  if (subgraph === hubName && locals.has(hubName)) {
    const { timeoutMs } = graph.limits;
    const onTimeout = (): TributaryError => raise('LAKE_TIMEOUT', { timeoutMs });
    return { timeoutMs: timeoutMs + hubGraceMs, onTimeout };
  }
  const { timeoutMs } = subgraphs;
  return { timeoutMs, onTimeout: () => raise('SUBGRAPH_TIMEOUT', { subgraph, timeoutMs }) };
}

/** Only answers of remote subgraphs are checked against it, and most graphs have none. */
function lazySchema(supergraphSdl: string): () => GraphQLSchema {
  let schema: GraphQLSchema | undefined;
  return () => (schema ??= buildSchema(supergraphSdl, { assumeValid: true, assumeValidSDL: true }));
}

async function serveDomain(
  service: SubgraphService,
  { config, log, lake }: ProjectGraphOptions,
): Promise<LocalSubgraph> {
  const { limits } = config.graph;
  const contextOf = ({ wire, signal, explanation }: RequestContext) =>
    service.createContext({
      signal,
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
    answer: (request) =>
      answerGraphql(server, request, contextOf(requestContext(request, config.graph.decimals))),
    stop: () => server.stop(),
  };
}

/** The lake for one request to a domain. */
function lakeOf(lake: Lake, always: ReadOptions): LakeReader {
  return { read: (statement, options) => lake.read(statement, { ...options, ...always }) };
}

async function serveHub(hub: Hub, { config, log }: ProjectGraphOptions): Promise<LocalSubgraph> {
  const { limits } = config.graph;
  const server: ApolloServer<RequestContext> = hubServer(hub, { limits, log });
  await server.start();
  return {
    fetch: fetchFromHub(hub, { takesJsonText: false }),
    answer: (request) =>
      answerGraphql(server, request, requestContext(request, config.graph.decimals)),
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
    });
}
