import type { LakeModel, OwnedRelation } from '../../mapping/model.ts';
import type { AuthoredSchema } from '../../mapping/overrides.ts';
import { typesOf } from './authored-nodes.ts';
import { relationNames } from './names.ts';

/** A field of an entity that leads along a relation: to the rows, to a page of them, or to figures of them. */
export interface RelationField {
  readonly kind: 'rows' | 'page' | 'aggregate';
  readonly relation: OwnedRelation;
}

/** By `Type.field`: every relation, and what is derived from those that lead to many. */
export function relationFieldsOf(model: LakeModel): ReadonlyMap<string, RelationField> {
  const fields = new Map<string, RelationField>();
  for (const { name, relations } of model.entities.values()) {
    for (const source of relations) {
      const { relation } = source;
      fields.set(`${name}.${relation.name}`, { kind: 'rows', relation: source });
      if (relation.cardinality === 'one') continue;
      const { page, aggregate } = relationNames(relation.name);
      fields.set(`${name}.${page}`, { kind: 'page', relation: source });
      fields.set(`${name}.${aggregate}`, { kind: 'aggregate', relation: source });
    }
  }
  return fields;
}

/**
 * The relations that take arguments in the hub, as `Type.field`, each with the domains that define it. Composition
 * keeps only arguments that all subgraphs know, so the domains have to give such a field up. One that a remote
 * subgraph defines, or that any subgraph refers to, stays as it was.
 *
 * @param fieldsInUse what subgraphs refer to, as `Type.field`
 */
export function relationsWithArguments(
  model: LakeModel,
  schemas: readonly AuthoredSchema[],
  fieldsInUse: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const domains = model.domains.map(({ name }) => name);
  const types = schemas.map(({ name, document }) => ({ name, types: typesOf(document) }));
  const definers = (typeName: string, fieldName: string): readonly string[] =>
    types
      .filter(({ types: own }) =>
        own.get(typeName)?.fields.some(({ name }) => name.value === fieldName),
      )
      .map(({ name }) => name);
  const found = [...model.entities.values()].flatMap(({ name, relations }) =>
    relations
      .filter(({ relation }) => model.entities.has(relation.target))
      .filter(({ relation }) => relation.cardinality === 'many' || !relation.isNonNull)
      .map(({ relation }) => [`${name}.${relation.name}`, definers(name, relation.name)] as const),
  );
  return new Map(
    found.filter(
      ([coordinate, names]) =>
        !fieldsInUse.has(coordinate) && names.every((name) => domains.includes(name)),
    ),
  );
}
