import type {
  GatewayExecutionResult,
  GatewayExecutor,
  GatewayInterface,
} from '@apollo/server-gateway-interface';
import { GraphQLError, type DocumentNode } from 'graphql';
import {
  toPlannableOperation,
  type PlannableOperation,
  type Restore,
} from './plannable-operation.ts';
import { supergraphNames } from './supergraph-names.ts';

/** Apollo's gateway without the wrong answers that can be mended from outside. */
export function mendedGateway(gateway: GatewayInterface, supergraphSdl: string): GatewayInterface {
  const names = supergraphNames(supergraphSdl);
  // Apollo Server keeps parsed documents, so that a known operation comes as the same object again.
  const known = new WeakMap<DocumentNode, PlannableOperation>();
  const plannable = (document: DocumentNode): PlannableOperation => {
    const operation = known.get(document) ?? toPlannableOperation(document, names);
    known.set(document, operation);
    return operation;
  };
  return {
    onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
    stop: () => gateway.stop(),
    async load(options) {
      const { executor } = await gateway.load(options);
      return { executor: executor && mendedExecutor(executor, plannable) };
    },
  };
}

function mendedExecutor(
  execute: GatewayExecutor,
  plannable: (document: DocumentNode) => PlannableOperation,
): GatewayExecutor {
  return async (requestContext) => {
    const { document, restore } = plannable(requestContext.document);
    if (restore === undefined) return execute(requestContext);
    return restoreResult(await execute({ ...requestContext, document }), restore);
  };
}

function restoreResult(result: GatewayExecutionResult, restore: Restore): GatewayExecutionResult {
  const { data, errors, extensions } = result;
  const completion: unknown = extensions?.['valueCompletion'];
  return {
    ...result,
    ...(data === undefined ? {} : { data: restore.data(data) as typeof data }),
    ...(errors === undefined ? {} : { errors: errors.map((error) => withPath(error, restore)) }),
    ...(Array.isArray(completion)
      ? {
          extensions: {
            ...extensions,
            valueCompletion: completion.map((error: unknown) =>
              error instanceof GraphQLError ? withPath(error, restore) : error,
            ),
          },
        }
      : {}),
  };
}

function withPath(error: GraphQLError, { path: restorePath }: Restore): GraphQLError {
  const { message, path, extensions, originalError } = error;
  if (path === undefined) return error;
  return new GraphQLError(message, {
    path: restorePath(path),
    extensions,
    ...(originalError === undefined ? {} : { originalError }),
  });
}
