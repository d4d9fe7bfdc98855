import { ApolloGateway, LocalGraphQLDataSource } from '@apollo/gateway';
import { buildSchema } from 'graphql';
import { prepareSupergraph } from '../../registry/prepare-supergraph.ts';

/** Loads a supergraph as the server does; throws when Apollo's gateway refuses it. */
export async function loadInGateway(supergraphSdl: string): Promise<void> {
  const nothing = new LocalGraphQLDataSource(buildSchema('type Query { nothing: Int }'));
  const gateway = new ApolloGateway({
    supergraphSdl: prepareSupergraph(supergraphSdl).supergraphSdl,
    buildService: () => nothing,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  await gateway.load();
  await gateway.stop();
}
