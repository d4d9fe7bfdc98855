import { Kind, type FieldNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';

/**
 * The fields that some selections have at one place of an answer, whatever fragments they stand in. What a named
 * fragment brings there it brings once.
 */
export function* fieldsAt(
  sets: readonly SelectionSetNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  spread = new Set<string>(),
): Generator<FieldNode> {
  for (const selection of sets.flatMap(({ selections }) => selections)) {
    if (selection.kind === Kind.FIELD) {
      yield selection;
      continue;
    }
    const isNamed = selection.kind === Kind.FRAGMENT_SPREAD;
    const name = isNamed ? selection.name.value : undefined;
    if (name !== undefined && spread.has(name)) continue;
    if (name !== undefined) spread.add(name);
    const fragment = isNamed ? fragments.get(selection.name.value) : selection;
    if (fragment !== undefined) yield* fieldsAt([fragment.selectionSet], fragments, spread);
  }
}
