import { HeaderMap, type ApolloServerPlugin, type GraphQLResponse } from '@apollo/server';
import { OperationTypeNode, type DocumentNode } from 'graphql';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { asRefusal } from '../graph/as-refusal.ts';
import { checkVariables } from '../request/check-variables.ts';
import { refuseByGet } from './plan-subscriptions.ts';

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
 */
export function keepSubscriptions(): ApolloServerPlugin<WishContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({ operation, contextValue: { streamWish }, request, schema }) {
          if (operation?.operation === OperationTypeNode.SUBSCRIPTION) {
            if (streamWish === undefined) throw asRefusal(raise('SUBSCRIPTION_NEEDS_STREAM', {}));
            checkVariables({ operation, schema }, request.variables ?? {});
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
