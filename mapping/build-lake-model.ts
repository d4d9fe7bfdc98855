import { raise } from '../foundation/errors/tributary-error.ts';
import { buildEntity } from './build-entity.ts';
import { readFieldType } from './field-type.ts';
import type { Domain, Entity, LakeModel, LakeType, OwnedRelation, SqlType } from './model.ts';
import type { ForeignField } from './one-owner.ts';
import { collectOverrides, type AuthoredSchema } from './overrides.ts';
import { isInKey } from './read-keys.ts';
import { isExternal } from './read-lake-type.ts';
import {
  collectTypes,
  findDirective,
  locate,
  stringArgument,
  type TypeSource,
} from './schema-source.ts';

/**
 * Puts the domains' mappings together: one entity for every type with a table, one owner for every field.
 *
 * @param remotes the subgraphs that are not backed by the lake; they may move fields out of it, and must not
 *   define a field that a domain owns
 */
export function buildLakeModel(
  domains: readonly Domain[],
  remotes: readonly AuthoredSchema[] = [],
): LakeModel {
  const overrides = collectOverrides([...domains, ...remotes]);
  const foreignFields = collectForeignFields(domains, remotes);
  const partsByName = new Map<string, [LakeType, ...LakeType[]]>();
  for (const type of domains.flatMap(({ types }) => types)) {
    const parts = partsByName.get(type.name);
    if (parts === undefined) partsByName.set(type.name, [type]);
    else parts.push(type);
  }
  const entities = new Map(
    [...partsByName].map(([name, parts]) => [name, buildEntity(parts, overrides, foreignFields)]),
  );
  for (const entity of entities.values()) {
    for (const relation of entity.relations) checkRelation(relation, entity, domains, entities);
  }
  return { domains, entities };
}

/** Fields that a schema without a table for the type defines, other than keys and references. */
function collectForeignFields(
  domains: readonly Domain[],
  remotes: readonly AuthoredSchema[],
): readonly ForeignField[] {
  const isLakeBacked = (name: string, type: string): boolean =>
    domains.some(
      (domain) => domain.name === name && domain.types.some((known) => known.name === type),
    );
  return [...domains, ...remotes].flatMap(({ name: owner, document }) =>
    [...collectTypes(document).values()]
      .filter(({ kind, name }) => kind === 'object' && !isLakeBacked(owner, name))
      .flatMap((type) =>
        type.fields
          .filter((field) => !isExternal(field, type))
          .filter((field) => !isInKey(type, field.name.value))
          .map((field) => ({
            coordinate: `${type.name}.${field.name.value}`,
            owner,
            location: locate(field),
          })),
      ),
  );
}

function checkRelation(
  { owner, relation }: OwnedRelation,
  entity: Entity,
  domains: readonly Domain[],
  entities: ReadonlyMap<string, Entity>,
): void {
  const problem = relation.cardinality === 'one' ? problemToOne() : problemToMany();
  if (problem === undefined) return;
  throw raise(
    'MAPPING_RELATION_INVALID',
    { field: `${owner.name}.${relation.name}`, target: relation.target, problem },
    { at: relation.location },
  );

  function problemToOne(): string | undefined {
    const target = entities.get(relation.target);
    const keyLength =
      target?.keyFields.length ?? stubKey(owner.domain, relation.target, domains)?.length;
    if (keyLength === undefined) return 'it has no flat key in this schema';
    return countProblem(keyLength, relation.target);
  }

  function problemToMany(): string | undefined {
    const isHere = entities
      .get(relation.target)
      ?.parts.some(({ domain }) => domain === owner.domain);
    if (isHere !== true) return `${owner.domain} has no table of its own for it`;
    return countProblem(entity.keyFields.length, entity.name);
  }

  function countProblem(keyLength: number, keyOwner: string): string | undefined {
    if (relation.columns.length === keyLength) return undefined;
    return `it names ${relation.columns.length} columns, and the key of ${keyOwner} has ${keyLength} fields`;
  }
}

/** Key fields of a type that is only referred to by a domain, such as `type Product @key(fields: "upc", resolvable: false)`. */
export function stubKey(
  domainName: string,
  typeName: string,
  domains: readonly Domain[],
): readonly string[] | undefined {
  const type = findType(domainName, typeName, domains);
  const key = type && findDirective(type, 'key');
  const fields = key && stringArgument(key, 'fields');
  if (fields === undefined || fields.includes('{')) return undefined;
  return fields.split(/[\s,]+/).filter(Boolean);
}

/** The types of the columns that hold such a key; text where its fields are nothing that a column is made for. */
export function stubKeyTypes(
  domainName: string,
  typeName: string,
  domains: readonly Domain[],
): readonly SqlType[] {
  const fields = findType(domainName, typeName, domains)?.fields ?? [];
  return (stubKey(domainName, typeName, domains) ?? []).map((name) => {
    const field = fields.find((candidate) => candidate.name.value === name);
    const type = field && readFieldType(field.type, new Map(), undefined);
    return type?.sqlType ?? { kind: 'VARCHAR' };
  });
}

function findType(
  domainName: string,
  typeName: string,
  domains: readonly Domain[],
): TypeSource | undefined {
  const document = domains.find(({ name }) => name === domainName)?.document;
  return document && collectTypes(document).get(typeName);
}
