import { HeaderMap, type ApolloServerPlugin, type GraphQLResponse } from '@apollo/server';
import { GraphQLError, OperationTypeNode, type DocumentNode } from 'graphql';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { asRefusal } from '../graph/as-refusal.ts';
import { checkVariables } from '../request/check-variables.ts';

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
 * Finds subscriptions, once Apollo Server has done for one all that it does for other operations. Refuses one that
 * nobody can be told of, a mutation that came by GET, and variables that do not fit.
 */
export function findSubscriptions(): ApolloServerPlugin<WishContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({
          operation,
          document,
          contextValue: { streamWish },
          request,
          schema,
        }) {
          const kind = operation?.operation;
          if (kind === OperationTypeNode.MUTATION && streamWish?.isGet === true)
            throw refuseByGet();
          if (operation === undefined || kind !== OperationTypeNode.SUBSCRIPTION) {
            return Promise.resolve();
          }
          if (streamWish === undefined) throw asRefusal(raise('SUBSCRIPTION_NEEDS_STREAM', {}));
          const { operationName, variables = {} } = request;
          checkVariables({ operation, schema }, variables);
          streamWish.found = { document, operationName, variables };
          return Promise.resolve();
        },
      }),
  };
}

/** Keeps Apollo Server, which knows no subscriptions, from running one that was found: whoever opens the stream does. */
export function keepSubscriptions(): ApolloServerPlugin<WishContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        responseForOperation: ({ contextValue: { streamWish } }) =>
          Promise.resolve(streamWish?.found === undefined ? null : nothingYet()),
      }),
  };
}

function refuseByGet(): GraphQLError {
  const problem = 'GET requests only support query and subscription operations, not mutations.';
  const { message, extensions } = raise('BAD_REQUEST', { problem });
  return new GraphQLError(message, { extensions: { ...extensions, http: { status: 405 } } });
}

/** Apollo Server has to answer something. */
function nothingYet(): GraphQLResponse {
  return {
    http: { status: 200, headers: new HeaderMap() },
    body: { kind: 'single', singleResult: { data: null } },
  };
}
