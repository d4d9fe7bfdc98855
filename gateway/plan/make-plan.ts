import { operationFromDocument } from '@apollo/federation-internals';
import type { QueryPlan, QueryPlanner } from '@apollo/query-planner';
import type { PreparedSupergraph } from '../../registry/prepare-supergraph.ts';
import { chainsApart } from './steps/chains-apart.ts';
import { withInterfaceObjectFragments } from './steps/interface-object-fragments.ts';
import { repairedPlan } from './steps/repair-plan.ts';

export type BuildPlan = QueryPlanner['buildQueryPlan'];

export type PlannedSupergraph = Pick<PreparedSupergraph, 'fields' | 'narrowed'>;

/**
 * A plan by Apollo's planner without the wrong answers that can be mended in a plan.
 *
 * @throws FIELD_NEVER_COMPUTABLE, and what the planner throws
 */
export function makePlan(
  build: BuildPlan,
  question: Parameters<BuildPlan>,
  { fields, narrowed }: PlannedSupergraph,
): QueryPlan {
  const plan = planOrPlanApart(build, question, fields);
  return withInterfaceObjectFragments(plan, narrowed, fields);
}

/** In a second attempt where the planner is lost in the first one. */
function planOrPlanApart(
  build: BuildPlan,
  [operation, options]: Parameters<BuildPlan>,
  fields: PlannedSupergraph['fields'],
): QueryPlan {
  try {
    return repairedPlan(build(operation, options), fields);
  } catch (error) {
    const apart = isPlannerLost(error) ? chainsApart(operation.toString(), fields) : undefined;
    if (apart === undefined) throw error;
    const asked = operationFromDocument(operation.schema(), apart.document);
    return repairedPlan(build(asked, options), fields, apart.withdrawn);
  }
}

/**
 * Apollo's planner (2.14.4) breaks off where fields of interface objects are computed of each other in some ways; of
 * that its message tells nothing that a client could use.
 */
export function isPlannerLost(error: unknown): boolean {
  return /adding it as parent would create a cycle$|^We should have an edge from |potentially an interface object type at runtime$|^Invalid array length$/.test(
    error instanceof Error ? error.message : '',
  );
}
