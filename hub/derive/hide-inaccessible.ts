import {
  Kind,
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  type ObjectTypeDefinitionNode,
  type TypeNode,
} from 'graphql';
import { namedTypeOf } from '../../mapping/field-type.ts';
import { inaccessible, isInaccessible } from './carried-directives.ts';
import type { DerivedDefinition } from './derived-types.ts';

/** What only concerns these members is hidden as soon as all of them are. */
export function hiddenIfAllAre(
  members: readonly { readonly onInputs: readonly ConstDirectiveNode[] }[],
): readonly ConstDirectiveNode[] {
  return members.every(({ onInputs }) => isInaccessible({ directives: onInputs }))
    ? [inaccessible]
    : [];
}

/**
 * Hides what composition demands to be hidden: what is of a hidden type, and a type of which nothing is seen.
 *
 * @param isHidden whether an authored type is
 */
export function hideInaccessible(
  definitions: readonly DerivedDefinition[],
  isHidden: (typeName: string) => boolean,
): readonly DerivedDefinition[] {
  const hidden = new Set<string>();
  const isOfHiddenType = ({ type }: { readonly type: TypeNode }): boolean => {
    const name = namedTypeOf(type);
    return hidden.has(name) || isHidden(name);
  };
  let current = definitions;
  let before: number;
  do {
    before = hidden.size;
    current = current.map((definition) => {
      if (isInaccessible(definition)) hidden.add(definition.name.value);
      if (hidden.has(definition.name.value)) return definition;
      const changed = hideMembers(definition, isOfHiddenType);
      const members = changed.kind === Kind.ENUM_TYPE_DEFINITION ? changed.values : changed.fields;
      return (members ?? []).every(isInaccessible) ? hide(changed) : changed;
    });
    for (const { name } of current.filter(isInaccessible)) hidden.add(name.value);
  } while (hidden.size > before);
  return current;
}

function hideMembers(
  definition: DerivedDefinition,
  isOfHiddenType: (member: { readonly type: TypeNode }) => boolean,
): DerivedDefinition {
  switch (definition.kind) {
    case Kind.ENUM_TYPE_DEFINITION:
      return definition;
    case Kind.INPUT_OBJECT_TYPE_DEFINITION: {
      const fields = definition.fields ?? [];
      return {
        ...definition,
        fields: fields.map((field) => (isOfHiddenType(field) ? hide(field) : field)),
      };
    }
    case Kind.OBJECT_TYPE_DEFINITION:
      return hideFields(definition, isOfHiddenType);
  }
}

function hideFields(
  definition: ObjectTypeDefinitionNode,
  isOfHiddenType: (member: { readonly type: TypeNode }) => boolean,
): ObjectTypeDefinitionNode {
  const fields = (definition.fields ?? []).map((field): FieldDefinitionNode => {
    if (isOfHiddenType(field)) return hide(field);
    const values = field.arguments ?? [];
    return {
      ...field,
      arguments: values.map((value) => (isOfHiddenType(value) ? hide(value) : value)),
    };
  });
  return { ...definition, fields };
}

function hide<Node extends { readonly directives?: readonly ConstDirectiveNode[] | undefined }>(
  node: Node,
): Node {
  return isInaccessible(node)
    ? node
    : { ...node, directives: [...(node.directives ?? []), inaccessible] };
}
