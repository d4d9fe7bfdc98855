import type { GatewayInterface } from '@apollo/server-gateway-interface';
import { GraphQLError } from 'graphql';
import type { ArgumentTwins } from '../../registry/argument-twins.ts';
import { wrapExecutor } from './wrap-executor.ts';

/**
 * The gateway with errors of argument twins at the object that has them: nobody asked for the twin, and the real field
 * may be in the answer, well, with other arguments.
 */
export function withoutTwinsInErrors(
  gateway: GatewayInterface,
  { byName }: ArgumentTwins,
): GatewayInterface {
  if (byName.size === 0) return gateway;
  return wrapExecutor(gateway, (execute) => async (requestContext) => {
    const result = await execute(requestContext);
    return result.errors === undefined
      ? result
      : { ...result, errors: result.errors.map((error) => cutAtTwin(error)) };
  });

  function cutAtTwin(error: GraphQLError): GraphQLError {
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
