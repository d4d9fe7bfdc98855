import {
  getLocation,
  GraphQLError,
  Kind,
  parse,
  Source,
  TokenKind,
  type ASTNode,
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputObjectTypeDefinitionNode,
  type StringValueNode,
} from 'graphql';
import { raise, type SourceLocation } from '../foundation/errors/tributary-error.ts';
import { useFederationNames } from './federation-names.ts';

/** An object or interface type with the fields and directives of its definition and all its extensions. */
export interface TypeSource {
  readonly kind: 'object' | 'interface';
  readonly name: string;
  readonly fields: readonly FieldDefinitionNode[];
  readonly directives: readonly ConstDirectiveNode[];
  readonly interfaces: readonly string[];
  readonly description: StringValueNode | undefined;
  readonly location: SourceLocation;
}

/**
 * Parses a subgraph's schema; a syntax error names the file, the line and the column. The directives of federation
 * stand under their own names in what comes out, also where the schema has others for them.
 */
export function parseSchema(sdl: string, file: string): DocumentNode {
  try {
    return useFederationNames(parse(new Source(sdl, file)));
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const [place] = error.locations ?? [];
    throw raise(
      'SCHEMA_SYNTAX',
      {
        problem: sdl.trim() === '' ? 'It is empty.' : error.message.replace(/^Syntax Error: /, ''),
      },
      { at: { file, line: place?.line, column: place?.column }, cause: error },
    );
  }
}

/** Where a node of a parsed schema stands; of a definition, where its description has ended. */
export function locate(node: ASTNode): SourceLocation {
  if (node.loc === undefined) return { file: 'schema' };
  const description = 'description' in node ? node.description : undefined;
  let token = description?.loc?.endToken.next ?? node.loc.startToken;
  while (token.kind === TokenKind.COMMENT && token.next !== null) token = token.next;
  const { line, column } = getLocation(node.loc.source, token.start);
  return { file: node.loc.source.name, line, column };
}

/** The object and interface types of a schema by name, each merged with its extensions. */
export function collectTypes(document: DocumentNode): ReadonlyMap<string, TypeSource> {
  const types = new Map<string, TypeSource>();
  for (const node of document.definitions) {
    const isObject =
      node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;
    const isInterface =
      node.kind === Kind.INTERFACE_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_EXTENSION;
    if (!isObject && !isInterface) continue;
    const known = types.get(node.name.value);
    types.set(node.name.value, {
      kind: isObject ? 'object' : 'interface',
      name: node.name.value,
      fields: [...(known?.fields ?? []), ...(node.fields ?? [])],
      directives: [...(known?.directives ?? []), ...(node.directives ?? [])],
      interfaces: [
        ...(known?.interfaces ?? []),
        ...(node.interfaces ?? []).map(({ name }) => name.value),
      ],
      description: known?.description ?? ('description' in node ? node.description : undefined),
      location: known?.location ?? locate(node),
    });
  }
  return types;
}

/** The values of every enum of a schema, by the enum's name. */
export function collectEnums(document: DocumentNode): ReadonlyMap<string, ReadonlySet<string>> {
  const enums = new Map<string, Set<string>>();
  for (const node of document.definitions) {
    if (node.kind !== Kind.ENUM_TYPE_DEFINITION && node.kind !== Kind.ENUM_TYPE_EXTENSION) continue;
    const values = enums.get(node.name.value) ?? new Set<string>();
    for (const value of node.values ?? []) values.add(value.name.value);
    enums.set(node.name.value, values);
  }
  return enums;
}

/** The input types of a schema by name. */
export function collectInputs(
  document: DocumentNode,
): ReadonlyMap<string, InputObjectTypeDefinitionNode> {
  return new Map(
    document.definitions
      .filter((node) => node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
}

type Directed = { readonly directives?: readonly ConstDirectiveNode[] | undefined };

export function findDirectives(node: Directed, name: string): readonly ConstDirectiveNode[] {
  return (node.directives ?? []).filter((directive) => directive.name.value === name);
}

export function findDirective(node: Directed, name: string): ConstDirectiveNode | undefined {
  return findDirectives(node, name)[0];
}

export function findArgument(
  directive: ConstDirectiveNode,
  name: string,
): ConstValueNode | undefined {
  return directive.arguments?.find((argument) => argument.name.value === name)?.value;
}

export function stringArgument(directive: ConstDirectiveNode, name: string): string | undefined {
  const value = findArgument(directive, name);
  return value?.kind === Kind.STRING ? value.value : undefined;
}

/** A list-of-strings argument; GraphQL's list coercion lets one string stand for a list of one. */
export function stringListArgument(directive: ConstDirectiveNode, name: string): readonly string[] {
  const value = findArgument(directive, name);
  if (value?.kind === Kind.STRING) return [value.value];
  if (value?.kind !== Kind.LIST) return [];
  return value.values.flatMap((item) => (item.kind === Kind.STRING ? [item.value] : []));
}
