import type { GraphQLDataSource } from '@apollo/gateway';
import type {
  GatewayExecutionResult,
  GatewayExecutor,
  GatewayGraphQLRequestContext,
  GatewayInterface,
} from '@apollo/server-gateway-interface';
import {
  BREAK,
  GraphQLError,
  validate,
  visit,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { hubName } from '../../hub/derive/names.ts';
import type { RequestContext } from '../graph/request-context.ts';
import { SubgraphError } from '../fetch/subgraph-error.ts';
import { wrapExecutor } from '../graph/wrap-executor.ts';

export interface HubShortcut {
  /** What the hub can be asked. */
  readonly schema: GraphQLSchema;
  readonly source: GraphQLDataSource<RequestContext>;
}

/**
 * A gateway that hands an operation on as it is when the hub can answer all of it. A plan for it would be one fetch
 * of the same operation, whose answer the gateway would then take apart and put together again.
 */
export function withHubShortcut(gateway: GatewayInterface, hub: HubShortcut): GatewayInterface {
  return wrapExecutor(gateway, (execute) => shortcut(execute, hub));
}

function shortcut(execute: GatewayExecutor, { schema, source }: HubShortcut): GatewayExecutor {
  /** Apollo Server keeps parsed documents, so that a known operation comes as the same object again. */
  const known = new WeakMap<DocumentNode, boolean>();
  return async (requestContext) => {
    const { document, operation } = requestContext;
    const isWhole = known.get(document) ?? isAnswerable(document, schema);
    known.set(document, isWhole);
    // The rules of validation say nothing of a kind of operation that a schema does not have.
    const isOfKind = schema.getRootType(operation.operation) !== undefined;
    return isWhole && isOfKind ? askHub(source, requestContext) : execute(requestContext);
  };
}

/** Computed and remote fields are not in the hub's schema; what the schema itself is, the gateway knows better. */
function isAnswerable(document: DocumentNode, schema: GraphQLSchema): boolean {
  let asksForSchema = false;
  visit(document, {
    Field({ name }) {
      if (name.value !== '__schema' && name.value !== '__type') return undefined;
      asksForSchema = true;
      return BREAK;
    },
  });
  return !asksForSchema && validate(schema, document).length === 0;
}

async function askHub(
  source: GraphQLDataSource<RequestContext>,
  requestContext: GatewayGraphQLRequestContext,
): Promise<GatewayExecutionResult> {
  const { source: query, request, context, document } = requestContext;
  const { explanation } = context as RequestContext;
  if (explanation !== undefined) explanation.plan = 'hub';
  const { data, errors } = await source.process({
    kind: 'incoming operation' as Parameters<typeof source.process>[0]['kind'],
    request: { ...request, query },
    incomingRequestContext: requestContext as GatewayGraphQLRequestContext<RequestContext>,
    context: context as RequestContext,
    document,
  });
  return {
    data: data ?? null,
    ...(errors === undefined ? {} : { errors: errors.map(toGraphqlError) }),
  };
}

function toGraphqlError(error: unknown): GraphQLError {
  if (!(error instanceof SubgraphError)) return new GraphQLError(String(error));
  const { message, extensions, clientPath } = error;
  return new GraphQLError(message, {
    ...(clientPath === undefined ? {} : { path: clientPath }),
    extensions: { ...extensions, serviceName: hubName },
    originalError: error,
  });
}
