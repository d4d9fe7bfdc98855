import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { pagesSchema } from './pages-schema.ts';

/** The list of references over HTTP, for gateways that cannot have it in their own process. */
const { url } = await startStandaloneServer(new ApolloServer({ schema: pagesSchema() }), {
  listen: { host: '127.0.0.1', port: 0 },
});
process.stderr.write(`${url}\n`);
