import { Kind, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';

/** Selections without named fragments: each is written where it was named. */
export function writtenOut(
  set: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): SelectionSetNode {
  const selections = set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD || selection.kind === Kind.INLINE_FRAGMENT) {
      const { selectionSet } = selection;
      if (selectionSet === undefined) return [selection];
      return [{ ...selection, selectionSet: writtenOut(selectionSet, fragments) }];
    }
    const fragment = fragments.get(selection.name.value);
    if (fragment === undefined) return [];
    const { typeCondition } = fragment;
    const { directives = [] } = selection;
    const selectionSet = writtenOut(fragment.selectionSet, fragments);
    return [{ kind: Kind.INLINE_FRAGMENT, typeCondition, directives, selectionSet } as const];
  });
  return { ...set, selections };
}
