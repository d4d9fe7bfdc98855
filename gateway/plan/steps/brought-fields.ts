import { Kind, type FieldNode, type SelectionNode } from 'graphql';
import type { SubgraphFields } from '../../../registry/subgraph-fields.ts';
import { namesIn, type AnswerPlace } from './plan-step.ts';
import type { WithdrawnField } from './withdraw-fields.ts';

/** Whether some step brings all of a field, for every object of the type: often the planner has the right one besides. */
export function isBrought(
  { typeName, field, path }: WithdrawnField,
  brought: readonly AnswerPlace[],
  fields: SubgraphFields,
): boolean {
  const names = namesIn(path);
  return [...placesOf(field, names)].every(({ path: place, isBelow }) =>
    brought.some(
      (one) =>
        one.path === place &&
        (one.under ?? []).length === 0 &&
        (isBelow || one.type === undefined || fields.isWithin(typeName, one.type)),
    ),
  );
}

/** Whether an object of the type can be there: the planner also asks for what never is. */
export function isPossible(
  { typeName, path }: WithdrawnField,
  brought: readonly AnswerPlace[],
  fields: SubgraphFields,
): boolean {
  const place = namesIn(path).join('.');
  const types = brought.flatMap((one) =>
    one.path === place && one.below !== undefined ? [one.below] : [],
  );
  return types.every((type) => fields.overlap(type, typeName));
}

function* placesOf(
  field: FieldNode,
  above: readonly string[],
  isBelow = false,
): Generator<{ readonly path: string; readonly isBelow: boolean }> {
  const path = [...above, (field.alias ?? field.name).value];
  yield { path: path.join('.'), isBelow };
  yield* below(field.selectionSet?.selections ?? []);

  function* below(
    selections: readonly SelectionNode[],
  ): Generator<{ readonly path: string; readonly isBelow: boolean }> {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        if (selection.name.value !== '__typename') yield* placesOf(selection, path, true);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        yield* below(selection.selectionSet.selections);
      }
    }
  }
}
