import { readFile } from 'node:fs/promises';
import { ApolloGateway, LocalGraphQLDataSource, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { pagesSchema } from './pages-schema.ts';

/**
 * Vanilla federation, as Apollo's documentation sets it up: Apollo Server with `@apollo/gateway` over the domains'
 * subgraphs, which it asks over HTTP. `vanilla-gateway.ts SUPERGRAPH-FILE`.
 */

const [, , file = ''] = process.argv;

const gateway = new ApolloGateway({
  supergraphSdl: await readFile(file, 'utf8'),
  // In process, so that the list does not cost vanilla a call over HTTP.
  buildService: ({ name, url }) =>
    name === 'pages'
      ? new LocalGraphQLDataSource(pagesSchema())
      : new RemoteGraphQLDataSource({ ...(url === undefined ? {} : { url }) }),
});
const { url } = await startStandaloneServer(new ApolloServer({ gateway }), {
  listen: { host: '127.0.0.1', port: 0 },
});
process.stderr.write(`${url}\n`);
