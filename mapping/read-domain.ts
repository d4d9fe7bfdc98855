import { Kind, type DocumentNode, type FieldDefinitionNode } from 'graphql';
import { raise } from '../foundation/errors/tributary-error.ts';
import { namedTypeOf, isListType } from './field-type.ts';
import type { Domain, LakeType, Lookup } from './model.ts';
import { readIdentityMutations } from './read-identity-mutations.ts';
import { isInKey, isResolvableKey } from './read-keys.ts';
import { isComputed, isExternal, readLakeType } from './read-lake-type.ts';
import type { SchemaContext } from './schema-context.ts';
import {
  collectEnums,
  collectInputs,
  collectTypes,
  findDirective,
  findDirectives,
  locate,
  parseSchema,
  type TypeSource,
} from './schema-source.ts';

/** Schemas of the lake that are not a domain's: the product's own, and names that DuckDB keeps for itself. */
const reservedNames: ReadonlySet<string> = new Set(
  'hub lake ledger events sync quarantine product registry information_schema main pg_catalog system temp'.split(
    ' ',
  ),
);

const rootTypes = ['Query', 'Mutation', 'Subscription'] as const;

/**
 * Reads a domain's schema: its lake-backed types, its look-ups, and what is left for `resolvers.ts`.
 *
 * @param sdl the schema as authored, Federation 2 with the mapping directives
 * @param schemaFile the file that it stands in, as errors name it
 */
export function readDomain(name: string, sdl: string, schemaFile: string): Domain {
  if (!/^[a-z][a-z0-9_-]*$/.test(name)) {
    throw raise('DOMAIN_NAME_INVALID', { name }, { at: { file: schemaFile } });
  }
  if (reservedNames.has(name)) {
    throw raise('DOMAIN_NAME_RESERVED', { name }, { at: { file: schemaFile } });
  }
  const document = parseSchema(sdl, schemaFile);
  checkRootNames(document);
  const context: SchemaContext = {
    domain: name,
    types: collectTypes(document),
    enums: collectEnums(document),
    inputs: collectInputs(document),
  };
  const types = [...context.types.values()]
    .filter((type) => type.kind === 'object' && findDirective(type, 'table') !== undefined)
    .map((type) => readLakeType(type, context));
  const lookups = readLookups(context, types);
  const mutations = readIdentityMutations(context, types);
  return {
    name,
    schemaFile,
    sdl,
    document,
    types,
    lookups,
    mutations,
    computedCoordinates: computedCoordinates(context, types, [
      ...lookups.map(({ name }) => `Query.${name}`),
      ...mutations.map(({ name }) => `Mutation.${name}`),
    ]),
  };
}

/** Root types have the same names in all subgraphs, so that their fields can be told without asking each schema. */
function checkRootNames(document: DocumentNode): void {
  for (const node of document.definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const { operation, type } of node.operationTypes ?? []) {
      const expected = rootTypes.find((root) => root.toLowerCase() === operation.valueOf());
      if (expected === undefined || type.name.value === expected) continue;
      throw raise('SCHEMA_ROOT_RENAMED', { name: type.name.value, expected }, { at: locate(type) });
    }
  }
}

/**
 * A query field is a look-up, and needs no resolver, when it returns a lake-backed type (or an interface that only
 * this type implements) and its arguments are the fields of one of the type's keys.
 */
function readLookups(context: SchemaContext, types: readonly LakeType[]): readonly Lookup[] {
  return (context.types.get('Query')?.fields ?? []).flatMap((field): readonly Lookup[] => {
    const isResolved = ['computed', 'provides'].some(
      (name) => findDirective(field, name) !== undefined,
    );
    if (isListType(field.type) || isResolved) return [];
    const returns = namedTypeOf(field.type);
    const entity = entityBehind(returns, context, types);
    const names = (field.arguments ?? []).map(({ name }) => name.value);
    const isKey = entity?.keys.some(
      ({ fields }) =>
        fields.length === names.length && fields.every((part) => names.includes(part)),
    );
    if (entity === undefined || isKey !== true) return [];
    return [{ name: field.name.value, entity: entity.name, returns, arguments: names }];
  });
}

function entityBehind(
  typeName: string,
  context: SchemaContext,
  types: readonly LakeType[],
): LakeType | undefined {
  const type = context.types.get(typeName);
  if (type?.kind === 'object') return types.find(({ name }) => name === typeName);
  const implementations = [...context.types.values()].filter(
    ({ kind, interfaces }) => kind === 'object' && interfaces.includes(typeName),
  );
  const [only, another] = implementations;
  return another === undefined ? types.find(({ name }) => name === only?.name) : undefined;
}

function computedCoordinates(
  context: SchemaContext,
  types: readonly LakeType[],
  found: readonly string[],
): readonly string[] {
  const ofLakeTypes = types.flatMap((type) =>
    type.computed.map(({ name }) => `${type.name}.${name}`),
  );
  const ofOtherTypes = [...context.types.values()]
    .filter(({ kind, name }) => kind === 'object' && !types.some((type) => type.name === name))
    .flatMap((type) => resolversOf(type).map((name) => `${type.name}.${name}`))
    .filter((coordinate) => !found.includes(coordinate));
  return [...ofLakeTypes, ...ofOtherTypes];
}

/** What `resolvers.ts` has to hold for a type without a table, whose values come from other resolvers. */
function resolversOf(type: TypeSource): readonly string[] {
  const names = type.fields
    .filter((field) => isRoot(type.name) || findDirective(field, 'computed') !== undefined)
    .map(({ name }) => name.value);
  return isFoundByResolver(type) ? [...names, '__resolveReference'] : names;
}

/** Whether other subgraphs may ask for fields of the entity that nothing but its own finder can give. */
function isFoundByResolver(type: TypeSource): boolean {
  const isResolvable = findDirectives(type, 'key').some(isResolvableKey);
  const isGiven = (field: FieldDefinitionNode): boolean =>
    isComputed(field) || isExternal(field, type) || isInKey(type, field.name.value);
  return isResolvable && !type.fields.every(isGiven);
}

function isRoot(typeName: string): boolean {
  return rootTypes.some((root) => root === typeName);
}
