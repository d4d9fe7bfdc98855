import {
  ApolloGateway,
  IntrospectAndCompose,
  LocalGraphQLDataSource,
  RemoteGraphQLDataSource,
} from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';

/**
 * Vanilla federation, as Apollo's documentation sets it up: Apollo Server with `@apollo/gateway` over the domains'
 * subgraphs, which it introspects and asks over HTTP. `vanilla-gateway.ts URL-OF-THE-SUBGRAPHS`.
 */

const [, , base = ''] = process.argv;

/** The domains have no list, so this subgraph stands for one at no cost: it gives references from its arguments. */
const pages = buildSubgraphSchema({
  typeDefs: parse(`
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    type Customer @key(fields: "id", resolvable: false) { id: ID! }
    type Query { customerPage(ids: [ID!]!): [Customer!]! }
  `),
  resolvers: {
    Query: {
      customerPage: (_: unknown, { ids }: { readonly ids: readonly string[] }) =>
        ids.map((id) => ({ id })),
    },
  },
});

const domains = ['identity', 'sales', 'support', 'billing'];
const gateway = new ApolloGateway({
  supergraphSdl: new IntrospectAndCompose({
    subgraphs: [
      ...domains.map((name) => ({ name, url: `${base}/subgraphs/${name}` })),
      { name: 'pages', url: 'in-process' },
    ],
  }),
  // In process, so that the list does not cost vanilla a call over HTTP.
  buildService: ({ name, url }) =>
    name === 'pages'
      ? new LocalGraphQLDataSource(pages)
      : new RemoteGraphQLDataSource({ ...(url === undefined ? {} : { url }) }),
});
const { url } = await startStandaloneServer(new ApolloServer({ gateway }), {
  listen: { host: '127.0.0.1', port: 0 },
});
process.stderr.write(`${url}\n`);
