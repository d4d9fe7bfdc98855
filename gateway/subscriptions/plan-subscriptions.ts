import type { PlanNode, QueryPlan } from '@apollo/query-planner';
import type { RequestContext } from '../graph/request-context.ts';

/**
 * Apollo's planner plans subscriptions, and its gateway refuses to run them. As a sequence the same plan runs: its
 * first fetch is answered by `withRootEvents`. The plan is changed in place, since the gateway keeps and runs this
 * very object.
 */
export function makeRunnable(queryPlan: QueryPlan, { subscription }: RequestContext): void {
  const { node } = queryPlan;
  if (node?.kind === 'Subscription') {
    const nodes: PlanNode[] = [node.primary, ...(node.rest === undefined ? [] : [node.rest])];
    Object.assign(queryPlan, { node: { kind: 'Sequence', nodes } satisfies PlanNode });
  }
  if (subscription?.kind !== 'plan') return;
  const made = queryPlan.node;
  subscription.isWhole =
    made?.kind === 'Fetch' || (made?.kind === 'Sequence' && made.nodes.length === 1);
}
