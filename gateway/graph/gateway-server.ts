import './no-reports.ts';
import { AsyncLocalStorage } from 'node:async_hooks';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import type { QueryPlanner } from '@apollo/query-planner';
import { exampleFor, noExample } from '../../console/example-for.ts';
import type { ExampleQuery } from '../../console/example-query.ts';
import type { Config } from '../../foundation/config/schema.ts';
import type { Log } from '../../foundation/log.ts';
import type { HubLimits } from '../../hub/limits.ts';
import type { PreparedSupergraph } from '../../registry/prepare-supergraph.ts';
import { makeRunnable } from '../subscriptions/plan-subscriptions.ts';
import { findSubscriptions } from '../subscriptions/stream-wish.ts';
import type { Limits } from '../limits/limits.ts';
import type { GraphMeter } from '../telemetry/graph-meter.ts';
import { withBoundedPlans } from '../plan/bounded-plans.ts';
import { noteAnswers } from '../answer/answer-facts.ts';
import { admitOperations, operationAdmission } from '../request/admit-operation.ts';
import { withCheckedVariables } from '../request/check-variables.ts';
import { withAccessRules, type AccessRules } from '../guard/enforce-access.ts';
import { explainAnswers } from '../answer/explain-answers.ts';
import type { ExplainRefusal } from '../answer/explain-refusals.ts';
import type { ProfileStatement } from '../answer/explanation.ts';
import { finishAnswers } from '../answer/finish-answer.ts';
import type { GraphSources } from '../fetch/graph-sources.ts';
import { withHubShortcut, type HubShortcut } from '../answer/hub-shortcut.ts';
import { withIntrospection } from '../request/introspection.ts';
import { withKnownScalars } from './known-scalars.ts';
import type { AnswerCache } from '../answer/answer-cache.ts';
import type { KnownLane } from '../answer/answer-known.ts';
import { KnownOperations, rememberOperations } from '../request/known-operations.ts';
import { landingPage } from './landing-page.ts';
import { markJsonTexts } from '../answer/mark-json-texts.ts';
import { maskErrors } from '../answer/mask-errors.ts';
import { literalsAsWritten } from '../plan/operation/exact-literals.ts';
import { mendedGateway } from '../plan/mended-gateway.ts';
import { withOverrideLabels } from '../plan/override-labels.ts';
import type { KnownDocuments } from '../request/persisted-documents.ts';
import { hidingNearNames, type FormatError } from '../answer/near-names.ts';
import { plainJsonStatus } from '../answer/plain-json-status.ts';
import { PlanCheck } from '../plan/plan-check.ts';
import { PlanStore } from '../plan/plan-store.ts';
import { PlanWatch } from '../plan/plan-watch.ts';
import { plannerSettings } from '../plan/planner-settings.ts';
import { PlannerProcess } from '../plan/process/planner-process.ts';
import { withPlansInProcess } from '../plan/process/plans-in-process.ts';
import { quietLogger } from './quiet-logger.ts';
import type { RequestContext } from './request-context.ts';
import { shortenErrors } from '../answer/shorten-errors.ts';
import { showPlan } from '../plan/show-plan.ts';
import { typeNamesMerge } from '../request/type-names-merge.ts';
import { requireOperation } from '../request/require-operation.ts';
import { withoutTwinsInErrors } from '../fetch/errors-without-twins.ts';
import { traceStages, withTracedExecution } from './trace-stages.ts';
import { tellFreshness } from '../answer/tell-freshness.ts';
import { wrapExecutor } from './wrap-executor.ts';

interface GatewayServerOptions {
  readonly supergraph: PreparedSupergraph;
  readonly sources: Pick<
    GraphSources,
    'of' | 'placedErrors' | 'nestedLists' | 'mergedRows' | 'contextValues'
  >;
  /** The hub for whole operations; undefined when there is none, or when an answer of its own would show too much. */
  readonly hubShortcut: HubShortcut | undefined;
  /** Scalars whose values are checked before anything is planned. */
  readonly scalars: ReadonlySet<string>;
  /** What callers have to show. */
  readonly accessRules: AccessRules;
  readonly introspection: boolean;
  /** Whether whoever opens a page may ask for the schema. */
  readonly isPublic: boolean;
  readonly errorDetail: Config['graph']['errorDetail'];
  readonly overrides: Config['graph']['overrides'];
  readonly queryPlanCacheMb: number;
  readonly limits: Limits;
  readonly timeoutMs: HubLimits['timeoutMs'];
  /** Undefined where there is no lake. */
  readonly profile: ProfileStatement | undefined;
  readonly explainRefusal: ExplainRefusal;
  readonly documents: KnownDocuments;
  /** Undefined where answers are not kept. */
  readonly answerCache: AnswerCache | undefined;
  readonly log: Log;
  readonly meter: GraphMeter;
  readonly isTraced: boolean;
}

export interface GatewayServer {
  readonly server: ApolloServer<RequestContext>;
  /** For requests whose operation the server knows already. */
  readonly knownLane: () => KnownLane | undefined;
  /** What pages open on, once the server has started. */
  readonly example: () => ExampleQuery;
}

/** Apollo Server over Apollo's gateway: parses, validates, plans, fetches through the sources, puts together. */
export function gatewayServer(options: GatewayServerOptions): GatewayServer {
  const { supergraphSdl, twins, narrowed } = options.supergraph;
  const { sources } = options;
  const planCheck = new PlanCheck();
  const planWatch = new PlanWatch(options.meter);
  const writeLiterals = literalsAsWritten();
  const store = new PlanStore(options.queryPlanCacheMb * 2 ** 20);
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name, url }) => sources.of(name, url ?? ''),
    logger: quietLogger(options.log),
    // Both of these, and the server's nodeEnv, would otherwise depend on NODE_ENV.
    validateSupergraph: true,
    __exposeQueryPlanExperimental: options.introspection,
    queryPlannerConfig: { ...plannerSettings, cache: store },
    experimental_didResolveQueryPlan({ queryPlan, requestContext, operationContext }) {
      const context = requestContext.context as RequestContext;
      const { explanation } = context;
      writeLiterals(queryPlan);
      sources.nestedLists.note(requestContext, queryPlan);
      sources.mergedRows.note(requestContext, queryPlan);
      sources.contextValues?.note(requestContext, queryPlan);
      planWatch.note(context, queryPlan);
      makeRunnable(queryPlan, context);
      planCheck.note(requestContext, queryPlan, operationContext);
      if (explanation !== undefined) explanation.plan = showPlan(queryPlan);
    },
  });
  let example = noExample;
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => {
    example = exampleFor(apiSchema, options.isPublic);
  });
  const planner = (): QueryPlanner => {
    const { queryPlanner } = gateway.__testing();
    if (queryPlanner === undefined)
      throw new Error('The gateway has no planner once it is loaded.');
    return queryPlanner;
  };
  const decisions = new AsyncLocalStorage<ReadonlySet<string>>();
  const planned = withPlansInProcess(gateway, {
    planner,
    supergraph: options.supergraph,
    process: new PlannerProcess({
      supergraphSdl,
      narrowed,
      log: options.log,
      onPlan: (key, made) => store.put(key, made),
    }),
    store,
    decisions,
  });
  const placed = withoutTwinsInErrors(
    sources.placedErrors.place(planCheck.check(planWatch.watch(planned))),
    twins,
  );
  const decided = withOverrideLabels(placed, {
    planner,
    decisions,
    supergraph: options.supergraph.document,
    settings: options.overrides,
    random: Math.random,
  });
  const mended = mendedGateway(withBoundedPlans(decided), options.supergraph);
  const { hubShortcut, explainRefusal } = options;
  const mask = maskErrors(options.log);
  const explained: FormatError = (formatted, error) => explainRefusal(mask(formatted, error));
  const formatError = options.introspection ? explained : hidingNearNames(explained);
  const admit = operationAdmission(options.limits);
  const operations = new KnownOperations(options.meter.operations);
  let knownLane: KnownLane | undefined;
  const answering = hubShortcut === undefined ? mended : withHubShortcut(mended, hubShortcut);
  const guarded = withAccessRules(answering, options.accessRules);
  const whole = withCheckedVariables(withIntrospection(guarded));
  const observed = options.isTraced ? withTracedExecution(whole) : whole;
  const gatewayOfServer = wrapExecutor(observed, (execute) => {
    const { answerCache: cache, limits, errorDetail } = options;
    knownLane = {
      operations,
      execute,
      formatError,
      cache,
      documents: options.documents,
      admit,
      admitKept: limits.admitKept,
      errorDetail,
    };
    return execute;
  });
  const server = new ApolloServer<RequestContext>({
    gateway: withKnownScalars(gatewayOfServer, options.scalars),
    nodeEnv: 'production',
    introspection: options.introspection,
    parseOptions:
      options.limits.maxTokens === undefined ? {} : { maxTokens: options.limits.maxTokens },
    validationRules: [typeNamesMerge()],
    hideSchemaDetailsFromClientErrors: !options.introspection,
    formatError,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // `gateway/http/cross-site.ts` decides, without a header that most clients do not know.
    csrfPrevention: false,
    // `persisted-documents.ts` has found the text before.
    persistedQueries: false,
    logger: quietLogger(options.log),
    plugins: [
      ...(options.isTraced ? [traceStages()] : []),
      landingPage(() => example),
      requireOperation(),
      findSubscriptions(),
      admitOperations(admit),
      finishAnswers(),
      noteAnswers(),
      tellFreshness(),
      explainAnswers({ profile: options.profile, timeoutMs: options.timeoutMs }),
      markJsonTexts(),
      plainJsonStatus(),
      rememberOperations(operations),
      ...(options.errorDetail === 'code' ? [shortenErrors()] : []),
    ],
  });
  return { server, knownLane: () => knownLane, example: () => example };
}
