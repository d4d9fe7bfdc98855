import type { KeyLookup } from '../../lake/key-lookup.ts';
import type { OwnedRelation } from '../../mapping/model.ts';
import { fieldColumn, referenceColumn, type Projection } from '../../mapping/projection.ts';
import type { EntityMember, EntitySelection } from './intermediate-form.ts';
import { lookupBy } from './to-sql.ts';

/** The rows of one projection that a selection reads: which columns, and what to fetch along with them. */
export interface RowFetch {
  readonly projection: Projection;
  /** Names of the columns that are read; a row's values come in this order. */
  readonly columns: readonly string[];
  readonly relations: readonly RelationFetch[];
}

/** Rows that belong to the rows of another fetch. */
export interface RelationFetch {
  /** The member of the selection that they are fetched for. */
  readonly member: EntityMember;
  /** Where the parent's row holds the values to look up by. */
  readonly parentPositions: readonly number[];
  /** Finds the target's rows by these values. */
  readonly lookup: KeyLookup;
  readonly target: RowFetch;
}

/** Decides what to read of each projection for a selection; `extraColumns` are read besides. */
export function toRowFetch(
  selection: EntitySelection,
  projections: ReadonlyMap<string, Projection>,
  extraColumns: readonly string[] = [],
): RowFetch {
  const projection = projections.get(selection.entity.name);
  if (projection === undefined)
    throw new Error(`There is no projection of ${selection.entity.name}`);
  const columns = new Set(extraColumns);
  for (const member of selection.members) {
    for (const column of columnsOf(member, projection)) columns.add(column);
  }
  const ordered = [...columns];
  const relations = selection.members.flatMap((member): readonly RelationFetch[] => {
    if (member.kind !== 'relation' || member.target.kind === 'reference') return [];
    const ends = relationEnds(member.source, projection, projections);
    const target = toRowFetch(member.target.selection, projections, ends.child);
    return [
      {
        member,
        parentPositions: positions(ordered, ends.parent),
        lookup: lookupBy(target, ends.child),
        target,
      },
    ];
  });
  return { projection, columns: ordered, relations };
}

function columnsOf(member: EntityMember, projection: Projection): readonly string[] {
  if (member.kind === 'typename') return [];
  if (member.kind === 'field') return [fieldColumn(projection.entity, member.source.field.name)];
  return parentColumns(member.source, projection);
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

function relationEnds(
  source: OwnedRelation,
  projection: Projection,
  projections: ReadonlyMap<string, Projection>,
): { readonly parent: readonly string[]; readonly child: readonly string[] } {
  const { owner, relation } = source;
  const child =
    relation.cardinality === 'one'
      ? (projections.get(relation.target)?.key ?? [])
      : relation.columns.map((column) => referenceColumn(owner.domain, column));
  return { parent: parentColumns(source, projection), child };
}

function positions(columns: readonly string[], names: readonly string[]): readonly number[] {
  return names.map((name) => columns.indexOf(name));
}
