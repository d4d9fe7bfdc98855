import { fieldColumn } from '../../mapping/projection.ts';
import type { WireType } from '../../mapping/model.ts';
import { compileWireWriter } from '../../wire/to-wire.ts';
import type {
  EntityMember,
  EntitySelection,
  ReferenceMember,
} from '../compile/intermediate-form.ts';
import type { RelationFetch, RowFetch } from '../compile/row-fetch.ts';
import { rowKey, rowKeyText, type FetchedRows, type Related } from '../execute/fetched-rows.ts';
import { parentColumns } from '../sql/relation-ends.ts';
import type { Path } from './path.ts';
import { objectMaker } from './new-object.ts';
import { compileConnectionShaper } from './shape-connection.ts';
import { reportError, reportNull, type ShapeContext } from './shape-context.ts';

/** Where a row becomes JSON: makes the object of one row, or null when a null spread up to it. */
export type EntityShaper = (
  rows: FetchedRows,
  row: number,
  path: Path,
  context: ShapeContext,
) => Record<string, unknown> | null;

/** Writes one member into the object; false when it is null and must not be, so that the whole object is null. */
type MemberShaper = (
  object: Record<string, unknown>,
  rows: FetchedRows,
  row: number,
  path: Path,
  context: ShapeContext,
) => boolean;

/** Compiles the making of answers for a selection, once per operation. */
export function compileEntityShaper(selection: EntitySelection, fetch: RowFetch): EntityShaper {
  const members = selection.members.map((member) => compileMember(member, selection, fetch));
  const newObject = objectMaker(selection.members);
  return (rows, row, path, context) => {
    context.objects.spend(1, selection.entity.name);
    const object = newObject();
    let isWhole = true;
    for (const shape of members) if (!shape(object, rows, row, path, context)) isWhole = false;
    return isWhole ? object : null;
  };
}

function compileMember(
  member: EntityMember,
  selection: EntitySelection,
  fetch: RowFetch,
): MemberShaper {
  switch (member.kind) {
    case 'typename': {
      const { responseKey } = member;
      return (object) => {
        object[responseKey] = selection.entity.name;
        return true;
      };
    }
    case 'field':
      return compileField(member, selection, fetch);
    case 'relation': {
      const shape =
        member.source.relation.cardinality === 'one'
          ? compileToOne(member, selection, fetch)
          : compileToMany(member, fetch);
      return orFailure(member, member.nullability.isNonNull, fetch, shape);
    }
    case 'relatedPage':
      return orFailure(member, true, fetch, compilePage(member, fetch));
    case 'relatedAggregate':
      return orFailure(member, true, fetch, compileAggregate(member, fetch));
  }
}

function compileField(
  { responseKey, source }: EntityMember & { readonly kind: 'field' },
  { entity }: EntitySelection,
  fetch: RowFetch,
): MemberShaper {
  const { name, wireType, isNonNull } = source.field;
  const position = fetch.columns.indexOf(fieldColumn(entity, name));
  const write = compileWireWriter(wireType);
  return (object, rows, row, path, context) => {
    const value = rows.columns[position]?.[row] ?? null;
    object[responseKey] = null;
    if (value === null) {
      if (isNonNull) reportNull(context, entity.name, name, { previous: path, key: responseKey });
      return !isNonNull;
    }
    try {
      object[responseKey] = write(value, context.wire);
      return true;
    } catch (error) {
      reportError(context, error, { previous: path, key: responseKey });
      return !isNonNull;
    }
  };
}

/** Puts the error of a relation that could not be fetched where its value would stand. */
function orFailure(
  member: EntityMember,
  isNonNull: boolean,
  fetch: RowFetch,
  shape: MemberShaper,
): MemberShaper {
  const relation = fetch.relations.find((candidate) => candidate.member === member);
  return (object, rows, row, path, context) => {
    const related = relation && rows.related.get(relation);
    if (related?.kind !== 'failed') return shape(object, rows, row, path, context);
    const { responseKey } = member;
    object[responseKey] = null;
    reportError(context, related.error, { previous: path, key: responseKey });
    return !isNonNull;
  };
}

type RelationMember = EntityMember & { readonly kind: 'relation' };

function compileToOne(
  member: RelationMember,
  selection: EntitySelection,
  fetch: RowFetch,
): MemberShaper {
  const { responseKey, nullability, source } = member;
  const shape = compileTarget(member, fetch);
  return (object, rows, row, path, context) => {
    const errorsBefore = context.errors.length;
    const value = shape(rows, row, { previous: path, key: responseKey }, context);
    object[responseKey] = value;
    if (value !== null || !nullability.isNonNull) return true;
    if (context.errors.length === errorsBefore) {
      const { entity } = selection;
      reportNull(context, entity.name, source.relation.name, { previous: path, key: responseKey });
    }
    return false;
  };
}

function compileTarget(member: RelationMember, fetch: RowFetch): EntityShaper {
  const { target, source } = member;
  if (target.kind === 'reference') {
    const positions = parentColumns(source, fetch.projection).map((column) =>
      fetch.columns.indexOf(column),
    );
    return compileReference(target.typeName, target.members, positions);
  }
  const relation = relationFetch(fetch, member, 'rows');
  const shape = compileEntityShaper(target.selection, relation.target);
  return (rows, row, path, context) => {
    const key = rowKeyText(rows.columns, relation.parentPositions, row);
    const related = fetched(rows, relation, 'rows');
    const [found] = (key !== undefined && related.byKey.get(key)) || [];
    return found === undefined ? null : shape(related.rows, found, path, context);
  };
}

function compileReference(
  typeName: string,
  members: readonly ReferenceMember[],
  positions: readonly number[],
): EntityShaper {
  const writers = members.map((member) => ({
    responseKey: member.responseKey,
    write:
      member.kind === 'typename'
        ? () => typeName
        : writeKeyColumn(positions[member.position] ?? -1, member.wireType),
  }));
  const newObject = objectMaker(members);
  return (rows, row, path, context) => {
    if (rowKeyText(rows.columns, positions, row) === undefined) return null;
    const reference = newObject();
    for (const { responseKey, write } of writers) {
      try {
        reference[responseKey] = write(rows, row, context);
      } catch (error) {
        reportError(context, error, { previous: path, key: responseKey });
        return null;
      }
    }
    return reference;
  };
}

function writeKeyColumn(position: number, wireType: WireType) {
  const write = compileWireWriter(wireType);
  return ({ columns }: FetchedRows, row: number, { wire }: ShapeContext): unknown =>
    write(columns[position]?.[row], wire);
}

function compileToMany(member: RelationMember, fetch: RowFetch): MemberShaper {
  const { responseKey, nullability, target } = member;
  if (target.kind === 'reference')
    throw new Error('A relation to many leads to a type of the lake');
  const relation = relationFetch(fetch, member, 'rows');
  const shape = compileEntityShaper(target.selection, relation.target);
  return (object, rows, row, path, context) => {
    const related = fetched(rows, relation, 'rows');
    const key = rowKeyText(rows.columns, relation.parentPositions, row);
    const found = (key !== undefined && related.byKey.get(key)) || [];
    const here: Path = { previous: path, key: responseKey };
    const items = found.map((child, index) =>
      shape(related.rows, child, { previous: here, key: index }, context),
    );
    const isWhole = !nullability.hasNonNullItems || items.every((item) => item !== null);
    object[responseKey] = isWhole ? items : null;
    return isWhole || !nullability.isNonNull;
  };
}

function compilePage(
  member: EntityMember & { readonly kind: 'relatedPage' },
  fetch: RowFetch,
): MemberShaper {
  const { responseKey } = member;
  const relation = relationFetch(fetch, member, 'page');
  const shape = compileConnectionShaper(member.connection, (selection) =>
    compileEntityShaper(selection, relation.target),
  );
  return (object, rows, row, path, context) => {
    const key = rowKeyText(rows.columns, relation.parentPositions, row);
    const page = key && fetched(rows, relation, 'page').byKey.get(key);
    if (page === undefined || page === '')
      throw new Error(`No page was fetched for ${responseKey}`);
    const value = shape(page, { previous: path, key: responseKey }, context);
    object[responseKey] = value;
    return value !== null;
  };
}

function compileAggregate(
  member: EntityMember & { readonly kind: 'relatedAggregate' },
  fetch: RowFetch,
): MemberShaper {
  const { responseKey } = member;
  const relation = relationFetch(fetch, member, 'aggregate');
  return (object, rows, row, path) => {
    const key = rowKey(rows.columns, relation.parentPositions, row) ?? [];
    object[responseKey] = fetched(rows, relation, 'aggregate').ofKey(key, {
      previous: path,
      key: responseKey,
    });
    return true;
  };
}

function relationFetch<Kind extends RelationFetch['kind']>(
  fetch: RowFetch,
  member: EntityMember,
  kind: Kind,
): RelationFetch & { readonly kind: Kind } {
  const found = fetch.relations.find(
    (relation): relation is RelationFetch & { readonly kind: Kind } =>
      relation.member === member && relation.kind === kind,
  );
  if (found === undefined) throw new Error('Nothing is fetched for a relation that was selected');
  return found;
}

function fetched<Kind extends Related['kind']>(
  rows: FetchedRows,
  relation: RelationFetch,
  kind: Kind,
): Related & { readonly kind: Kind } {
  const related = rows.related.get(relation);
  if (related?.kind !== kind) throw new Error('A relation that was selected was not fetched');
  return related as Related & { readonly kind: Kind };
}
