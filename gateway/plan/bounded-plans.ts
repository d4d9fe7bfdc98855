import { operationFromDocument } from '@apollo/federation-internals';
import type { QueryPlan, QueryPlanner } from '@apollo/query-planner';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import { LRUCache } from 'lru-cache';
import { systemClock } from '../../foundation/clock.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { OutOfTime, withinTime } from '../../foundation/within-time.ts';
import { asRefusal } from '../graph/as-refusal.ts';
import type { SubgraphFields } from '../../registry/subgraph-fields.ts';
import { chainsApart } from './chains-apart.ts';
import { repairedPlan } from './repair-plan.ts';
import { longestPlanningMs, PlanningTime } from './planning-time.ts';
import { wrapExecutor } from '../graph/wrap-executor.ts';

/**
 * Settings of Apollo's planner. At each level that two subgraphs can answer, the ways to a field below them double,
 * and those through interface objects multiply by themselves; the planner weighs all of them and answers nobody
 * meanwhile. An ordinary question has less than ten. These bound how many it looks at, the best of them at first, and
 * so what they take of memory; their time is bounded below. A tenth of the plans that it would weigh by itself made
 * none worse that we could find, and takes a tenth of the time.
 */
export const plannerSettings = { debug: { pathsLimit: 5_000, maxEvaluatedPlans: 1_000 } };

const mostHopeless = 1_000;

/**
 * The gateway with a clear refusal of a question that has too many ways, or none that the planner finds, or not in
 * its time: where fields of interface objects are computed of each other it may go round in a circle.
 *
 * @param planner Apollo's, once its gateway is loaded
 */
export function withBoundedPlans(
  gateway: GatewayInterface,
  planner: () => QueryPlanner,
  fields: SubgraphFields,
): GatewayInterface {
  return wrapExecutor(gateway, (execute) => {
    boundTime(planner(), fields);
    // Of those that took time, so that nobody can have them tried again and again.
    const hopeless = new LRUCache<string, Error>({ max: mostHopeless });
    return async (requestContext) => {
      const { queryHash } = requestContext;
      try {
        const known = hopeless.get(queryHash);
        if (known !== undefined) throw known;
        return await execute(requestContext);
      } catch (error) {
        if (isHopeless(error)) hopeless.set(queryHash, error);
        throw asBound(error);
      }
    };
  });
}

function boundTime(planner: QueryPlanner, fields: SubgraphFields): void {
  const build = planner.buildQueryPlan.bind(planner);
  const time = new PlanningTime();
  planner.buildQueryPlan = (...asked) => {
    const startedMs = systemClock.monotonicMs();
    try {
      return withinTime(time.left(), () => withChainsApart(build, asked, fields));
    } finally {
      time.spend(systemClock.monotonicMs() - startedMs);
    }
  };
}

type Build = QueryPlanner['buildQueryPlan'];

/** The plan, in a second attempt where the planner is lost in the first one. */
function withChainsApart(
  build: Build,
  [operation, options]: Parameters<Build>,
  fields: SubgraphFields,
): QueryPlan {
  try {
    return build(operation, options);
  } catch (error) {
    const apart = isPlannerLost(error) ? chainsApart(operation.toString(), fields) : undefined;
    if (apart === undefined) throw error;
    const asked = operationFromDocument(operation.schema(), apart.document);
    return repairedPlan(build(asked, options), fields, apart.withdrawn);
  }
}

/** Whether another attempt would end in the same way: not where others had used up the time. */
function isHopeless(error: unknown): error is Error {
  if (error instanceof OutOfTime) return error.timeoutMs >= longestPlanningMs;
  return complexityIn(error) !== undefined;
}

/** The refusal that an error of the planner means, or the error itself. */
function asBound(error: unknown): unknown {
  if (isPlannerLost(error)) return asRefusal(raise('QUESTION_UNPLANNABLE', {}));
  const problem = complexityIn(error);
  return problem === undefined ? error : asRefusal(raise('QUESTION_TOO_COMPLEX', { problem }));
}

/** What was too much for the planner; undefined where something else was wrong. */
function complexityIn(error: unknown): string | undefined {
  if (error instanceof OutOfTime) return `none was found in ${error.timeoutMs} ms`;
  const found = /^Too many options generated for (.*), reached the limit/s.exec(messageOf(error));
  return found?.[1]?.replaceAll(/\s+/g, ' ');
}

/**
 * Apollo's planner (2.14.4) breaks off where fields of interface objects are computed of each other in some ways; of
 * that its message tells nothing that a client could use.
 */
function isPlannerLost(error: unknown): boolean {
  return /adding it as parent would create a cycle$|^We should have an edge from |potentially an interface object type at runtime$|^Invalid array length$/.test(
    messageOf(error),
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
