import type { Entity, LakeModel, OwnedField, OwnedRelation } from '../../mapping/model.ts';

export function fieldNamed(name: string, { fields }: Entity): OwnedField | undefined {
  return fields.find(({ field }) => field.name === name);
}

/** A relation that the derived schema offers, and the entity at its other end. */
export function relationNamed(
  name: string,
  entity: Entity,
  model: LakeModel,
): { readonly relation: OwnedRelation; readonly target: Entity } {
  const relation = entity.relations.find((candidate) => candidate.relation.name === name);
  const target = relation && model.entities.get(relation.relation.target);
  if (relation === undefined || target === undefined)
    throw new TypeError(`${entity.name} has no field or relation ${name}.`);
  return { relation, target };
}
