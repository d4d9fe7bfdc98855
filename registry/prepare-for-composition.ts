import {
  Kind,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type InterfaceTypeExtensionNode,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
} from 'graphql';
import { raise } from '../foundation/errors/tributary-error.ts';
import { collectTypes, findDirective, type TypeSource } from '../mapping/schema-source.ts';
import { findFederationLink, localDirectiveName } from './linked-features.ts';

/** What the supergraph changes about an authored schema, as `Type.field`. Fields that the schema lacks are passed over. */
export interface Adjustment {
  /** Fields that another subgraph, the hub, resolves as well. */
  readonly shareable: ReadonlySet<string>;
  /** Fields that only another subgraph, the hub, provides in the supergraph. */
  readonly removed: ReadonlySet<string>;
}

type ComposedType =
  | ObjectTypeDefinitionNode
  | ObjectTypeExtensionNode
  | InterfaceTypeDefinitionNode
  | InterfaceTypeExtensionNode;

/**
 * The schema of a domain as it enters the supergraph. `@external` fields stay as they are: they belong to others.
 * A removed field also leaves the interfaces of its type, which could not demand it any longer; a type that loses
 * all its fields is dropped. Nodes keep their places in the authored file.
 *
 * @throws SUBGRAPH_NOT_FEDERATION_2
 */
export function prepare(document: DocumentNode, { shareable, removed }: Adjustment): DocumentNode {
  const types = collectTypes(document);
  const removedHere = removedFields(types, removed);
  const emptied = new Set([...types.values()].filter(isEmptied).map(({ name }) => name));
  const shareableName = shareableDirectiveName(document, types, shareable);
  const definitions = document.definitions.flatMap((node): readonly DefinitionNode[] => {
    if (node.kind === Kind.SCHEMA_DEFINITION) return [withoutRoots(node, emptied)];
    if (!isComposedType(node)) return [node];
    return emptied.has(node.name.value) ? [] : [adjust(node)];
  });
  return { ...document, definitions };

  function isEmptied({ name, fields }: TypeSource): boolean {
    return (
      fields.length > 0 && fields.every((field) => removedHere.has(`${name}.${field.name.value}`))
    );
  }

  function adjust(node: ComposedType): ComposedType {
    const type = node.name.value;
    const fields = (node.fields ?? [])
      .filter((field) => !removedHere.has(`${type}.${field.name.value}`))
      .map((field) => (isToShare(types.get(type), field, shareable) ? share(field) : field));
    const interfaces = (node.interfaces ?? []).filter(({ name }) => !emptied.has(name.value));
    return { ...node, fields, interfaces };
  }

  function share(field: FieldDefinitionNode): FieldDefinitionNode {
    const directive: ConstDirectiveNode = {
      kind: Kind.DIRECTIVE,
      name: { kind: Kind.NAME, value: shareableName },
    };
    const isMarked = findDirective(field, shareableName) !== undefined;
    return isMarked ? field : { ...field, directives: [...(field.directives ?? []), directive] };
  }
}

function removedFields(
  types: ReadonlyMap<string, TypeSource>,
  removed: ReadonlySet<string>,
): ReadonlySet<string> {
  const found = [...types.values()].flatMap((type) =>
    type.fields
      .filter((field) => removed.has(`${type.name}.${field.name.value}`) && !isExternal(field))
      .flatMap((field) =>
        [type.name, ...type.interfaces].map((name) => `${name}.${field.name.value}`),
      ),
  );
  return new Set(found);
}

function isToShare(
  type: TypeSource | undefined,
  field: FieldDefinitionNode,
  shareable: ReadonlySet<string>,
): boolean {
  return (
    type?.kind === 'object' &&
    shareable.has(`${type.name}.${field.name.value}`) &&
    !isExternal(field) &&
    findDirective(type, 'shareable') === undefined
  );
}

function isExternal(field: FieldDefinitionNode): boolean {
  return findDirective(field, 'external') !== undefined;
}

/** The directive's name in this schema; it needs no import, since its full name always stands. */
function shareableDirectiveName(
  document: DocumentNode,
  types: ReadonlyMap<string, TypeSource>,
  shareable: ReadonlySet<string>,
): string {
  const link = findFederationLink(document);
  if (link !== undefined) return localDirectiveName(link, 'shareable');
  const isNeeded = [...types.values()].some((type) =>
    type.fields.some((field) => isToShare(type, field, shareable)),
  );
  const name = document.loc?.source.name ?? 'schema';
  if (isNeeded) throw raise('SUBGRAPH_NOT_FEDERATION_2', { name }, { at: { file: name } });
  return 'shareable';
}

/** A schema definition must not name a root type that is gone; without any root it becomes an extension. */
function withoutRoots(
  node: Extract<DefinitionNode, { kind: Kind.SCHEMA_DEFINITION }>,
  emptied: ReadonlySet<string>,
): DefinitionNode {
  const operationTypes = node.operationTypes.filter(({ type }) => !emptied.has(type.name.value));
  if (operationTypes.length > 0) return { ...node, operationTypes };
  const { description: _, ...rest } = node;
  return { ...rest, kind: Kind.SCHEMA_EXTENSION, operationTypes };
}

function isComposedType(node: DefinitionNode): node is ComposedType {
  return (
    node.kind === Kind.OBJECT_TYPE_DEFINITION ||
    node.kind === Kind.OBJECT_TYPE_EXTENSION ||
    node.kind === Kind.INTERFACE_TYPE_DEFINITION ||
    node.kind === Kind.INTERFACE_TYPE_EXTENSION
  );
}
