import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, Source, type GraphQLSchema } from 'graphql';
import type { IdentityWriter, Origin } from '../ledger/identity-command.ts';
import type { Domain, Entity, LakeModel, LakeType } from '../mapping/model.ts';
import type { PartsRead } from '../mapping/parts-read.ts';
import { collectTypes, findDirective } from '../mapping/schema-source.ts';
import type { KeyRedirects } from '../wire/lead-key.ts';
import type { WireOptions } from '../wire/to-wire.ts';
import { completeSchema } from './complete-schema.ts';
import { DocumentCache } from './document-cache.ts';
import { EntityFinder, type GivenFields } from './entity-finder.ts';
import { identityMutation } from './identity-mutations.ts';
import { separateRepresentations } from './resolve-entities.ts';
import { RequestLoaders, type LakeReader } from './request-loaders.ts';
import type { FieldResolver, ResolverModule, TypeResolvers } from './resolver-module.ts';
import type { SubgraphContext } from './subgraph-context.ts';
import { typeResolvers } from './type-resolvers.ts';
import { TypeTable } from './type-table.ts';

export type { SubgraphContext } from './subgraph-context.ts';

/** A domain that answers as a federation subgraph. */
export interface SubgraphService {
  readonly name: string;
  readonly schema: GraphQLSchema;
  /** The schema as authored; what `_service` says. */
  readonly sdl: string;
  readonly documents: DocumentCache;
  /** One for each request: its look-ups are collected and remembered for as long as it lives. */
  createContext(options: ContextOptions): SubgraphContext;
}

export interface ContextOptions extends WireOptions {
  readonly signal?: AbortSignal | undefined;
  /** Read instead of the lake that the subgraph was built with. */
  readonly lake?: LakeReader | undefined;
  /** Who asks, as changes name them. */
  readonly origin?: Origin | undefined;
  /** Told what the answer is made of. */
  readonly partsRead?: PartsRead | undefined;
}

interface BuildSubgraphOptions {
  readonly domain: Domain;
  readonly model: LakeModel;
  readonly lake: LakeReader;
  readonly resolvers: ResolverModule;
  /** Carries out mutations of identities; without it they are refused. */
  readonly identities?: IdentityWriter | undefined;
  readonly redirects?: KeyRedirects | undefined;
}

const nobody: Origin = { actor: 'local', source: 'tributary/graphql' };

/** Makes a federation subgraph of a domain: the lake answers for mapped fields, `resolvers.ts` for computed ones. */
export function buildSubgraph(options: BuildSubgraphOptions): SubgraphService {
  const { domain } = options;
  const schema = buildSubgraphSchema({
    typeDefs: parse(new Source(domain.sdl, domain.schemaFile)),
    resolvers: collectResolvers(options),
  });
  completeSchema(schema, lakeBackedFields(domain));
  separateRepresentations(schema);
  return {
    name: domain.name,
    schema,
    sdl: domain.sdl,
    documents: new DocumentCache(schema),
    createContext: ({ decimals, signal, lake = options.lake, origin = nobody, partsRead }) => ({
      decimals,
      partsRead,
      origin,
      redirects: options.redirects,
      lake,
      signal,
      loaders: new RequestLoaders(lake, signal),
    }),
  };
}

function collectResolvers(options: BuildSubgraphOptions): ResolverModule {
  const { domain, model, resolvers } = options;
  const finders = new Map(
    domain.types.map((part) => {
      const entity = entityOf(part, model);
      const relationColumns = relationColumnsOf(part, domain);
      const table = new TypeTable({ part, entity, relationColumns });
      return [part.name, new EntityFinder(table, externalFields(part, domain))];
    }),
  );
  const all: Record<string, TypeResolvers> = { ...resolvers };
  for (const [name, finder] of finders) {
    all[name] = typeResolvers({ finder, finders, model, computed: resolvers[name] ?? {} });
  }
  const lookups: Record<string, FieldResolver> = {};
  for (const { name, entity, arguments: keyFields } of domain.lookups) {
    const finder = finders.get(entity);
    // An argument that was left out is a key that nothing has.
    const nothing = Object.fromEntries(keyFields.map((field) => [field, null]));
    lookups[name] = (_parent: unknown, given: GivenFields, context: SubgraphContext) =>
      finder?.find({ ...nothing, ...given }, context);
  }
  const mutations: Record<string, FieldResolver> = {};
  for (const mutation of domain.mutations) {
    const finder = finders.get(mutation.entity);
    if (finder !== undefined && options.identities !== undefined)
      mutations[mutation.name] = identityMutation(mutation, finder, options.identities);
  }
  const _service = (): { sdl: string } => ({ sdl: domain.sdl });
  const Mutation = { ...all['Mutation'], ...mutations };
  return {
    ...all,
    Query: { ...all['Query'], ...lookups, _service },
    ...(Object.keys(Mutation).length === 0 ? {} : { Mutation }),
  };
}

function entityOf(part: LakeType, model: LakeModel): Entity {
  const entity = model.entities.get(part.name);
  if (entity === undefined)
    throw new TypeError(`${part.name} of ${part.domain} is not in the model.`);
  return entity;
}

/** Columns of the type's table by which its own relations lead to one, and those of others lead here. */
function relationColumnsOf(part: LakeType, domain: Domain): readonly string[] {
  const own = part.relations.filter(({ cardinality }) => cardinality === 'one');
  const incoming = domain.types
    .flatMap(({ relations }) => relations)
    .filter(({ cardinality, target }) => cardinality === 'many' && target === part.name);
  return [...own, ...incoming].flatMap(({ columns }) => columns);
}

function externalFields(part: LakeType, domain: Domain): readonly string[] {
  const source = collectTypes(domain.document).get(part.name);
  if (source === undefined) return [];
  const isTypeExternal = findDirective(source, 'external') !== undefined;
  return source.fields
    .filter((field) => isTypeExternal || findDirective(field, 'external') !== undefined)
    .map((field) => field.name.value)
    .filter((name) => !part.fields.some((field) => field.name === name));
}

function lakeBackedFields(domain: Domain): ReadonlySet<string> {
  return new Set(
    domain.types.flatMap(({ name, fields }) => fields.map((field) => `${name}.${field.name}`)),
  );
}
