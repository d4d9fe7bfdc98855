import {
  Kind,
  type DocumentNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../../hub/compile/collect-fields.ts';
import { placeKey, type GuardedSchema, type Place } from './guarded-schema.ts';
import type { Requirement } from './requirement.ts';

/** All that an operation asks of its caller, whatever its conditions leave out. */
export function neededRequirements(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  schema: GuardedSchema,
): readonly Requirement[] {
  const fragments = fragmentsOf(document);
  const seen = new Set<string>();
  const needed = new Set<Requirement>();
  const root = schema.rootOf(operation.operation);
  if (root !== undefined) look(operation.selectionSet, root);
  return [...needed].toSorted((one, other) => one.id - other.id);

  function look({ selections }: SelectionSetNode, place: Place): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const field = schema.fieldIn(place, selection.name.value);
        for (const requirement of field?.requirements ?? []) needed.add(requirement);
        const below = field && schema.below(field);
        if (below !== undefined && selection.selectionSet !== undefined)
          look(selection.selectionSet, below);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value;
        look(selection.selectionSet, schema.within(place, condition));
      } else lookIntoFragment(selection.name.value, place);
    }
  }

  function lookIntoFragment(name: string, place: Place): void {
    const fragment = fragments.get(name);
    if (fragment === undefined) return;
    const inside = schema.within(place, fragment.typeCondition.name.value);
    const key = placeKey(name, inside);
    if (seen.has(key)) return;
    seen.add(key);
    look(fragment.selectionSet, inside);
  }
}
