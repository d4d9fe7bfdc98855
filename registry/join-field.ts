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
  return isSaid(directive, 'external', false);
}

/** Of a `join__type`. */
export function isInterfaceObject(directive: ConstDirectiveNode): boolean {
  return isSaid(directive, 'isInterfaceObject', false);
}

export function isSaid(directive: ConstDirectiveNode, name: string, otherwise: boolean): boolean {
  const value = findArgument(directive, name);
  return value?.kind === Kind.BOOLEAN ? value.value : otherwise;
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
  return withText(directive, 'requires', value);
}

/** The directive with another text for one of its arguments. */
export function withText(
  directive: ConstDirectiveNode,
  argument: string,
  value: string,
): ConstDirectiveNode {
  const others = (directive.arguments ?? []).filter(({ name }) => name.value !== argument);
  const name = { kind: Kind.NAME, value: argument } as const;
  const text = { kind: Kind.STRING, value } as const;
  return { ...directive, arguments: [...others, { kind: Kind.ARGUMENT, name, value: text }] };
}
