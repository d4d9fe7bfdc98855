import type { GatewayInterface } from '@apollo/server-gateway-interface';
import {
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { mostVariableErrors } from '../../hub/hub.ts';
import { wrapExecutor } from '../graph/wrap-executor.ts';

/** What decides whether variables fit. */
interface Asked {
  readonly operation: OperationDefinitionNode;
  readonly schema: GraphQLSchema;
}

type Variables = Readonly<Record<string, unknown>>;

/** A gateway that refuses variables that do not fit, before anything else looks at them. */
export function withCheckedVariables(gateway: GatewayInterface): GatewayInterface {
  return wrapExecutor(gateway, (execute) => async (requestContext) => {
    const { request, operation, schema } = requestContext;
    const errors = variableErrors(
      { operation, schema },
      request.variables ?? {},
      mostVariableErrors,
    );
    return errors === undefined ? execute(requestContext) : { errors };
  });
}

/** @throws GraphQLError, the first of those that there are */
export function checkVariables(asked: Asked, given: Variables): void {
  const [error] = variableErrors(asked, given, 1) ?? [];
  if (error === undefined) return;
  const { message, nodes = [], originalError, extensions } = error;
  throw new GraphQLError(message, {
    nodes,
    originalError: originalError ?? null,
    extensions: { ...extensions, http: { status: 400 } },
  });
}

/** Undefined where the variables fit; one more than the most says that there are more. */
function variableErrors(
  { operation, schema }: Asked,
  given: Variables,
  maxErrors: number,
): readonly GraphQLError[] | undefined {
  const definitions = operation.variableDefinitions ?? [];
  if (definitions.length === 0) return undefined;
  const { errors } = getVariableValues(schema, definitions, given, { maxErrors });
  return errors?.map(
    (error) =>
      new GraphQLError(error.message, {
        nodes: error.nodes ?? [],
        originalError: error,
        extensions: { code: 'BAD_USER_INPUT' },
      }),
  );
}
