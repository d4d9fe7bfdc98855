import type { GraphQLFormattedError } from 'graphql';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { isInaccessible } from '../../hub/derive/carried-directives.ts';
import { figureNames, namesOf, type FigureKind } from '../../hub/derive/names.ts';
import type { Entity } from '../../mapping/model.ts';
import { collectOverrides, isTakenAway, type AuthoredSchema } from '../../mapping/overrides.ts';
import { collectTypes, findDirective } from '../../mapping/schema-source.ts';
import type { AuthoredGraph } from '../../registry/load-subgraphs.ts';

/** Adds to an error what GraphQL does not know: why a field that can be selected cannot be asked by. */
export type ExplainRefusal = (error: GraphQLFormattedError) => GraphQLFormattedError;

/** A derived type: of which entity, and what its fields do, to stand after "that could be". */
interface DerivedType {
  readonly entity: Entity;
  readonly use: string;
}

/** Why a field of an entity is in no table, and whose it is. */
interface OutsideField {
  readonly owner: string;
  readonly reason: string;
}

/** GraphQL's own words for an unknown field of an input, an unknown field of an answer and an unknown value. */
const unknownNames = [
  /Field "(\w+)" is not defined by type "(\w+)"/,
  /Cannot query field "(\w+)" on type "(\w+)"/,
  /Value "(\w+)" does not exist in "(\w+)" enum/,
];

export function createRefusalExplainer(authored: AuthoredGraph): ExplainRefusal {
  const entities = [...authored.model.entities.values()];
  const types = new Map(entities.flatMap(derivedTypes));
  const outside = new Map(entities.map((entity) => [entity, outsideFields(entity, authored)]));
  return (error) => {
    for (const pattern of unknownNames) {
      const [, field = '', typeName = ''] = pattern.exec(error.message) ?? [];
      const type = types.get(typeName);
      const found = type && outside.get(type.entity)?.get(field);
      if (type === undefined || found === undefined) continue;
      const { owner, reason } = found;
      const { message, extensions } = raise('FIELD_NOT_IN_LAKE', {
        // Another name that looks alike is not what was meant.
        problem: error.message.replace(/ Did you mean [^?]*\?/, ''),
        field,
        reason,
        use: type.use,
        owner,
      });
      return { ...error, message, extensions: { ...error.extensions, ...extensions } };
    }
    return error;
  };
}

const figureKinds: readonly FigureKind[] = [
  'Sums',
  'Means',
  'Extremes',
  'DistinctCounts',
  'Quantiles',
];

function derivedTypes(entity: Entity): readonly (readonly [string, DerivedType])[] {
  const names = namesOf(entity.name);
  const figures = figureKinds.flatMap((kind) => Object.values(figureNames(entity.name, kind)));
  const uses: readonly (readonly [string, readonly string[]])[] = [
    ['filtered by', [names.filter]],
    ['sorted by', [names.order, names.keysOrder]],
    ['grouped by', [names.groupBy, names.field, names.aggregateKeys]],
    ['searched', [names.searchField]],
    ['aggregated', figures],
  ];
  return uses.flatMap(([use, typeNames]) =>
    typeNames.map((typeName) => [typeName, { entity, use }] as const),
  );
}

/** The fields of an entity that callers see and the lake does not hold. */
function outsideFields(
  entity: Entity,
  { domains, remotes, model }: AuthoredGraph,
): ReadonlyMap<string, OutsideField> {
  const schemas: readonly AuthoredSchema[] = [...domains, ...remotes];
  const overrides = collectOverrides(schemas);
  const found = new Map<string, OutsideField>();
  const hidden = new Set<string>();
  for (const { name: owner, document } of schemas) {
    const isDomain = domains.some((domain) => domain.name === owner);
    for (const field of collectTypes(document).get(entity.name)?.fields ?? []) {
      const name = field.name.value;
      if (isInaccessible(field)) hidden.add(name);
      if (findDirective(field, 'external') !== undefined) continue;
      if (isTakenAway(`${entity.name}.${name}`, owner, overrides) && isDomain) continue;
      const reason = isDomain
        ? `is computed by ${owner} (resolvers.ts)`
        : `belongs to the remote subgraph ${owner}`;
      found.set(name, { owner, reason });
    }
  }
  for (const { field } of entity.fields) found.delete(field.name);
  for (const { owner, relation } of entity.relations) {
    if (model.entities.has(relation.target)) found.delete(relation.name);
    else {
      const reason = `leads to ${relation.target}, whose rows are not in the lake`;
      found.set(relation.name, { owner: owner.domain, reason });
    }
  }
  for (const name of hidden) found.delete(name);
  return found;
}
