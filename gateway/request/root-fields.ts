import {
  Kind,
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** A field at the root of an operation. */
export interface RootField {
  readonly field: FieldNode;
  /** What the fragments around it say, the outermost first; those that say nothing are left out. */
  readonly around: readonly (readonly DirectiveNode[])[];
}

/**
 * The fields of the root of a valid operation in the order in which it comes to them, those of fragments in their
 * places: what a fragment at the root brings is always of the root's type.
 */
export function rootFields(
  { selectionSet }: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): readonly RootField[] {
  const spread = new Set<string>();
  return within(selectionSet, []);

  function within({ selections }: SelectionSetNode, around: RootField['around']): RootField[] {
    return selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [{ field: selection, around }];
      const { directives = [] } = selection;
      const inside = directives.length === 0 ? around : [...around, directives];
      if (selection.kind === Kind.INLINE_FRAGMENT) return within(selection.selectionSet, inside);
      const name = selection.name.value;
      if (spread.has(name)) return [];
      // Under a condition it may bring nothing, and then the next one does.
      if (inside.length === 0) spread.add(name);
      const fragment = fragments.get(name);
      return fragment === undefined ? [] : within(fragment.selectionSet, inside);
    });
  }
}

/** The field as it is, with a fragment around it for what those around it say. */
export function selectionOf({ field, around }: RootField): SelectionNode {
  return around.reduceRight<SelectionNode>((selection, directives) => {
    const selectionSet = { kind: Kind.SELECTION_SET, selections: [selection] } as const;
    return { kind: Kind.INLINE_FRAGMENT, directives, selectionSet };
  }, field);
}
