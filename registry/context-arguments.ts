import {
  Kind,
  print,
  type ConstDirectiveNode,
  type ConstValueNode,
  type DefinitionNode,
  type DocumentNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type SelectionSetNode,
  type UnionTypeDefinitionNode,
} from 'graphql';
import { findDirectives, stringArgument } from '../mapping/schema-source.ts';
import { parseFieldSet } from './join-field.ts';
import { localDirectiveName, readLinkedFeatures, type LinkedFeature } from './linked-features.ts';

/** The link to the specification of contexts, https://specs.apollo.dev/context/v0.1 */
export function findContextLink(supergraph: DocumentNode): LinkedFeature | undefined {
  const identity = 'https://specs.apollo.dev/context';
  return readLinkedFeatures(supergraph).find((feature) => feature.identity === identity);
}

/** The types that have a context, by its name in the supergraph. */
export function typesWithContext(supergraph: DocumentNode): ReadonlyMap<string, readonly string[]> {
  const link = findContextLink(supergraph);
  const types = new Map<string, readonly string[]>();
  if (link === undefined) return types;
  const directiveName = localDirectiveName(link, 'context');
  for (const node of supergraph.definitions) {
    if (!isCompositeTypeDefinition(node)) continue;
    for (const directive of findDirectives(node, directiveName)) {
      const name = stringArgument(directive, 'name') ?? '';
      types.set(name, [...(types.get(name) ?? []), node.name.value]);
    }
  }
  return types;
}

function isCompositeTypeDefinition(
  node: DefinitionNode,
): node is ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode | UnionTypeDefinitionNode {
  return (
    node.kind === Kind.OBJECT_TYPE_DEFINITION ||
    node.kind === Kind.INTERFACE_TYPE_DEFINITION ||
    node.kind === Kind.UNION_TYPE_DEFINITION
  );
}

/** The directive `@join__field` with other selections from contexts; the same one where they stay as they are. */
export function mapContextSelections(
  directive: ConstDirectiveNode,
  map: (selection: SelectionSetNode, context: string) => SelectionSetNode,
): ConstDirectiveNode {
  let isChanged = false;
  const mapped = (argument: ConstValueNode): ConstValueNode => {
    if (argument.kind !== Kind.OBJECT) return argument;
    const text = (key: string): string => {
      const value = argument.fields.find(({ name }) => name.value === key)?.value;
      return value?.kind === Kind.STRING ? value.value : '';
    };
    const selection = parseFieldSet(
      text('selection')
        .trim()
        .replace(/^\{(.*)\}$/s, '$1'),
    );
    if (selection === undefined) return argument;
    const other = map(selection, text('context'));
    if (print(other) === print(selection)) return argument;
    isChanged = true;
    const value = { kind: Kind.STRING, value: print(other).replaceAll(/\s+/g, ' ') } as const;
    const fields = argument.fields.map((field) =>
      field.name.value === 'selection' ? { ...field, value } : field,
    );
    return { ...argument, fields };
  };
  const args = (directive.arguments ?? []).map((argument) => {
    if (argument.name.value !== 'contextArguments' || argument.value.kind !== Kind.LIST)
      return argument;
    return { ...argument, value: { ...argument.value, values: argument.value.values.map(mapped) } };
  });
  return isChanged ? { ...directive, arguments: args } : directive;
}
