import type { GatewayInterface } from '@apollo/server-gateway-interface';
import type { GraphQLError } from 'graphql';
import type { FieldTwins } from '../../registry/field-twins.ts';
import { errorAtPath } from './error-at-path.ts';
import { wrapExecutor } from '../graph/wrap-executor.ts';

/**
 * The gateway with errors that name nothing which only the planner knows. Those of a twin stand at the object that has
 * it: nobody asked for the twin, and the real field may be in the answer, well, with other arguments.
 */
export function withoutTwinsInErrors(
  gateway: GatewayInterface,
  { byName }: FieldTwins,
): GatewayInterface {
  if (byName.size === 0) return gateway;
  return wrapExecutor(gateway, (execute) => async (requestContext) => {
    const result = await execute(requestContext);
    return result.errors === undefined
      ? result
      : { ...result, errors: result.errors.map(withoutTwins) };
  });

  function withoutTwins(error: GraphQLError): GraphQLError {
    const { path = [] } = error;
    const twin = path.findIndex((step) => typeof step === 'string' && byName.has(step));
    return twin === -1 ? error : errorAtPath(error, path.slice(0, twin));
  }
}
