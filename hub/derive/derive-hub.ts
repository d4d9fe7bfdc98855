import {
  Kind,
  parse,
  print,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type ObjectTypeDefinitionNode,
  type TypeNode,
} from 'graphql';
import { entityKeys } from '../../mapping/entity-keys.ts';
import type { Domain, Entity, LakeModel, Lookup } from '../../mapping/model.ts';
import { collectTypes } from '../../mapping/schema-source.ts';
import { carriedDirectives, linkedDirectives } from './carried-directives.ts';
import { checkReservedNames } from './check-reserved-names.ts';
import { interfacesOf } from './interfaces.ts';
import { keyDirective } from './key-directive.ts';
import { listDefinitions, pageInfoDefinition } from './list-definitions.ts';
import { namesOf } from './names.ts';
import { referencedDefinitions } from './referenced-definitions.ts';

/** A root field of the hub, and what it stands for. */
export type HubRootField =
  | { readonly kind: 'lookup'; readonly lookup: Lookup }
  | { readonly kind: 'list'; readonly entity: string };

/** The subgraph that is derived from all mappings, and what it changes in the authored ones. */
export interface HubSchema {
  readonly model: LakeModel;
  readonly document: DocumentNode;
  readonly sdl: string;
  readonly rootFields: ReadonlyMap<string, HubRootField>;
  /** By domain: `Type.field` of the fields that the domain and the hub both serve in the supergraph. */
  readonly shareable: ReadonlyMap<string, ReadonlySet<string>>;
  /** By domain: `Query.field` of the fields that only the hub serves in the supergraph. */
  readonly removed: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Derives the hub: for every lake-backed entity one type with all its lake-backed fields, whichever domain owns
 * them, and root fields to find one and to list them.
 */
export function deriveHub(
  model: LakeModel,
  schemas: readonly { readonly document: DocumentNode }[],
): HubSchema {
  checkReservedNames(model, schemas);
  const rootFields = new Map<string, HubRootField>();
  const queryFields: FieldDefinitionNode[] = [];
  const removed = new Map<string, Set<string>>();
  for (const domain of model.domains) {
    for (const lookup of domain.lookups.filter((found) => canAnswer(found, model))) {
      rootFields.set(lookup.name, { kind: 'lookup', lookup });
      queryFields.push(copyField(fieldNode(domain, 'Query', lookup.name)));
      addTo(removed, domain.name, `Query.${lookup.name}`);
    }
  }
  const authored = authoredRootFields(schemas);
  for (const entity of model.entities.values()) {
    const names = namesOf(entity.name);
    if (!authored.has(names.one)) {
      rootFields.set(names.one, { kind: 'lookup', lookup: derivedLookup(entity, names.one) });
      queryFields.push(lookupField(entity, names.one, model));
    }
    rootFields.set(names.many, { kind: 'list', entity: entity.name });
  }
  const entityTypes = [...model.entities.values()].map((entity) => entityType(entity, model));
  const lists = [...model.entities.values()].map((entity) => listDefinitions(entity.name));
  const query: ObjectTypeDefinitionNode = {
    kind: Kind.OBJECT_TYPE_DEFINITION,
    name: { kind: Kind.NAME, value: 'Query' },
    fields: [...queryFields, ...lists.map(({ rootField }) => rootField)],
  };
  const own: readonly DefinitionNode[] = [
    ...entityTypes,
    ...lists.flatMap(({ types }) => types),
    ...(lists.length > 0 ? [pageInfoDefinition()] : []),
    query,
  ];
  const definitions = [...referencedDefinitions(own, model), ...own];
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [linkExtension(definitions), ...definitions],
  };
  return {
    model,
    document,
    sdl: print(document),
    rootFields,
    shareable: shareableFields(model),
    removed,
  };
}

function entityType(entity: Entity, model: LakeModel): ObjectTypeDefinitionNode {
  const { identity } = entity;
  const source = typeNode(domainOf(identity.domain, model), entity.name);
  const members = [
    ...entity.fields.map(({ owner, field }) => ({ owner, name: field.name })),
    ...entity.relations.map(({ owner, relation }) => ({ owner, name: relation.name })),
  ];
  return {
    kind: Kind.OBJECT_TYPE_DEFINITION,
    ...(source.description === undefined ? {} : { description: source.description }),
    name: { kind: Kind.NAME, value: entity.name },
    interfaces: interfacesOf(entity, model).map((name) => ({
      kind: Kind.NAMED_TYPE,
      name: { kind: Kind.NAME, value: name },
    })),
    directives: [...entityKeys(entity).map(keyDirective), ...carriedDirectives(source.directives)],
    fields: members.map(({ owner, name }) => {
      const copy = copyField(fieldNode(domainOf(owner.domain, model), entity.name, name));
      return { ...copy, directives: [...(copy.directives ?? []), shareableDirective] };
    }),
  };
}

const shareableDirective = {
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: 'shareable' },
} as const;

function copyField(node: FieldDefinitionNode): FieldDefinitionNode {
  return { ...node, directives: carriedDirectives(node.directives) };
}

function derivedLookup(entity: Entity, name: string): Lookup {
  const keys = entity.keyFields.map((field) => field.name);
  return { name, entity: entity.name, returns: entity.name, arguments: keys };
}

/** Whether the hub's copy of the entity is of the type that the look-up returns. */
function canAnswer({ entity: name, returns }: Lookup, model: LakeModel): boolean {
  const entity = model.entities.get(name);
  return (
    returns === name || (entity !== undefined && interfacesOf(entity, model).includes(returns))
  );
}

/** Root fields that somebody wrote: what one of them does is not for the hub to say. */
function authoredRootFields(
  schemas: readonly { readonly document: DocumentNode }[],
): ReadonlySet<string> {
  const fields = schemas.flatMap(
    ({ document }) => collectTypes(document).get('Query')?.fields ?? [],
  );
  return new Set(fields.map(({ name }) => name.value));
}

function lookupField(entity: Entity, name: string, model: LakeModel): FieldDefinitionNode {
  const { domain } = entity.identity;
  const key = entity.keyFields
    .map((field) => fieldNode(domainOf(domain, model), entity.name, field.name))
    .map((field) => `${field.name.value}: ${print(nullable(field.type))}!`)
    .join(', ');
  const [definition] = parse(
    `type Query { "The ${entity.name} with this key; null when there is none." ${name}(${key}): ${entity.name} }`,
    { noLocation: true },
  ).definitions;
  const [field] = definition?.kind === Kind.OBJECT_TYPE_DEFINITION ? (definition.fields ?? []) : [];
  if (field === undefined) throw new Error(`No look-up field came out of the name ${name}`);
  return field;
}

function nullable(type: TypeNode): TypeNode {
  return type.kind === Kind.NON_NULL_TYPE ? type.type : type;
}

function linkExtension(definitions: readonly DefinitionNode[]): DefinitionNode {
  const text = definitions.map((definition) => print(definition)).join('\n');
  const used = linkedDirectives.filter((name) => new RegExp(`@${name}\\b`).test(text));
  const imports = ['key', 'shareable', ...used].map((name) => `"@${name}"`).join(', ');
  const [extension] = parse(
    `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}])`,
    { noLocation: true },
  ).definitions;
  if (extension === undefined)
    throw new Error('A schema extension that was written here does not parse');
  return extension;
}

function shareableFields(model: LakeModel): ReadonlyMap<string, ReadonlySet<string>> {
  const shareable = new Map<string, Set<string>>();
  for (const entity of model.entities.values()) {
    for (const { owner, field } of entity.fields) {
      addTo(shareable, owner.domain, `${entity.name}.${field.name}`);
    }
    for (const { owner, relation } of entity.relations) {
      addTo(shareable, owner.domain, `${entity.name}.${relation.name}`);
    }
  }
  return shareable;
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key) ?? new Set();
  set.add(value);
  sets.set(key, set);
}

function domainOf(name: string, model: LakeModel): Domain {
  const domain = model.domains.find((candidate) => candidate.name === name);
  if (domain === undefined) throw new Error(`The model has no domain ${name}`);
  return domain;
}

function typeNode(domain: Domain, name: string) {
  const type = collectTypes(domain.document).get(name);
  if (type === undefined) throw new Error(`${domain.name} has no type ${name}`);
  return type;
}

function fieldNode(domain: Domain, typeName: string, fieldName: string): FieldDefinitionNode {
  const field = typeNode(domain, typeName).fields.find(({ name }) => name.value === fieldName);
  if (field === undefined) throw new Error(`${domain.name} has no field ${typeName}.${fieldName}`);
  return field;
}
