import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import { Kind, parse, type SelectionSetNode } from 'graphql';
import { fragmentsOf } from '../../../hub/compile/collect-fields.ts';

/** What the fetches of a plan ask for: response names from the root of the answer on, joined by dots. */
export function plannedPaths({ node }: QueryPlan): ReadonlySet<string> {
  const paths = new Set<string>();
  if (node !== undefined && node.kind !== 'Subscription') collect(node, []);
  return paths;

  function collect(planNode: PlanNode, above: readonly string[]): void {
    switch (planNode.kind) {
      case 'Sequence':
      case 'Parallel':
        return planNode.nodes.forEach((below) => collect(below, above));
      case 'Flatten': {
        const names = planNode.path.filter((step) => typeof step === 'string' && step !== '@');
        return collect(planNode.node, [...above, ...names.map(String)]);
      }
      case 'Condition':
        for (const clause of [planNode.ifClause, planNode.elseClause]) {
          if (clause !== undefined) collect(clause, above);
        }
        return undefined;
      case 'Fetch':
        return collectFetch(planNode, above);
      case 'Defer':
        return undefined;
    }
  }

  function collectFetch({ operation, requires }: FetchNode, above: readonly string[]): void {
    const document = parse(operation, { noLocation: true });
    const fragments = fragmentsOf(document);
    const root = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
    const [entities] = root?.selectionSet.selections ?? [];
    const isOfEntities = requires !== undefined && entities?.kind === Kind.FIELD;
    const selected = isOfEntities ? entities.selectionSet : root?.selectionSet;
    if (selected !== undefined) add(selected, above);

    function add({ selections }: SelectionSetNode, path: readonly string[]): void {
      for (const selection of selections) {
        if (selection.kind === Kind.FIELD) {
          const own = [...path, (selection.alias ?? selection.name).value];
          paths.add(own.join('.'));
          if (selection.selectionSet !== undefined) add(selection.selectionSet, own);
          continue;
        }
        const fragment =
          selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
        if (fragment !== undefined) add(fragment.selectionSet, path);
      }
    }
  }
}
