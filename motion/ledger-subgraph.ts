import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLSchema } from 'graphql';
import { completeScalars } from '../wire/scalars.ts';
import type { LedgerSchema } from './derive-ledger.ts';
import { entityResolvers } from './entity-resolvers.ts';
import { eventResolvers } from './event-resolvers.ts';
import type { TypeResolvers } from './resolver.ts';
import { subscriberResolvers } from './subscriber-resolvers.ts';
import { syncResolvers } from './sync-resolvers.ts';

/** An executable schema; its resolvers find all that they need in a `LedgerContext`. */
export function ledgerSubgraph({ document, entities }: LedgerSchema): GraphQLSchema {
  const parts = [
    eventResolvers(entities),
    subscriberResolvers,
    syncResolvers,
    ...entities.map(entityResolvers),
  ];
  const resolvers: Record<string, TypeResolvers> = {};
  for (const [type, fields] of parts.flatMap((part) => Object.entries(part))) {
    resolvers[type] = { ...resolvers[type], ...fields };
  }
  const schema = buildSubgraphSchema({
    typeDefs: document,
    resolvers: resolvers as NonNullable<Resolvers>,
  });
  completeScalars(schema);
  return schema;
}

type Resolvers = Exclude<
  Parameters<typeof buildSubgraphSchema>[0],
  readonly unknown[] | { readonly kind: string }
>['resolvers'];
