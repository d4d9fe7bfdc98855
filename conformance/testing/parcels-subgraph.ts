import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';
import { sendJson, startSubgraph, type ReviewsServer } from './reviews-subgraph.ts';

/** A second subgraph of another team, which is well when the first is not. */
export const parcelsSchema = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])

type Customer @key(fields: "id") {
  id: ID!
  parcels: [Parcel!]
}

type Parcel {
  label: String!
}
`;

const resolvers = {
  Customer: {
    __resolveReference: ({ id }: { readonly id: string }) => ({
      id,
      parcels: [{ label: `1 of ${id}` }, { label: `2 of ${id}` }],
    }),
  },
};

/** Serves parcels on a free port of this machine. */
export function startParcels(): Promise<ReviewsServer> {
  const schema = buildSubgraphSchema({ typeDefs: parse(parcelsSchema), resolvers });
  return startSubgraph(async ({ query, variables }, response) => {
    sendJson(response, await graphql({ schema, source: query, variableValues: variables }));
  });
}
