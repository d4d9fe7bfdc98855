import type { FetchNode, QueryPlan } from '@apollo/query-planner';
import { Kind, parse, print, type SelectionNode, type SelectionSetNode } from 'graphql';
import type { NarrowedFields, ObjectsBehind } from '../../../registry/narrowed-fields.ts';
import type { SubgraphFields } from '../../../registry/subgraph-fields.ts';
import { fetchesOf } from './plan-step.ts';
import { fragmentOn, rootTypes } from './withdraw-fields.ts';

/**
 * The other half of `narrowToInterfaceObjects`: what a fetch asks of a field which the planner takes for one of an
 * interface object goes into a fragment on that, since the subgraph has a wider type there. The plan is changed in
 * place: it is the planner's, and nobody has seen it yet.
 */
export function withInterfaceObjectFragments(
  plan: QueryPlan,
  narrowed: NarrowedFields,
  fields: SubgraphFields,
): QueryPlan {
  if (narrowed.size === 0) return plan;
  for (const fetch of fetchesOf(plan.node)) {
    const objects = narrowed.get(fetch.serviceName);
    if (objects !== undefined)
      Object.assign(fetch, { operation: inFragments(fetch, objects, fields) });
  }
  return plan;
}

function inFragments(
  { operation: text }: FetchNode,
  objects: ObjectsBehind,
  fields: SubgraphFields,
): string {
  const document = parse(text, { noLocation: true });
  let isChanged = false;
  const definitions = document.definitions.map((node) => {
    if (node.kind === Kind.OPERATION_DEFINITION)
      return { ...node, selectionSet: below(node.selectionSet, rootTypes[node.operation]) };
    if (node.kind !== Kind.FRAGMENT_DEFINITION) return node;
    return { ...node, selectionSet: below(node.selectionSet, node.typeCondition.name.value) };
  });
  return isChanged ? print({ ...document, definitions }) : text;

  function below({ selections }: SelectionSetNode, type: string): SelectionSetNode {
    return { kind: Kind.SELECTION_SET, selections: selections.map((one) => inFragment(one, type)) };
  }

  function inFragment(selection: SelectionNode, type: string): SelectionNode {
    if (selection.kind === Kind.FRAGMENT_SPREAD || selection.selectionSet === undefined)
      return selection;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const condition = selection.typeCondition?.name.value ?? type;
      return { ...selection, selectionSet: below(selection.selectionSet, condition) };
    }
    const name = selection.name.value;
    const behind = objects.get(`${type}.${name}`);
    const [object] = behind?.isAlone === true ? behind.objects : [];
    if (object === undefined) {
      const found = fields.typeBelow(type, name) ?? '';
      return { ...selection, selectionSet: below(selection.selectionSet, found) };
    }
    isChanged = true;
    const { selections } = below(selection.selectionSet, object);
    const fragment = fragmentOn(object, selections);
    return { ...selection, selectionSet: { kind: Kind.SELECTION_SET, selections: [fragment] } };
  }
}
