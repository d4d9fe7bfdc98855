import {
  Kind,
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  type ObjectTypeDefinitionNode,
} from 'graphql';
import pluralize from 'pluralize';
import { entityKeys } from '../../mapping/entity-keys.ts';
import type { LakeModel, OwnedRelation } from '../../mapping/model.ts';
import { authoredField, authoredType } from './authored-nodes.ts';
import { carriedDirectives } from './carried-directives.ts';
import { onAnswer, type EntitySource, type RelationSource } from './entity-source.ts';
import { interfacesOf } from './interfaces.ts';
import { keyDirective } from './key-directive.ts';
import { relationNames } from './names.ts';
import { relatedPageArguments, relatedRowsArguments, where } from './question-arguments.ts';
import { inputValue, outputField } from './sdl-nodes.ts';

/** The hub's copy of an entity: the lake-backed fields of all domains, and what is derived from its relations. */
export function entityType(
  { entity, toMany }: EntitySource,
  model: LakeModel,
  relationsWithArguments: { readonly has: (coordinate: string) => boolean },
): ObjectTypeDefinitionNode {
  const authored = authoredType(entity.identity.domain, entity.name, model);
  const copy = (domain: string, name: string): FieldDefinitionNode =>
    authoredField(domain, entity.name, name, model);
  const fields = entity.fields.map(({ owner, field }) => share(copy(owner.domain, field.name)));
  const relations = entity.relations.flatMap((source) => {
    const { owner, relation } = source;
    const node = copy(owner.domain, relation.name);
    const derived = toMany.find((candidate) => candidate.source === source);
    return [
      relationsWithArguments.has(`${entity.name}.${relation.name}`)
        ? withArguments(node, source)
        : share(node),
      ...(derived === undefined ? [] : besides(derived)),
    ];
  });
  return {
    kind: Kind.OBJECT_TYPE_DEFINITION,
    ...(authored.description === undefined ? {} : { description: authored.description }),
    name: { kind: Kind.NAME, value: entity.name },
    interfaces: interfacesOf(entity, model).map((name) => ({
      kind: Kind.NAMED_TYPE,
      name: { kind: Kind.NAME, value: name },
    })),
    directives: [
      ...entityKeys(entity).map(keyDirective),
      ...carriedDirectives(authored.directives),
    ],
    fields: [...fields, ...relations],
  };
}

const shareable: ConstDirectiveNode = {
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: 'shareable' },
};

function share(node: FieldDefinitionNode): FieldDefinitionNode {
  return { ...node, directives: [...carriedDirectives(node.directives), shareable] };
}

/** A field that leaves its domain for the hub. */
function withArguments(
  node: FieldDefinitionNode,
  { relation: { cardinality, target } }: OwnedRelation,
): FieldDefinitionNode {
  const values = cardinality === 'many' ? relatedRowsArguments(target) : [where(target)];
  return {
    ...node,
    arguments: values.map(inputValue),
    directives: carriedDirectives(node.directives),
  };
}

function besides(relation: RelationSource): readonly FieldDefinitionNode[] {
  const { entity, connection, aggregate } = relation.target;
  const names = relationNames(relation.name);
  const { directives } = onAnswer(relation);
  const plural = pluralize(entity);
  return [
    outputField({
      name: names.page,
      description: `A page of the ${plural} in \`${relation.name}\`; unless sorted, in the order of their keys.`,
      arguments: relatedPageArguments(entity),
      type: `${connection}!`,
      directives,
    }),
    outputField({
      name: names.aggregate,
      description: `Figures of the ${plural} in \`${relation.name}\`.`,
      arguments: [where(entity)],
      type: `${aggregate}!`,
      directives,
    }),
  ];
}
