import { dirname } from 'node:path';
import { buildSubgraph } from '../../domains/build-subgraph.ts';
import { loadResolvers } from '../../domains/load-resolvers.ts';
import { systemClock, type Clock } from '../../foundation/clock.ts';
import type { Config } from '../../foundation/config/schema.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Log } from '../../foundation/log.ts';
import { createHub, type Hub } from '../../hub/hub.ts';
import { hubName } from '../../hub/derive/names.ts';
import type { Lake } from '../../lake/engine.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { MotionServices } from '../../motion/motion-services.ts';
import { ledgerName } from '../../motion/names.ts';
import type { FrontRequest, FrontResponse } from '../http/route.ts';
import { prepareSupergraph } from '../../registry/prepare-supergraph.ts';
import { RemoteSubgraphs } from '../remote/remote-subgraphs.ts';
import { createQueryCheck } from '../limits/check-query.ts';
import type { CallerBudgets } from '../limits/caller-budgets.ts';
import { LakeListSizes } from '../limits/cost/lake-list-sizes.ts';
import type { KnownListSizes } from '../limits/cost/list-sizes.ts';
import { graphLimits } from '../limits/limits.ts';
import { AnswerCache } from './answer-cache.ts';
import { answerKept, answerKnown, type KnownLane } from './answer-known.ts';
import type { Begun } from '../subscriptions/event-source.ts';
import { createSubscriptions } from '../subscriptions/create-subscriptions.ts';
import { remoteOwners } from '../subscriptions/remote-owners.ts';
import { GraphMeter } from '../telemetry/graph-meter.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { ComposedProject } from './compose-project.ts';
import { isExplained } from './explain-header.ts';
import { createRefusalExplainer, type ExplainRefusal } from './explain-refusals.ts';
import { Explanation } from './explanation.ts';
import { isFreshnessAsked } from './freshness-header.ts';
import { gatewayServer } from './gateway-server.ts';
import { answerGraphql } from './graphql-endpoint.ts';
import { GraphSources } from './graph-sources.ts';
import type { SubgraphAnswer } from './guarded-source.ts';
import { freshnessOfAnswers, type FreshnessOf, type ReadFreshness } from './known-freshness.ts';
import { scalarsOfLake } from './known-scalars.ts';
import { serveLedger, type LedgerSubgraphServer } from './ledger-server.ts';
import type { UsedOperation } from './known-operations.ts';
import { lazySchema } from './lazy-schema.ts';
import { serveDomain, serveHub, type LocalSubgraph } from './local-subgraphs.ts';
import { noDocuments, type KnownDocuments } from './persisted-documents.ts';
import { requestContext, type RequestContext } from './request-context.ts';
import type { StreamServing } from './stream-endpoint.ts';
import { warmOperations } from './warm-operations.ts';

/** One state of the graph, from its schemas to its answers. A changed schema makes another one; none ever changes. */
export interface Graph {
  readonly supergraphSdl: string;
  /** The subgraphs that this process serves. */
  readonly subgraphNames: readonly string[];
  /** Answers again what it has answered before, as long as that is still right. */
  readonly answerKept: (request: FrontRequest) => FrontResponse | undefined;
  /** Answers a GraphQL request, and a browser that asks for a page. What was kept is not looked for. */
  readonly answer: (request: FrontRequest) => Promise<FrontResponse>;
  /** Answers only what it was asked before and is no subscription. */
  readonly answerKnown: (request: FrontRequest) => Promise<FrontResponse | undefined>;
  /** How often a stream without events shows that it is alive. */
  readonly heartbeatMs: number;
  /** Plans a request that is a subscription, and answers any other. */
  readonly begin: (request: FrontRequest, isByGet: boolean) => Promise<Begun>;
  /** The JSON of what the graph makes of an event of a subscription. */
  readonly completeEvent: (
    request: FrontRequest,
    event: SubgraphAnswer,
    signal: AbortSignal,
  ) => Promise<string>;
  /** The operations that it was asked most often. */
  readonly usedOperations: () => readonly UsedOperation[];
  /** Prepares operations before anybody asks them here. */
  readonly warm: (operations: readonly UsedOperation[]) => Promise<void>;
  /** Answers a router that asks one of the subgraphs. */
  readonly answerSubgraph: (name: string, request: FrontRequest) => Promise<FrontResponse>;
  readonly stop: () => Promise<void>;
}

interface GraphOptions {
  readonly config: Config;
  readonly log: Log;
  /** Those that clients need not send; none by default. */
  readonly documents?: KnownDocuments | undefined;
  /** Those of the server, which outlive the graph; the graph has its own by default. */
  readonly remotes?: RemoteSubgraphs | undefined;
  /** What callers may still ask for; without it they are not limited. It outlives the graph. */
  readonly budgets?: CallerBudgets | undefined;
  /** Of the server; by default nobody looks at what is counted. */
  readonly telemetry?: Pick<Telemetry, 'graphs' | 'tracing'> | undefined;
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
  readonly listSizes?: KnownListSizes;
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
      meter: options.telemetry?.graphs.hub,
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
  const { clock = systemClock, log } = options;
  const listSizes = await LakeListSizes.read({ model, ...project, lake, clock, log });
  return startGraph(project.supergraphSdl, locals, options, {
    scalars,
    lake,
    hub: shortcut,
    explainRefusal,
    streams: moving?.streams,
    freshnessOf,
    listSizes,
  });
}

/** The graph of any supergraph, all of whose subgraphs are remote. */
export function buildRemoteGraph(supergraphSdl: string, options: GraphOptions): Promise<Graph> {
  return startGraph(supergraphSdl, new Map(), options, {});
}

async function startGraph(
  supergraphSdl: string,
  locals: ReadonlyMap<string, LocalSubgraph>,
  options: GraphOptions,
  parts: ProjectParts,
): Promise<Graph> {
  const { config, log } = options;
  const { lake, hub, explainRefusal = (error) => error, scalars = new Set(), streams } = parts;
  const { freshnessOf = freshnessOfAnswers({ read: undefined, clock: systemClock, log }) } = parts;
  const prepared = prepareSupergraph(supergraphSdl);
  const schema = lazySchema(supergraphSdl);
  const { documents = noDocuments, budgets } = options;
  const remotes = options.remotes ?? new RemoteSubgraphs({ config, environment: {}, log });
  const { graphs: meter, tracing } = options.telemetry ?? untold();
  const sources = new GraphSources({ locals, remotes, prepared, schema, config, log, meter });
  const {
    introspection,
    queryPlanCacheMb,
    answerCacheMb,
    decimals,
    explain,
    costInAnswers,
    errorDetail,
    overrides,
  } = config.graph;
  const { limits: settings } = config.graph;
  const limits = graphLimits({ settings, supergraphSdl, known: parts.listSizes, budgets });
  const checks = { documents, checkQuery: createQueryCheck(limits) };
  const { server, knownLane } = gatewayServer({
    supergraph: prepared,
    sourceOf: (name, url) => sources.of(name, url),
    hubShortcut: hub && { schema: hub.schema, source: sources.ofWhole(hub) },
    introspection,
    errorDetail,
    overrides,
    queryPlanCacheMb,
    limits,
    timeoutMs: settings.timeoutMs,
    explainRefusal,
    scalars,
    documents,
    answerCache:
      lake === undefined || answerCacheMb === 0
        ? undefined
        : new AnswerCache({
            maxBytes: answerCacheMb * mebibyte,
            versions: lake.versions,
            meter: meter.answers,
          }),
    profile: lake && ((statement, options) => lake.profile(statement, options)),
    log,
    meter,
    isTraced: tracing !== undefined,
  });
  await server.start();
  remotes.checkNames(sources.names);
  const contextOf = async (request: FrontRequest): Promise<RequestContext> => {
    const explanation = isExplained(request, explain) ? new Explanation() : undefined;
    const isCostTold = costInAnswers || explanation !== undefined;
    const freshness = await freshnessOf(request);
    return { ...requestContext(request, decimals, { isCostTold }), explanation, freshness };
  };
  const laneOf = (request: FrontRequest): KnownLane | undefined => {
    const isPlain = !isExplained(request, explain) && !isFreshnessAsked(request);
    return isPlain ? knownLane() : undefined;
  };
  const tryKnown: Graph['answerKnown'] = async (request) => {
    const lane = laneOf(request);
    const knownContext = (): RequestContext =>
      requestContext(request, decimals, { isCostTold: costInAnswers });
    return lane && answerKnown(request, lane, knownContext);
  };
  const subscriptions = createSubscriptions({
    run: async (request, more) =>
      answerGraphql(server, request, { ...(await contextOf(request)), ...more }, checks),
    streams,
    remoteOwner: remoteOwners(sources.remoteUrls, schema, config),
  });
  return {
    supergraphSdl,
    subgraphNames: [...locals.keys()],
    answerKept(request) {
      const lane = laneOf(request);
      return lane && answerKept(request, lane);
    },
    answerKnown: tryKnown,
    answer: async (request) =>
      (await tryKnown(request)) ?? answerGraphql(server, request, await contextOf(request), checks),
    usedOperations: () => knownLane()?.operations.mostUsed(warmedOperations) ?? [],
    warm: (operations) => warmOperations(server, operations),
    heartbeatMs: config.events.heartbeatMs,
    ...subscriptions,
    async answerSubgraph(name, request) {
      const local = locals.get(name);
      if (local === undefined) {
        throw raise('SUBGRAPH_UNKNOWN', { name, known: [...locals.keys()].join(', ') });
      }
      // What a router asks of a subgraph is no document that anybody wrote.
      return local.answer(request, { ...documents, isOnlyTrusted: false });
    },
    async stop() {
      await server.stop();
      for (const local of locals.values()) await local.stop();
      if (remotes !== options.remotes) await remotes.close();
    },
  };
}

const mebibyte = 1_048_576;

/** Seldom does anybody ask more of them so often that he would notice. */
const warmedOperations = 200;

const untold = () => ({ graphs: new GraphMeter(), tracing: undefined });

async function serveMoving({
  project: { ledgerSchema },
  motion,
  config,
  log,
}: ProjectGraphOptions): Promise<LedgerSubgraphServer | undefined> {
  return ledgerSchema && serveLedger({ ledgerSchema, motion, config, log });
}
