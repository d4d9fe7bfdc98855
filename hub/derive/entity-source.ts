import { print, type ConstDirectiveNode, type FieldDefinitionNode } from 'graphql';
import type {
  Entity,
  LakeModel,
  OwnedField,
  OwnedRelation,
  WireType,
} from '../../mapping/model.ts';
import { authoredField, nullableType } from './authored-nodes.ts';
import { withoutAccess } from './carried-directives.ts';
import { namesOf, scalarNames, type EntityNames } from './names.ts';
import type { SaidOf } from './said-of.ts';
import type { Described } from './sdl-nodes.ts';

type Directives = readonly ConstDirectiveNode[];

/** An entity with all that its questions and figures are derived from. */
export interface EntitySource {
  readonly entity: Entity;
  readonly names: EntityNames;
  readonly fields: readonly FieldSource[];
  /** Relations to one entity of the lake; what is outside of it can be neither asked nor counted. */
  readonly toOne: readonly RelationSource[];
  readonly toMany: readonly RelationSource[];
  /** What hands down to the types that are derived, for answers and for questions. */
  readonly onOutputs: Directives;
  readonly onInputs: Directives;
}

/** A field or a relation, as what is derived from it has to describe it. */
interface MemberSource {
  readonly name: string;
  /** The author's words, and whose they are. */
  readonly description: string;
  readonly onOutputs: Directives;
  readonly onInputs: Directives;
}

export interface FieldSource extends MemberSource {
  readonly source: OwnedField;
  readonly wireType: WireType;
  /** The authored type, as it is when a value may be missing. */
  readonly type: string;
}

export interface RelationSource extends MemberSource {
  readonly source: OwnedRelation;
  readonly target: EntityNames;
}

export function entitySource(entity: Entity, model: LakeModel, saidOf: SaidOf): EntitySource {
  const onOutputs = saidOf(entity.name).filter(({ name }) => name.value !== 'deprecated');
  const fields = entity.fields.map((source): FieldSource => {
    const { owner, field } = source;
    const node = authoredField(owner.domain, entity.name, field.name, model);
    return {
      ...memberSource(node, owner.domain, said(field.name, namedWireType(field.wireType))),
      source,
      wireType: field.wireType,
      type: print(nullableType(node.type)),
    };
  });
  const relations = entity.relations
    .filter(({ relation }) => model.entities.has(relation.target))
    .map((source): RelationSource => {
      const { owner, relation } = source;
      const node = authoredField(owner.domain, entity.name, relation.name, model);
      return {
        ...memberSource(node, owner.domain, said(relation.name, relation.target)),
        source,
        target: namesOf(relation.target),
      };
    });
  return {
    entity,
    names: namesOf(entity.name),
    fields,
    toOne: relations.filter(({ source }) => source.relation.cardinality === 'one'),
    toMany: relations.filter(({ source }) => source.relation.cardinality === 'many'),
    onOutputs,
    onInputs: withoutAccess(onOutputs),
  };

  /** A value is hidden when its field is or its type is, also where only their number is told. */
  function said(member: string, type: string): Directives {
    return saidOf(`${entity.name}.${member}`, type);
  }
}

/** What stands for the member in an answer. */
export function onAnswer({ name, description, onOutputs }: MemberSource): Required<Described> {
  return { name, description, directives: onOutputs };
}

/** What stands for the member in a question. */
export function onQuestion({ name, description, onInputs }: MemberSource): Required<Described> {
  return { name, description, directives: onInputs };
}

function memberSource(
  node: FieldDefinitionNode,
  domain: string,
  onOutputs: Directives,
): MemberSource {
  const text = node.description?.value;
  return {
    name: node.name.value,
    description: text === undefined ? `From ${domain}.` : `From ${domain}: ${text}`,
    onOutputs,
    onInputs: withoutAccess(onOutputs),
  };
}

function namedWireType(type: WireType): string {
  if (type.kind === 'list') return namedWireType(type.of);
  return type.kind === 'enum' ? type.name : scalarNames[type.kind];
}
