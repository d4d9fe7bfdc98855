import type { Entity, OwnedField, OwnedRelation } from '../../mapping/model.ts';

/** Where a value is found, seen from the rows that a question is about: relations to one to follow, then a field. */
export interface FieldPath {
  readonly via: readonly OwnedRelation[];
  /** The entity at the end of `via`, which has the field. */
  readonly entity: Entity;
  readonly source: OwnedField;
}
