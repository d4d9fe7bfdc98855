import type { GatewayExecutionResult, GatewayInterface } from '@apollo/server-gateway-interface';
import { GraphQLError } from 'graphql';
import { SubgraphError } from './subgraph-error.ts';
import { wrapExecutor } from './wrap-executor.ts';

/**
 * Apollo's gateway with each error of a subgraph at its place in the answer. By itself the gateway counts entities
 * that it left out of a fetch, and knows no place for an error that has none in the fetch.
 */
export function withPlacedErrors(gateway: GatewayInterface): GatewayInterface {
  return wrapExecutor(
    gateway,
    (execute) => async (requestContext) => place(await execute(requestContext)),
  );
}

function place(result: GatewayExecutionResult): GatewayExecutionResult {
  const { errors } = result;
  return errors === undefined ? result : { ...result, errors: errors.map(placeError) };
}

function placeError(error: GraphQLError): GraphQLError {
  const { originalError, message, extensions } = error;
  if (!(originalError instanceof SubgraphError)) return error;
  const { clientPath: path } = originalError;
  return new GraphQLError(message, { path, extensions, originalError });
}
