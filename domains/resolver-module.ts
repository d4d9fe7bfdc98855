import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';

/** What `resolvers.ts` holds: functions by type and field, as in every GraphQL server. */
export type ResolverModule = Readonly<Record<string, TypeResolvers>>;

export type TypeResolvers = Readonly<Record<string, FieldResolver>>;

export type FieldResolver = ResolverFunction | ResolverPair;

/** Written as a method so that a file may type its parameters as narrowly as it likes. */
export type ResolverFunction = {
  resolve(parent: unknown, args: object, context: unknown, info: GraphQLResolveInfo): unknown;
}['resolve'];

/** The form that a subscription needs. */
export interface ResolverPair {
  readonly resolve?: GraphQLFieldResolver<unknown, unknown>;
  readonly subscribe?: GraphQLFieldResolver<unknown, unknown>;
}
