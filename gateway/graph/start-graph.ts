import { isLoopbackHost } from '../../access/loopback.ts';
import { systemClock } from '../../foundation/clock.ts';
import type { Config } from '../../foundation/config/schema.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Log } from '../../foundation/log.ts';
import { type Hub } from '../../hub/hub.ts';
import type { Lake } from '../../lake/engine.ts';
import type { FrontRequest } from '../http/route.ts';
import { refuseAccessRules, refusePolicies } from '../../registry/refuse-access-rules.ts';
import { prepareSupergraph, type PreparedSupergraph } from '../../registry/prepare-supergraph.ts';
import { RemoteSubgraphs } from '../remote/remote-subgraphs.ts';
import { createQueryCheck } from '../limits/check-query.ts';
import type { CallerBudgets } from '../limits/caller-budgets.ts';
import type { KnownListSizes } from '../limits/cost/list-sizes.ts';
import { graphLimits } from '../limits/limits.ts';
import { AnswerCache } from '../answer/answer-cache.ts';
import { answerKept, answerKnown, type KnownLane } from '../answer/answer-known.ts';
import { createSubscriptions } from '../subscriptions/create-subscriptions.ts';
import { remoteOwners } from '../subscriptions/remote-owners.ts';
import { GraphMeter } from '../telemetry/graph-meter.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { AccessRules } from '../guard/enforce-access.ts';
import { isExplained } from '../answer/explain-header.ts';
import { digitKeeper } from '../request/exact-variables.ts';
import { type ExplainRefusal } from '../answer/explain-refusals.ts';
import { Explanation } from '../answer/explanation.ts';
import { isFreshnessAsked } from '../answer/freshness-header.ts';
import { gatewayServer } from './gateway-server.ts';
import { answerGraphql } from '../request/graphql-endpoint.ts';
import { GraphSources } from '../fetch/graph-sources.ts';
import { freshnessOfAnswers, type FreshnessOf } from '../answer/known-freshness.ts';
import { lazySchema } from './lazy-schema.ts';
import { type LocalSubgraph } from './local-subgraphs.ts';
import { noDocuments, type KnownDocuments } from '../request/persisted-documents.ts';
import { requestContext, type RequestContext } from './request-context.ts';
import type { StreamServing } from '../subscriptions/run-stream.ts';
import { warmOperations } from '../request/warm-operations.ts';
import type { Graph } from './graph.ts';

export interface GraphOptions {
  readonly config: Config;
  readonly log: Log;
  /** Those that clients need not send; none by default. */
  readonly documents?: KnownDocuments | undefined;
  /** Those of the server, which outlive the graph; the graph has its own by default. */
  readonly remotes?: RemoteSubgraphs | undefined;
  /** What callers may still ask for; without it they are not limited. It outlives the graph. */
  readonly budgets?: CallerBudgets | undefined;
  /** Whether another router asks its subgraphs, and nobody the graph; then the access rules are that router's. */
  readonly isBehindRouter?: boolean | undefined;
  /** Of the server; by default nobody looks at what is counted. */
  readonly telemetry?: Pick<Telemetry, 'graphs' | 'tracing'> | undefined;
}

/** What only the graph of a project brings. */
export interface GraphParts {
  readonly lake?: Lake;
  /** The hub that may be handed whole operations. */
  readonly hub?: Hub | undefined;
  readonly explainRefusal?: ExplainRefusal | undefined;
  readonly scalars?: ReadonlySet<string>;
  readonly streams?: StreamServing | undefined;
  readonly freshnessOf?: FreshnessOf;
  readonly listSizes?: KnownListSizes;
  /**
   * Whether the access rules of the supergraph are enforced. Those of a project are not: its filters, orders, history
   * and events would have to be guarded too.
   */
  readonly isGuarded?: true;
}

/**
 * Starts what answers, over the subgraphs that this process serves and those that others do.
 * @throws ACCESS_RULES_UNSUPPORTED, POLICIES_CLAIM_MISSING
 */
export async function startGraph(
  supergraphSdl: string,
  locals: ReadonlyMap<string, LocalSubgraph>,
  options: GraphOptions,
  parts: GraphParts,
): Promise<Graph> {
  const { config, log } = options;
  const { lake, hub, explainRefusal = (error) => error, scalars = new Set(), streams } = parts;
  const { freshnessOf = freshnessOfAnswers({ read: undefined, clock: systemClock, log }) } = parts;
  const prepared = prepareSupergraph(supergraphSdl);
  const accessRules = enforcedRules(prepared.accessRules, options, parts);
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
  const keepDigits = digitKeeper(schema, scalars);
  const checks = { documents, checkQuery: createQueryCheck(limits), keepDigits };
  const { server, knownLane, example } = gatewayServer({
    supergraph: prepared,
    sources,
    hubShortcut: hub && { schema: hub.schema, source: sources.ofWhole(hub) },
    accessRules,
    introspection,
    isPublic: introspection && isLoopbackHost(config.server.host),
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
            maxBytes: answerCacheMb * 2 ** 20,
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
    example: example(),
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

function enforcedRules(
  rules: PreparedSupergraph['accessRules'],
  { config, isBehindRouter }: GraphOptions,
  { isGuarded }: GraphParts,
): AccessRules {
  const policiesClaim = config.access.jwt?.policiesClaim;
  if (isBehindRouter === true) return { rules: new Map(), policiesClaim };
  if (isGuarded !== true) refuseAccessRules(rules);
  if (policiesClaim === undefined) refusePolicies(rules);
  return { rules, policiesClaim };
}

/** Seldom does anybody ask more of them so often that he would notice. */
const warmedOperations = 200;

const untold = () => ({ graphs: new GraphMeter(), tracing: undefined });
