import {
  Kind,
  parse,
  print,
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { findArgument, findDirectives, stringArgument } from '../mapping/schema-source.ts';

/** What a supergraph says of a field in each subgraph, `@join__field`: https://specs.apollo.dev/join/v0.3 */
export function joinFields(field: FieldDefinitionNode): readonly ConstDirectiveNode[] {
  return findDirectives(field, 'join__field');
}

/** The subgraph that a `join__` directive is about, as a value of `join__Graph`; empty when it names none. */
export function graphOf(directive: ConstDirectiveNode): string {
  const graph = findArgument(directive, 'graph');
  return graph?.kind === Kind.ENUM ? graph.value : '';
}

export function isExternal(directive: ConstDirectiveNode): boolean {
  const external = findArgument(directive, 'external');
  return external?.kind === Kind.BOOLEAN && external.value;
}

/** What a field requires in the subgraph of the directive. */
export function requiredFields(directive: ConstDirectiveNode): SelectionSetNode | undefined {
  if (directive.name.value !== 'join__field') return undefined;
  const requires = stringArgument(directive, 'requires');
  return requires === undefined ? undefined : parseFieldSet(requires);
}

export function parseFieldSet(text: string): SelectionSetNode | undefined {
  const [operation] = parse(`{ ${text} }`, { noLocation: true }).definitions;
  return operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet : undefined;
}

export function withRequired(
  directive: ConstDirectiveNode,
  selectionSet: SelectionSetNode,
): ConstDirectiveNode {
  const value = selectionSet.selections.map(print).join(' ').replaceAll(/\s+/g, ' ');
  return {
    ...directive,
    arguments: (directive.arguments ?? []).map((argument) =>
      argument.name.value === 'requires'
        ? { ...argument, value: { kind: Kind.STRING, value } }
        : argument,
    ),
  };
}
