import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, type FetchNode, type PlanNode } from '@apollo/query-planner';
import { parse } from 'graphql';

/** What a query plan asks for, in order. */
export interface PlannedFetch {
  readonly subgraph: string;
  readonly kind: 'root' | 'entities';
  readonly operation: string;
}

/** Plans an operation on a supergraph with Apollo's planner. */
export type PlanFetches = (query: string) => readonly PlannedFetch[];

export function fetchPlanner(supergraphSdl: string): PlanFetches {
  const supergraph = Supergraph.build(supergraphSdl);
  const apiSchema = supergraph.apiSchema();
  const planner = new QueryPlanner(supergraph);
  return (query) => {
    const { node } = planner.buildQueryPlan(operationFromDocument(apiSchema, parse(query)));
    if (node === undefined) return [];
    if (node.kind === 'Subscription') return fetchesIn(node.primary);
    return fetchesIn(node);
  };
}

/** Which subgraphs are asked, and how: `_hub`, or `sales entities`. */
export function summarise(fetches: readonly PlannedFetch[]): readonly string[] {
  return fetches.map(({ subgraph, kind }) => (kind === 'root' ? subgraph : `${subgraph} entities`));
}

function fetchesIn(node: PlanNode | undefined): readonly PlannedFetch[] {
  switch (node?.kind) {
    case undefined:
      return [];
    case 'Fetch':
      return [plannedFetch(node)];
    case 'Flatten':
      return fetchesIn(node.node);
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(fetchesIn);
    case 'Condition':
      return [...fetchesIn(node.ifClause), ...fetchesIn(node.elseClause)];
    case 'Defer':
      throw new Error('Nothing here is deferred.');
  }
}

function plannedFetch({ serviceName, requires, operation }: FetchNode): PlannedFetch {
  return { subgraph: serviceName, kind: requires === undefined ? 'root' : 'entities', operation };
}
