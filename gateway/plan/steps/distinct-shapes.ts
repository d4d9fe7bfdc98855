import { Kind, type FieldNode, type SelectionNode, type SelectionSetNode } from 'graphql';
import type { SubgraphFields } from '../../../registry/subgraph-fields.ts';
import { plannerAliasOf, unusedAliasNumber } from '../../fetch/planner-aliases.ts';
import type { PlanStep } from './plan-step.ts';
import { rootTypes } from './withdraw-fields.ts';

/**
 * What a step asks, with an alias for each field that has another type than one under the same response key at the same
 * place, such as the keys of two members of a union. Together they are no valid operation (GraphQL 5.3.2). The aliases
 * are as the planner makes them and are undone as those are.
 */
export function withDistinctShapes(
  { fetch, operation }: PlanStep,
  selected: SelectionSetNode,
  fields: SubgraphFields,
): SelectionSetNode {
  const { serviceName: subgraph } = fetch;
  /** By place in the answer: the response keys of the shapes that are there. */
  const keysAt = new Map<string, Map<string, string>>();
  let used = unusedAliasNumber(fetch.operation);
  return distinct(selected, fetch.requires === undefined ? rootTypes[operation.operation] : '', '');

  function distinct(set: SelectionSetNode, type: string, above: string): SelectionSetNode {
    const selections = set.selections.map((selection): SelectionNode => {
      if (selection.kind === Kind.FIELD) return distinctField(selection, type, above);
      if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
      const below = selection.typeCondition?.name.value ?? type;
      return { ...selection, selectionSet: distinct(selection.selectionSet, below, above) };
    });
    return { ...set, selections };
  }

  function distinctField(field: FieldNode, type: string, above: string): FieldNode {
    const name = field.name.value;
    const own = (field.alias ?? field.name).value;
    const place = `${above}.${own}`;
    const shape = fields.shapeIn(subgraph, type, name);
    const keys = keysAt.get(place) ?? new Map<string, string>();
    keysAt.set(place, keys);
    const key = keys.get(shape) ?? (keys.size === 0 ? own : plannerAliasOf(own, used++));
    keys.set(shape, key);
    const { selectionSet } = field;
    const below = fields.typeBelow(type, name) ?? '';
    return {
      ...field,
      ...(key !== own && { alias: { kind: Kind.NAME, value: key } }),
      ...(selectionSet && { selectionSet: distinct(selectionSet, below, `${above}.${key}`) }),
    };
  }
}
