import { Kind, print, type DocumentNode, type ObjectTypeDefinitionNode } from 'graphql';
import type { LakeModel, OwnedField } from '../../mapping/model.ts';
import type { AuthoredSchema } from '../../mapping/overrides.ts';
import { aggregateDefinitions } from './aggregate-definitions.ts';
import { isInaccessible } from './carried-directives.ts';
import { checkPageInfo } from './check-page-info.ts';
import { checkReservedNames } from './check-reserved-names.ts';
import { fieldConditions, scalarConditions } from './condition-definitions.ts';
import type { DerivedTypes } from './derived-types.ts';
import { dropUnused } from './drop-unused.ts';
import { entitySource, type EntitySource } from './entity-source.ts';
import { entityType } from './entity-type.ts';
import { figureDefinitions } from './figure-definitions.ts';
import { filterDefinitions } from './filter-definitions.ts';
import { hideInaccessible } from './hide-inaccessible.ts';
import { linkExtension } from './link-extension.ts';
import { connectionDefinitions, listFields } from './list-definitions.ts';
import { orderDefinitions, sharedEnums } from './order-definitions.ts';
import { pageInfoDefinition } from './page-info.ts';
import { referencedDefinitions } from './referenced-definitions.ts';
import { relationFieldsOf, relationsWithArguments, type RelationField } from './relation-fields.ts';
import { rootFieldsOf, type HubRootField } from './root-fields.ts';
import { readSaid } from './said-of.ts';
import { canBeSearched, searchDefinitions } from './search-definitions.ts';

/** The subgraph that is derived from all mappings, and what it changes in the authored ones. */
export interface HubSchema {
  readonly model: LakeModel;
  readonly document: DocumentNode;
  readonly sdl: string;
  readonly rootFields: ReadonlyMap<string, HubRootField>;
  /** By `Type.field`: every relation, and what is derived from it. */
  readonly relationFields: ReadonlyMap<string, RelationField>;
  /** By entity: what a search looks into unless it says where; hidden fields are not among it. */
  readonly searchedFields: ReadonlyMap<string, readonly OwnedField[]>;
  /** By domain: `Type.field` of the fields that the domain and the hub both serve in the supergraph. */
  readonly shareable: ReadonlyMap<string, ReadonlySet<string>>;
  /** By domain: `Type.field` of the fields that only the hub serves in the supergraph. */
  readonly removed: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Derives the hub: for every lake-backed entity one type with all its lake-backed fields, whichever domain owns
 * them, root fields to find one, to list and to aggregate them, and all that questions say about them.
 *
 * @param fieldsInUse `Type.field` of what subgraphs refer to, so that it has to stay with its domain as it is
 * @throws HUB_NAME_RESERVED, HUB_PAGE_INFO_DIFFERS
 */
export function deriveHub(
  model: LakeModel,
  schemas: readonly AuthoredSchema[],
  fieldsInUse: ReadonlySet<string> = new Set(),
): HubSchema {
  const saidOf = readSaid(schemas);
  const sources = [...model.entities.values()].map((entity) => entitySource(entity, model, saidOf));
  const types: readonly DerivedTypes[] = [
    ...sources.map(typesOfEntity),
    ...fieldConditions(model, saidOf),
    scalarConditions(saidOf),
    sharedEnums(),
  ];
  checkReservedNames(model, schemas, types);
  checkPageInfo(schemas);
  const rootFields = rootFieldsOf(model, schemas, saidOf);
  const isHidden = (typeName: string): boolean => isInaccessible({ directives: saidOf(typeName) });
  const withArguments = relationsWithArguments(model, schemas, fieldsInUse);
  const query: ObjectTypeDefinitionNode = {
    kind: Kind.OBJECT_TYPE_DEFINITION,
    description: { kind: Kind.STRING, value: 'Where every question begins.' },
    name: { kind: Kind.NAME, value: 'Query' },
    fields: [...rootFields.lookups, ...sources.flatMap(listFields)],
  };
  const derived = types.flatMap(({ definitions }) => definitions);
  const used = dropUnused(
    [...sources.map((source) => entityType(source, model, withArguments)), ...derived, query],
    new Set(derived.map(({ name }) => name.value)),
  );
  const own = [...hideInaccessible(used, isHidden), pageInfoDefinition(schemas)];
  const definitions = [...referencedDefinitions(own, model, schemas), ...own];
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [linkExtension(definitions), ...definitions],
  };
  return {
    model,
    document,
    sdl: print(document),
    rootFields: rootFields.byName,
    relationFields: relationFieldsOf(model),
    searchedFields: new Map(sources.map(searchedFields)),
    ...placeFields(model, withArguments, rootFields.removed),
  };
}

function typesOfEntity(source: EntitySource): DerivedTypes {
  const definitions = [
    connectionDefinitions,
    filterDefinitions,
    orderDefinitions,
    searchDefinitions,
    aggregateDefinitions,
    figureDefinitions,
  ].flatMap((derive) => derive(source));
  return { origin: source.names.entity, definitions };
}

function searchedFields({ names, fields }: EntitySource): readonly [string, readonly OwnedField[]] {
  const seen = fields
    .filter(canBeSearched)
    .filter(({ onInputs }) => !isInaccessible({ directives: onInputs }));
  return [names.entity, seen.map(({ source }) => source)];
}

/** Who serves a field in the supergraph: its domain beside the hub, or the hub alone. */
function placeFields(
  model: LakeModel,
  withArguments: ReadonlyMap<string, readonly string[]>,
  removedRootFields: ReadonlyMap<string, ReadonlySet<string>>,
): Pick<HubSchema, 'shareable' | 'removed'> {
  const shareable = new Map<string, Set<string>>();
  const removed = new Map([...removedRootFields].map(([name, fields]) => [name, new Set(fields)]));
  for (const { fields, relations } of model.entities.values()) {
    for (const { owner, field } of fields) {
      addTo(shareable, owner.domain, `${owner.name}.${field.name}`);
    }
    for (const { owner, relation } of relations) {
      const coordinate = `${owner.name}.${relation.name}`;
      const definers = withArguments.get(coordinate);
      if (definers === undefined) addTo(shareable, owner.domain, coordinate);
      for (const domain of definers ?? []) addTo(removed, domain, coordinate);
    }
  }
  return { shareable, removed };
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key) ?? new Set();
  set.add(value);
  sets.set(key, set);
}
