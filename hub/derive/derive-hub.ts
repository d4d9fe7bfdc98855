import {
  Kind,
  parse,
  print,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type ObjectTypeDefinitionNode,
} from 'graphql';
import { entityKeys } from '../../mapping/entity-keys.ts';
import type { Entity, LakeModel } from '../../mapping/model.ts';
import type { AuthoredSchema } from '../../mapping/overrides.ts';
import { authoredField, authoredType } from './authored-nodes.ts';
import { carriedDirectives, linkedDirectives } from './carried-directives.ts';
import { checkPageInfo } from './check-page-info.ts';
import { checkReservedNames } from './check-reserved-names.ts';
import { interfacesOf } from './interfaces.ts';
import { keyDirective } from './key-directive.ts';
import { listDefinitions, pageInfoDefinition } from './list-definitions.ts';
import { referencedDefinitions } from './referenced-definitions.ts';
import { rootFieldsOf, type HubRootField } from './root-fields.ts';

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
export function deriveHub(model: LakeModel, schemas: readonly AuthoredSchema[]): HubSchema {
  checkReservedNames(model, schemas);
  checkPageInfo(schemas);
  const rootFields = rootFieldsOf(model, schemas);
  const entityTypes = [...model.entities.values()].map((entity) => entityType(entity, model));
  const lists = [...model.entities.values()].map((entity) => listDefinitions(entity.name));
  const query: ObjectTypeDefinitionNode = {
    kind: Kind.OBJECT_TYPE_DEFINITION,
    description: { kind: Kind.STRING, value: 'Where every question begins.' },
    name: { kind: Kind.NAME, value: 'Query' },
    fields: [...rootFields.lookups, ...lists.map(({ rootField }) => rootField)],
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
    rootFields: rootFields.byName,
    shareable: shareableFields(model),
    removed: rootFields.removed,
  };
}

function entityType(entity: Entity, model: LakeModel): ObjectTypeDefinitionNode {
  const { identity } = entity;
  const source = authoredType(identity.domain, entity.name, model);
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
      const copy = copyField(authoredField(owner.domain, entity.name, name, model));
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

function linkExtension(definitions: readonly DefinitionNode[]): DefinitionNode {
  const text = definitions.map((definition) => print(definition)).join('\n');
  const used = [...linkedDirectives, 'override'].filter((name) =>
    new RegExp(`@${name}\\b`).test(text),
  );
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
