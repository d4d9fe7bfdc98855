import type { KeyLookup } from '../../lake/key-lookup.ts';
import { fieldColumn, type Projection } from '../../mapping/projection.ts';
import { parentColumns, relationEnds } from '../sql/relation-ends.ts';
import type { ConnectionSelection, EntityMember, EntitySelection } from './intermediate-form.ts';
import { lookupBy } from './to-sql.ts';

/** The rows of one projection that a selection reads: which columns, and what to fetch along with them. */
export interface RowFetch {
  readonly projection: Projection;
  /** Names of the columns that are read; a row's values come in this order. */
  readonly columns: readonly string[];
  /** Those of them that the selection itself asks for; the others only say which row is which. */
  readonly selected: readonly string[];
  readonly relations: readonly RelationFetch[];
}

type Member<Kind extends EntityMember['kind']> = EntityMember & { readonly kind: Kind };

/** What belongs to the rows of another fetch. */
export type RelationFetch = {
  /** Where the parent's row holds the values to look up by. */
  readonly parentPositions: readonly number[];
  /** The columns of the related rows that hold the same values. */
  readonly by: readonly string[];
} & (
  | {
      readonly kind: 'rows';
      readonly member: Member<'relation'>;
      readonly target: RowFetch;
      /** Finds all of the target's rows by these values. */
      readonly lookup: KeyLookup;
    }
  | { readonly kind: 'page'; readonly member: Member<'relatedPage'>; readonly target: RowFetch }
  | { readonly kind: 'aggregate'; readonly member: Member<'relatedAggregate'> }
);

type Projections = ReadonlyMap<string, Projection>;

/** Decides what to read of each projection for a selection; `extraColumns` are read besides. */
export function toRowFetch(
  selection: EntitySelection,
  projections: Projections,
  extraColumns: readonly string[] = [],
): RowFetch {
  const projection = projections.get(selection.entity.name);
  if (projection === undefined)
    throw new Error(`There is no projection of ${selection.entity.name}`);
  const selected = new Set(selection.members.flatMap((member) => columnsOf(member, projection)));
  const ordered = [...new Set([...extraColumns, ...selected])];
  const relations = selection.members.flatMap((member): readonly RelationFetch[] => {
    const relation = relationFetch(member, projection, projections, ordered);
    return relation === undefined ? [] : [relation];
  });
  return { projection, columns: ordered, selected: [...selected], relations };
}

/** What a connection's nodes and edges read together. */
export function connectionSelection(
  entity: EntitySelection['entity'],
  connection: ConnectionSelection,
): EntitySelection {
  return { entity, members: selectionsOf(connection).flatMap(({ members }) => members) };
}

/** The selections of entities in a connection. */
export function selectionsOf(connection: ConnectionSelection): readonly EntitySelection[] {
  return connection.flatMap((member): readonly EntitySelection[] => {
    if (member.kind === 'nodes') return [member.selection];
    if (member.kind !== 'edges') return [];
    return member.members.flatMap((edge) => (edge.kind === 'node' ? [edge.selection] : []));
  });
}

function relationFetch(
  member: EntityMember,
  projection: Projection,
  projections: Projections,
  columns: readonly string[],
): RelationFetch | undefined {
  if (member.kind === 'typename' || member.kind === 'field') return undefined;
  if (member.kind === 'relation' && member.target.kind === 'reference') return undefined;
  const ends = relationEnds(member.source, projection, projections);
  const followed = {
    parentPositions: ends.parent.map((column) => columns.indexOf(column)),
    by: ends.child,
  };
  if (member.kind === 'relatedAggregate') return { kind: 'aggregate', member, ...followed };
  if (member.kind === 'relatedPage') {
    const selection = connectionSelection(member.target, member.connection);
    return {
      kind: 'page',
      member,
      ...followed,
      target: toRowFetch(selection, projections, ends.child),
    };
  }
  if (member.target.kind === 'reference') return undefined;
  const target = toRowFetch(member.target.selection, projections, ends.child);
  return { kind: 'rows', member, ...followed, target, lookup: lookupBy(target, ends.child) };
}

function columnsOf(member: EntityMember, projection: Projection): readonly string[] {
  if (member.kind === 'typename') return [];
  if (member.kind === 'field') return [fieldColumn(projection.entity, member.source.field.name)];
  return parentColumns(member.source, projection);
}
