import { Kind, type FieldDefinitionNode, type InterfaceTypeDefinitionNode } from 'graphql';
import type { Entity, LakeModel } from '../../mapping/model.ts';
import { typesOf } from './authored-nodes.ts';
import { carriedDirectives } from './carried-directives.ts';

/**
 * The interfaces that the hub's copy of an entity implements: those that any domain's part names and of which the
 * lake holds at least one field. The others are nothing that the hub could answer for.
 */
export function interfacesOf(entity: Entity, model: LakeModel): readonly string[] {
  const named = entity.parts.flatMap(({ domain }) => {
    const document = model.domains.find(({ name }) => name === domain)?.document;
    return document === undefined ? [] : (typesOf(document).get(entity.name)?.interfaces ?? []);
  });
  return [...new Set(named)].filter((name) => fieldsInLake(name, entity, model).length > 0);
}

/**
 * The hub's copy of an interface, with the fields that every entity behind it has in the lake; undefined when no
 * entity is. The other fields stay with the domains, where a router finds them by the entity's key.
 */
export function copyInterface(
  name: string,
  model: LakeModel,
): InterfaceTypeDefinitionNode | undefined {
  const nodes = model.domains.flatMap(({ document }) =>
    document.definitions.filter(
      (node) => node.kind === Kind.INTERFACE_TYPE_DEFINITION && node.name.value === name,
    ),
  );
  const [node] = nodes.filter((found) => found.kind === Kind.INTERFACE_TYPE_DEFINITION);
  if (node === undefined) return undefined;
  const [first, ...others] = [...model.entities.values()].filter((entity) =>
    interfacesOf(entity, model).includes(name),
  );
  if (first === undefined) return undefined;
  const fields = fieldsInLake(name, first, model).filter((field) =>
    others.every((entity) => holds(entity, field.name.value)),
  );
  const parents = (node.interfaces ?? []).filter((parent) =>
    [first, ...others].every((entity) => interfacesOf(entity, model).includes(parent.name.value)),
  );
  return {
    kind: node.kind,
    ...(node.description === undefined ? {} : { description: node.description }),
    name: node.name,
    interfaces: parents,
    directives: carriedDirectives(node.directives),
    fields: fields.map((field) => ({ ...field, directives: carriedDirectives(field.directives) })),
  };
}

/** The fields of an interface, over all domains that define it, that the entity has in the lake. */
function fieldsInLake(
  name: string,
  entity: Entity,
  model: LakeModel,
): readonly FieldDefinitionNode[] {
  const fields = model.domains
    .flatMap(({ document }) => typesOf(document).get(name)?.fields ?? [])
    .filter((field) => holds(entity, field.name.value));
  return [...new Map(fields.map((field) => [field.name.value, field])).values()];
}

function holds(entity: Entity, field: string): boolean {
  return (
    entity.fields.some((owned) => owned.field.name === field) ||
    entity.relations.some(({ relation }) => relation.name === field)
  );
}
