import { Kind, parse, print, type FieldDefinitionNode } from 'graphql';
import { entityKeys } from '../../mapping/entity-keys.ts';
import type { Entity, LakeModel, Lookup } from '../../mapping/model.ts';
import { collectOverrides, isTakenAway, type AuthoredSchema } from '../../mapping/overrides.ts';
import { findDirectives } from '../../mapping/schema-source.ts';
import { authoredField, nullableType, typesOf } from './authored-nodes.ts';
import { carriedDirectives, withoutAccess } from './carried-directives.ts';
import { interfacesOf } from './interfaces.ts';
import { namesOf } from './names.ts';
import type { SaidOf } from './said-of.ts';

/** A root field of the hub, and what it stands for. */
export type HubRootField =
  | { readonly kind: 'lookup'; readonly lookup: Lookup }
  | { readonly kind: 'list' | 'aggregate'; readonly entity: string };

export interface HubRootFields {
  readonly byName: ReadonlyMap<string, HubRootField>;
  /** Definitions of those that find one entity. */
  readonly lookups: readonly FieldDefinitionNode[];
  /** By domain: `Query.field` of the look-ups that were authored there, and now are the hub's alone. */
  readonly removed: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * The look-ups that domains wrote and the hub takes over, one by key for every entity that has none, and the lists
 * and aggregates.
 */
export function rootFieldsOf(
  model: LakeModel,
  schemas: readonly AuthoredSchema[],
  saidOf: SaidOf,
): HubRootFields {
  const overrides = collectOverrides(schemas);
  const byName = new Map<string, HubRootField>();
  const lookups: FieldDefinitionNode[] = [];
  const removed = new Map<string, Set<string>>();
  for (const { name: domain, lookups: authored } of model.domains) {
    for (const lookup of authored.filter((found) => canAnswer(found, model))) {
      const coordinate = `Query.${lookup.name}`;
      if (isTakenAway(coordinate, domain, overrides)) continue;
      removed.set(domain, (removed.get(domain) ?? new Set()).add(coordinate));
      // Two domains that share the field mean the same by it.
      if (byName.has(lookup.name)) continue;
      byName.set(lookup.name, { kind: 'lookup', lookup });
      lookups.push(takeOver(authoredField(domain, 'Query', lookup.name, model)));
    }
  }
  const authored = authoredRootFields(schemas);
  for (const entity of model.entities.values()) {
    const { one, many, manyAggregate } = namesOf(entity.name);
    if (!authored.has(one)) {
      byName.set(one, { kind: 'lookup', lookup: derivedLookup(entity, one) });
      const directives = withoutAccess(saidOf(entity.name));
      lookups.push({ ...lookupField(entity, one, model), directives });
    }
    byName.set(many, { kind: 'list', entity: entity.name });
    byName.set(manyAggregate, { kind: 'aggregate', entity: entity.name });
  }
  return { byName, lookups, removed };
}

/** A field that leaves its domain for the hub: who else has it, and from whom it was taken, stays as it was. */
function takeOver(node: FieldDefinitionNode): FieldDefinitionNode {
  const placed = ['shareable', 'override'].flatMap((name) => findDirectives(node, name));
  return { ...node, directives: [...carriedDirectives(node.directives), ...placed] };
}

function derivedLookup(entity: Entity, name: string): Lookup {
  const keys = entity.keyFields.map((field) => field.name);
  return { name, entity: entity.name, returns: entity.name, arguments: keys };
}

/** Whether the hub's copy of the entity can be found so, and is of the type that the look-up returns. */
function canAnswer(lookup: Lookup, model: LakeModel): boolean {
  const entity = model.entities.get(lookup.entity);
  if (entity === undefined) return false;
  const isOfType =
    lookup.returns === entity.name || interfacesOf(entity, model).includes(lookup.returns);
  const isKnownKey = entityKeys(entity).some(
    (key) =>
      key.length === lookup.arguments.length &&
      key.every((field) => lookup.arguments.includes(field)),
  );
  return isOfType && isKnownKey;
}

/** Root fields that somebody wrote: what one of them does is not for the hub to say. */
function authoredRootFields(schemas: readonly AuthoredSchema[]): ReadonlySet<string> {
  const fields = schemas.flatMap(({ document }) => typesOf(document).get('Query')?.fields ?? []);
  return new Set(fields.map(({ name }) => name.value));
}

function lookupField(entity: Entity, name: string, model: LakeModel): FieldDefinitionNode {
  const key = entity.keyFields
    .map((field) => authoredField(entity.identity.domain, entity.name, field.name, model))
    .map(({ name: { value }, type, description }) => {
      const text = description ?? {
        kind: Kind.STRING,
        value: `The ${value} of the ${entity.name}.`,
      };
      return `${print(text)} ${value}: ${print(nullableType(type))}!`;
    })
    .join(', ');
  const [definition] = parse(
    `type Query { "The ${entity.name} with this key; null when there is none." ${name}(${key}): ${entity.name} }`,
    { noLocation: true },
  ).definitions;
  const [field] = definition?.kind === Kind.OBJECT_TYPE_DEFINITION ? (definition.fields ?? []) : [];
  if (field === undefined) throw new Error(`No look-up field came out of the name ${name}`);
  return field;
}
