import type { GatewayInterface } from '@apollo/server-gateway-interface';
import { GraphQLError } from 'graphql';
import type { FieldTwins } from '../../registry/field-twins.ts';
import { wrapExecutor } from './wrap-executor.ts';

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
    const { message, path = [], extensions, originalError } = error;
    const twin = path.findIndex((step) => typeof step === 'string' && byName.has(step));
    if (twin === -1) return error;
    return new GraphQLError(message, {
      path: path.slice(0, twin),
      extensions,
      ...(originalError === undefined ? {} : { originalError }),
    });
  }
}
