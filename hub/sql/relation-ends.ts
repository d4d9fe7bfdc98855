import type { OwnedRelation } from '../../mapping/model.ts';
import { referenceColumn, type Projection } from '../../mapping/projection.ts';
import type { Projections } from './projections.ts';

/** The columns of two projections that are equal where a relation leads from a row of one to a row of the other. */
export interface RelationEnds {
  readonly parent: readonly string[];
  readonly child: readonly string[];
}

export function relationEnds(
  source: OwnedRelation,
  projection: Projection,
  projections: Projections,
): RelationEnds {
  const { owner, relation } = source;
  const child =
    relation.cardinality === 'one'
      ? (projections.get(relation.target)?.key ?? [])
      : relation.columns.map((column) => referenceColumn(owner.domain, column));
  return { parent: parentColumns(source, projection), child };
}

/** The columns of the parent's projection by which a relation is followed. */
export function parentColumns(
  { owner, relation }: OwnedRelation,
  projection: Projection,
): readonly string[] {
  return relation.cardinality === 'one'
    ? relation.columns.map((column) => referenceColumn(owner.domain, column))
    : projection.key;
}
