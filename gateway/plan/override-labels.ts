import type { AsyncLocalStorage } from 'node:async_hooks';
import type { QueryPlanner } from '@apollo/query-planner';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import { visit, type DocumentNode } from 'graphql';
import type { Config } from '../../foundation/config/schema.ts';
import { labelledOverrides, type LabelledOverrides } from '../../registry/labelled-overrides.ts';
import type { RequestContext } from '../graph/request-context.ts';
import { wrapExecutor } from '../graph/wrap-executor.ts';

interface OverrideOptions {
  /** Apollo's, once its gateway is loaded. */
  readonly planner: () => QueryPlanner;
  /** Where the labels that hold are found while a request is executed. */
  readonly decisions: AsyncLocalStorage<ReadonlySet<string>>;
  readonly supergraph: DocumentNode;
  readonly settings: Config['graph']['overrides'];
  /** From 0 on, below 1. */
  readonly random: () => number;
}

/**
 * Decides, once for each request, the labels of `@override(from:, label:)`: that of a part of all requests,
 * `percent(5)`, by a draw; any other by the settings, or by a header where the settings name one. Apollo's planner
 * takes the decisions, and Apollo's gateway has no way to hand them on; so the planner is called with those of the
 * request that it plans for. What is kept of an operation by its hash is told apart by the labels that hold.
 *
 * A label that is not decided leaves its fields where they were.
 */
export function withOverrideLabels(
  gateway: GatewayInterface,
  options: OverrideOptions,
): GatewayInterface {
  const overrides = labelledOverrides(options.supergraph);
  if (overrides.byLabel.size === 0) return gateway;
  const { decisions } = options;
  const labelsOf = labelsOfOperations(overrides);
  return wrapExecutor(gateway, (execute) => {
    decideForPlanner(options.planner(), decisions);
    return (requestContext) => {
      const { headers } = requestContext.context as RequestContext;
      const named = options.settings.header === undefined ? '' : headers[options.settings.header];
      const held = decideLabels(labelsOf(requestContext.document), {
        ...options,
        named: String(named ?? '')
          .split(',')
          .map((label) => label.trim()),
      });
      if (held.size === 0) return execute(requestContext);
      const queryHash = `${requestContext.queryHash} ${[...held].toSorted().join(' ')}`;
      return decisions.run(held, () => execute({ ...requestContext, queryHash }));
    };
  });
}

interface DecisionOptions extends Pick<OverrideOptions, 'settings' | 'random'> {
  /** Those that the request says hold for it. */
  readonly named: readonly string[];
}

/** The labels that hold for one request. */
export function decideLabels(
  labels: readonly string[],
  { settings, random, named }: DecisionOptions,
): ReadonlySet<string> {
  const held = labels.filter((label) => {
    if (settings.labels.includes(label) || named.includes(label)) return true;
    const [, percent] = /^percent\((\d{1,3}(?:\.\d+)?)\)$/.exec(label) ?? [];
    return percent !== undefined && random() * 100 < Number(percent);
  });
  return new Set(held);
}

function decideForPlanner(
  planner: QueryPlanner,
  decisions: AsyncLocalStorage<ReadonlySet<string>>,
): void {
  const build = planner.buildQueryPlan.bind(planner);
  planner.buildQueryPlan = (operation, options) => {
    const held = decisions.getStore() ?? new Set<string>();
    const overrideConditions = new Map([...held].map((label) => [label, true]));
    return build(operation, { ...options, overrideConditions });
  };
}

/** Of all labels those that may matter to an operation, so that others do not multiply its plans. */
function labelsOfOperations(
  overrides: LabelledOverrides,
): (document: DocumentNode) => readonly string[] {
  const known = new WeakMap<DocumentNode, readonly string[]>();
  return (document) => {
    const found = known.get(document) ?? labelsIn(document, overrides);
    known.set(document, found);
    return found;
  };
}

function labelsIn(
  document: DocumentNode,
  { byLabel, required }: LabelledOverrides,
): readonly string[] {
  const names = new Set<string>(required);
  visit(document, { Field: ({ name }) => void names.add(name.value) });
  return [...byLabel].flatMap(([label, fields]) =>
    [...fields].some((field) => names.has(field)) ? [label] : [],
  );
}
