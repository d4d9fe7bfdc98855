import {
  isInterfaceType,
  isObjectType,
  Kind,
  OperationTypeNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import type { JsonObject } from '../../foundation/json-object.ts';

/** Whether an object of an answer can be what the schema has at its place, as its `__typename` tells. */
export function canBeOf(
  type: GraphQLCompositeType,
  object: JsonObject,
  selectionSet: SelectionSetNode,
  schema: GraphQLSchema,
): boolean {
  if (isObjectType(type)) return true;
  const name = object['__typename'];
  if (name === undefined) return !asksTypename(selectionSet);
  const named = schema.getType(String(name));
  if (isObjectType(named)) return schema.isSubType(type, named);
  // A subgraph may have an interface as an object, which is called as the interface is.
  return isInterfaceType(named);
}

function asksTypename({ selections }: SelectionSetNode): boolean {
  return selections.some(
    (selection) =>
      selection.kind === Kind.FIELD &&
      selection.name.value === '__typename' &&
      selection.alias === undefined &&
      (selection.directives ?? []).length === 0,
  );
}

/** Whether a subgraph may have the type by another name, as `schema { query: query_root }` says. */
export function isRootType(type: GraphQLObjectType, schema: GraphQLSchema): boolean {
  return Object.values(OperationTypeNode).some((root) => schema.getRootType(root) === type);
}
