import type {
  GatewayExecutionResult,
  GatewayExecutor,
  GatewayGraphQLRequestContext,
  GatewayInterface,
} from '@apollo/server-gateway-interface';
import { execute, type OperationDefinitionNode } from 'graphql';
import { partSchemaAndData, type OperationHalf, type SchemaAndData } from './schema-and-data.ts';
import { wrapExecutor } from '../graph/wrap-executor.ts';

/**
 * A gateway that answers what is asked about the schema from the schema alone, also beside data. Apollo's planner
 * (2.14.4) knows an older set of fields, and fails for `isOneOf`, which tools ask for.
 */
export function withIntrospection(gateway: GatewayInterface): GatewayInterface {
  return wrapExecutor(gateway, (otherwise) => introspect(otherwise));
}

function introspect(otherwise: GatewayExecutor): GatewayExecutor {
  /** Apollo Server keeps parsed documents, so that a known operation comes as the same object again. */
  const known = new WeakMap<OperationDefinitionNode, SchemaAndData>();
  return async (requestContext) => {
    const { document, operation } = requestContext;
    const parted = known.get(operation) ?? partSchemaAndData(document, operation);
    known.set(operation, parted);
    const { schema, data, dataText = '', responseKeys } = parted;
    if (schema === undefined) return otherwise(requestContext);
    if (data === undefined) return askSchema(requestContext, schema);
    const brought = await otherwise(dataRequest(requestContext, data, dataText));
    return joined(brought, await askSchema(requestContext, schema), responseKeys);
  };
}

function dataRequest(
  requestContext: GatewayGraphQLRequestContext,
  { document, operation }: OperationHalf,
  source: string,
): GatewayGraphQLRequestContext {
  const { request, queryHash } = requestContext;
  return {
    ...requestContext,
    document,
    operation,
    source,
    request: { ...request, query: source },
    // Plans are kept by it.
    queryHash: `${queryHash} data`,
  };
}

async function askSchema(
  { request, schema }: GatewayGraphQLRequestContext,
  { document, operation }: OperationHalf,
): Promise<GatewayExecutionResult> {
  const { data, errors } = await execute({
    schema,
    document,
    operationName: operation.name?.value,
    variableValues: request.variables,
  });
  return { data: data ?? null, ...(errors === undefined ? {} : { errors }) };
}

function joined(
  brought: GatewayExecutionResult,
  told: GatewayExecutionResult,
  responseKeys: readonly string[],
): GatewayExecutionResult {
  const errors = [...(brought.errors ?? []), ...(told.errors ?? [])];
  const result = errors.length === 0 ? brought : { ...brought, errors };
  if (!brought.data) return result;
  if (!told.data) return { ...result, data: null };
  const all = { ...brought.data, ...told.data };
  const inOrder = responseKeys.filter((key) => Object.hasOwn(all, key));
  return { ...result, data: Object.fromEntries(inOrder.map((key) => [key, all[key]])) };
}
