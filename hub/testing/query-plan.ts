import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { prettyFormatQueryPlan, QueryPlanner, type PlanNode } from '@apollo/query-planner';
import { parse } from 'graphql';

/** The plan of one operation. */
export interface TestPlan {
  /** Names of the subgraphs that are asked, one for each fetch, in order. */
  readonly fetches: readonly string[];
  readonly text: string;
}

/** Plans operations on a supergraph with Apollo's planner. */
export function testPlanner(supergraphSdl: string): (query: string) => TestPlan {
  const supergraph = Supergraph.build(supergraphSdl, { supportedFeatures: null });
  const planner = new QueryPlanner(supergraph);
  return (query) => {
    const operation = operationFromDocument(supergraph.apiSchema(), parse(query));
    const plan = planner.buildQueryPlan(operation);
    const { node } = plan;
    if (node?.kind === 'Subscription') throw new Error('A subscription has no plan of fetches');
    return { fetches: fetchesOf(node), text: prettyFormatQueryPlan(plan) };
  };
}

function fetchesOf(node: PlanNode | undefined): readonly string[] {
  switch (node?.kind) {
    case undefined:
      return [];
    case 'Fetch':
      return [node.serviceName];
    case 'Flatten':
      return fetchesOf(node.node);
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(fetchesOf);
    case 'Condition':
      return [node.ifClause, node.elseClause].flatMap(fetchesOf);
    case 'Defer':
      throw new Error('No plan here defers anything');
  }
}
