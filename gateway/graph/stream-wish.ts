import { HeaderMap, type ApolloServerPlugin, type GraphQLResponse } from '@apollo/server';
import {
  getVariableValues,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { asRefusal } from './as-refusal.ts';

/** Whether a request wants its answer as a stream; the server puts the subscription into it that it found. */
export interface StreamWish {
  /** Only a query or a subscription may come by GET. */
  readonly isGet: boolean;
  found: FoundSubscription | undefined;
}

/** A subscription that was parsed, checked and found right. */
export interface FoundSubscription {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface WishContext {
  readonly streamWish?: StreamWish | undefined;
}

/**
 * Lets Apollo Server, which knows no subscriptions, do for one all that it does for other operations, and then keeps
 * it for whoever opens the stream.
 *
 * @param streams the schema that subscriptions run on; one that has none of them by default
 */
export function keepSubscriptions(streams?: GraphQLSchema): ApolloServerPlugin<WishContext> {
  const served = streams?.getSubscriptionType();
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({ operation, contextValue: { streamWish }, request, schema }) {
          if (operation?.operation === OperationTypeNode.SUBSCRIPTION) {
            checkSubscription(operation, streamWish, served);
            checkVariables(operation, request.variables ?? {}, schema);
          } else if (operation?.operation === OperationTypeNode.MUTATION && streamWish?.isGet) {
            throw refuseByGet();
          }
          return Promise.resolve();
        },
        responseForOperation({ operation, document, request, contextValue: { streamWish } }) {
          if (operation.operation !== OperationTypeNode.SUBSCRIPTION || streamWish === undefined) {
            return Promise.resolve<GraphQLResponse | null>(null);
          }
          const { operationName, variables = {} } = request;
          streamWish.found = { document, operationName, variables };
          return Promise.resolve(nothingYet());
        },
      }),
  };
}

/** Apollo Server has to answer something. */
function nothingYet(): GraphQLResponse {
  return {
    http: { status: 200, headers: new HeaderMap() },
    body: { kind: 'single', singleResult: { data: null } },
  };
}

function checkSubscription(
  { selectionSet }: OperationDefinitionNode,
  streamWish: StreamWish | undefined,
  served: GraphQLObjectType | null | undefined,
): void {
  // Validation sees to it that there is exactly one, maybe within a fragment.
  const [selection] = selectionSet.selections;
  const field = selection?.kind === Kind.FIELD ? selection.name.value : undefined;
  if (
    served === undefined ||
    served === null ||
    (field !== undefined && !hasField(served, field))
  ) {
    throw asRefusal(raise('SUBSCRIPTION_NOT_SERVED', { field: field ?? 'of a fragment' }));
  }
  if (streamWish === undefined) throw asRefusal(raise('SUBSCRIPTION_NEEDS_STREAM', {}));
}

function hasField(type: GraphQLObjectType, name: string): boolean {
  return Object.hasOwn(type.getFields(), name);
}

function checkVariables(
  { variableDefinitions = [] }: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
  schema: GraphQLSchema,
): void {
  const [problem] = getVariableValues(schema, variableDefinitions, given).errors ?? [];
  if (problem === undefined) return;
  throw new GraphQLError(problem.message, {
    ...(problem.nodes === undefined ? {} : { nodes: problem.nodes }),
    originalError: problem,
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  });
}

function refuseByGet(): GraphQLError {
  const problem = 'GET requests only support query and subscription operations, not mutations.';
  const { message, extensions } = raise('BAD_REQUEST', { problem });
  return new GraphQLError(message, { extensions: { ...extensions, http: { status: 405 } } });
}
