import { getArgumentValues, visit, type FieldNode, type GraphQLField } from 'graphql';

/** The arguments of a field, as their values come with each request. */
export interface ArgumentsForm {
  /** Whether any argument is written at all. */
  readonly isEmpty: boolean;
  /** @throws GraphQLError for a value that is none of the argument's type */
  readonly read: (variables: Readonly<Record<string, unknown>>) => ArgumentValues;
}

/** What is not given is not there. */
export type ArgumentValues = Readonly<Record<string, unknown>>;

export function readArguments(
  node: FieldNode,
  definition: GraphQLField<unknown, unknown>,
): ArgumentsForm {
  const isEmpty = (node.arguments ?? []).length === 0;
  let hasVariables = false;
  visit(node, {
    SelectionSet: () => false,
    Variable: () => void (hasVariables = true),
  });
  if (hasVariables)
    return { isEmpty, read: (variables) => getArgumentValues(definition, node, variables) };
  let constant: ArgumentValues | undefined;
  return { isEmpty, read: () => (constant ??= getArgumentValues(definition, node)) };
}
