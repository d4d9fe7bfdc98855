import type { GraphQLFieldResolver } from 'graphql';
import type { LakeModel, LakeType, Relation } from '../mapping/model.ts';
import { relationKeyTypes } from '../mapping/tables.ts';
import { stubKey } from '../mapping/build-lake-model.ts';
import { compileWireWriter, type WireWriter } from '../wire/to-wire.ts';
import { EntityRow, type RowField } from './entity-row.ts';
import type { EntityFinder, GivenFields } from './entity-finder.ts';
import type { FieldResolver, TypeResolvers } from './resolver-module.ts';
import type { SubgraphContext } from './subgraph-context.ts';

type Resolve = GraphQLFieldResolver<unknown, SubgraphContext>;

interface TypeResolverOptions {
  readonly finder: EntityFinder;
  /** The finders of all types of the domain. */
  readonly finders: ReadonlyMap<string, EntityFinder>;
  readonly model: LakeModel;
  /** The type's part of `resolvers.ts`. */
  readonly computed: TypeResolvers;
}

/** Every resolver of one lake-backed type. */
export function typeResolvers(options: TypeResolverOptions): TypeResolvers {
  const { finder, computed } = options;
  const { part, fields } = finder.table;
  const resolvers: Record<string, FieldResolver> = {
    __resolveReference: (reference: GivenFields, context: SubgraphContext) =>
      finder.find(reference, context),
  };
  for (const field of fields.values()) resolvers[field.name] = mappedResolver(field, finder);
  for (const relation of part.relations) {
    resolvers[relation.name] =
      relation.cardinality === 'one'
        ? toOneResolver(relation, options)
        : toManyResolver(relation, options);
  }
  for (const [name, resolver] of Object.entries(computed)) {
    resolvers[name] = computedResolver(name, resolver, finder);
  }
  return resolvers;
}

function mappedResolver(field: RowField, finder: EntityFinder): Resolve {
  return (parent, _arguments, context) => {
    if (parent instanceof EntityRow) return EntityRow.read(parent, field);
    // A reference: what leads here gave its key, and perhaps more.
    const given = asGiven(parent);
    if (given[field.name] !== undefined) return given[field.name];
    return finder.find(given, context).then((row) => row && EntityRow.read(row, field));
  };
}

function computedResolver(
  name: string,
  resolver: FieldResolver,
  finder: EntityFinder,
): FieldResolver {
  const resolve = typeof resolver === 'function' ? resolver : resolver.resolve;
  if (resolve === undefined) return resolver;
  const withRow: Resolve = (parent, args, context, info) => {
    if (parent instanceof EntityRow) return resolve(parent, args, context, info);
    const given = asGiven(parent);
    if (given[name] !== undefined) return given[name];
    return finder.find(given, context).then((row) => row && resolve(row, args, context, info));
  };
  return withRow;
}

/** Only the key of the other entity: whoever is asked for more looks it up. */
function toOneResolver(relation: Relation, { finder, model }: TypeResolverOptions): Resolve {
  const { table } = finder;
  const positions = table.positionsOf(relation.columns);
  const keyFields = targetKey(relation, table.part, model);
  return async (parent, _arguments, context) => {
    const row = parent instanceof EntityRow ? parent : await finder.find(asGiven(parent), context);
    context.partsRead?.addRows(table.part);
    const values = row && EntityRow.readColumns(row, positions);
    if (values === undefined || values === null) return null;
    const reference: Record<string, unknown> = { __typename: relation.target };
    for (const [index, [name, write]] of keyFields.entries()) {
      reference[name] = write(values[index], context);
    }
    return reference;
  };
}

function toManyResolver(
  relation: Relation,
  { finder, finders, model }: TypeResolverOptions,
): Resolve {
  const target = finders.get(relation.target);
  if (target === undefined) throw new TypeError(`${relation.target} has no table in this domain.`);
  const types = relationKeyTypes(relation, finder.table.entity, model);
  const lookup = target.table.relatedLookup(relation.columns, types);
  const keyNames = finder.table.entity.keyFields.map(({ name }) => name);
  const hasPrimaryKey = (given: GivenFields): boolean =>
    keyNames.every((name) => given[name] !== undefined);
  return async (parent, _arguments, context) => {
    let given: GivenFields | null = asGiven(parent);
    if (!hasPrimaryKey(given)) given = asGivenOrNull(await finder.find(given, context));
    const key = given && finder.primaryKeyOf(given, context);
    if (key === undefined || key === null) return [];
    context.partsRead?.addEntity(target.table.entity);
    context.partsRead?.addRows(target.table.part);
    const rows = await context.loaders.loadRows(lookup, key);
    return rows.map((row) => target.fromRow(row, context));
  };
}

function targetKey(
  { target, columns }: Relation,
  part: LakeType,
  model: LakeModel,
): readonly (readonly [string, WireWriter])[] {
  const entity = model.entities.get(target);
  if (entity !== undefined) {
    return entity.keyFields.map(({ name, wireType }) => [name, compileWireWriter(wireType)]);
  }
  const names = stubKey(part.domain, target, model.domains) ?? columns;
  return names.map((name) => [name, compileWireWriter({ kind: 'id' })]);
}

function asGiven(parent: unknown): GivenFields {
  return typeof parent === 'object' && parent !== null ? (parent as GivenFields) : {};
}

function asGivenOrNull(row: EntityRow | null): GivenFields | null {
  return row === null ? null : asGiven(row);
}
