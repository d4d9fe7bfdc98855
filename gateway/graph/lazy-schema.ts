import { buildSchema, type GraphQLSchema } from 'graphql';

/** Only answers of remote subgraphs are checked against it, and most graphs have none. */
export function lazySchema(supergraphSdl: string): () => GraphQLSchema {
  let schema: GraphQLSchema | undefined;
  return () => (schema ??= buildSchema(supergraphSdl, { assumeValid: true, assumeValidSDL: true }));
}
