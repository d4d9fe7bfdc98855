/** A module of one of these names beside the schema holds the resolvers of a domain's computed fields. */
export const resolverFileNames = ['resolvers.ts', 'resolvers.js', 'resolvers.mjs'] as const;
