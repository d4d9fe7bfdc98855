import { isTypeDefinitionNode, isTypeExtensionNode } from 'graphql';
import { raise, type SourceLocation } from '../../foundation/errors/tributary-error.ts';
import type { Entity, LakeModel } from '../../mapping/model.ts';
import type { AuthoredSchema } from '../../mapping/overrides.ts';
import { locate } from '../../mapping/schema-source.ts';
import { typesOf } from './authored-nodes.ts';
import type { DerivedTypes } from './derived-types.ts';
import { connectiveNames } from './filter-definitions.ts';
import { namesOf, relationNames } from './names.ts';

/** What a group is made by besides a relation to one. */
const groupWords = ['field', 'bucket', 'timeZone'];

/** A derived name, and what it is derived from. */
type Reserved = ReadonlyMap<string, string>;

/**
 * Refuses what somebody wrote under a name that the hub needs: a type, a root field, a field of an entity; and what
 * needs the same name as something else.
 *
 * @throws HUB_NAME_RESERVED
 */
export function checkReservedNames(
  model: LakeModel,
  schemas: readonly AuthoredSchema[],
  derived: readonly DerivedTypes[],
): void {
  for (const entity of model.entities.values()) checkMembers(entity);
  const typeNames = reservedTypes(derived, model);
  const fieldNames = new Map([...reservedRootFields(model), ...reservedFields(model)]);
  for (const { document } of schemas) {
    for (const node of document.definitions) {
      if (!isTypeDefinitionNode(node) && !isTypeExtensionNode(node)) continue;
      refuse(node.name.value, typeNames, () => locate(node));
    }
    for (const type of typesOf(document).values()) {
      for (const field of type.fields) {
        refuse(`${type.name}.${field.name.value}`, fieldNames, () => locate(field));
      }
    }
  }
}

function refuse(name: string, reserved: Reserved, at: () => SourceLocation | undefined): void {
  const origin = reserved.get(name);
  if (origin !== undefined)
    throw raise('HUB_NAME_RESERVED', { name, entity: origin }, { at: at() });
}

/** Members whose names mean something else where they would have to stand. */
function checkMembers({ name: entity, fields, relations }: Entity): void {
  const members = [
    ...fields.map(({ field }) => field),
    ...relations.map(({ relation }) => relation),
  ];
  const toOne = relations
    .map(({ relation }) => relation)
    .filter(({ cardinality }) => cardinality === 'one');
  const taken = [
    ...members.filter(({ name }) => connectiveNames.includes(name)),
    ...toOne.filter(({ name }) => groupWords.includes(name)),
  ];
  for (const { name, location } of taken) {
    throw raise('HUB_NAME_RESERVED', { name: `${entity}.${name}`, entity }, { at: location });
  }
}

function reservedTypes(derived: readonly DerivedTypes[], model: LakeModel): Reserved {
  const reserved = new Map<string, string>();
  for (const { origin, definitions } of derived) {
    for (const { name } of definitions) {
      const other = reserved.get(name.value) ?? '';
      const entity = model.entities.get(origin) ?? model.entities.get(other);
      refuse(name.value, reserved, () => entity?.identity.location);
      reserved.set(name.value, origin);
    }
  }
  return reserved;
}

/** The root fields that are derived in any case; one that finds an entity by key gives way to an authored one. */
function reservedRootFields(model: LakeModel): Reserved {
  const reserved = new Map<string, string>();
  for (const { name, identity } of model.entities.values()) {
    const { many, manyAggregate } = namesOf(name);
    for (const field of [many, manyAggregate]) {
      refuse(`Query.${field}`, reserved, () => identity.location);
      reserved.set(`Query.${field}`, name);
    }
  }
  for (const { name, identity } of model.entities.values()) {
    refuse(`Query.${namesOf(name).one}`, reserved, () => identity.location);
  }
  return reserved;
}

function reservedFields(model: LakeModel): Reserved {
  const names = [...model.entities.values()].flatMap(({ name, relations }) =>
    relations
      .filter(({ relation }) => relation.cardinality === 'many')
      .flatMap(({ relation }) =>
        Object.values(relationNames(relation.name)).map(
          (field) => [`${name}.${field}`, `${name}.${relation.name}`] as const,
        ),
      ),
  );
  return new Map(names);
}
