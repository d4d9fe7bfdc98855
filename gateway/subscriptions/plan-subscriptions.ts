import type { ApolloServerPlugin } from '@apollo/server';
import type { PlanNode, QueryPlan } from '@apollo/query-planner';
import { GraphQLError, OperationTypeNode } from 'graphql';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { asRefusal } from '../graph/as-refusal.ts';
import { checkVariables } from '../request/check-variables.ts';
import type { RequestContext } from '../graph/request-context.ts';

/**
 * Apollo's planner plans subscriptions, and its gateway refuses to run them. As a sequence the same plan runs: its
 * first fetch is answered by `withRootEvents`. The plan is changed in place, since the gateway keeps and runs this
 * very object.
 */
export function makeRunnable(queryPlan: QueryPlan, { subscription }: RequestContext): void {
  const { node } = queryPlan;
  if (node?.kind === 'Subscription') {
    const nodes: PlanNode[] = [node.primary, ...(node.rest === undefined ? [] : [node.rest])];
    Object.assign(queryPlan, { node: { kind: 'Sequence', nodes } satisfies PlanNode });
  }
  if (subscription?.kind !== 'plan') return;
  const made = queryPlan.node;
  subscription.isWhole =
    made?.kind === 'Fetch' || (made?.kind === 'Sequence' && made.nodes.length === 1);
}

/** Refuses a subscription that nobody can be told of, a mutation that came by GET, and variables that do not fit. */
export function checkSubscriptions(): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({ operation, document, contextValue, request, schema }) {
          const kind = operation?.operation;
          if (kind === OperationTypeNode.MUTATION && contextValue.streamWish?.isGet === true) {
            throw refuseByGet();
          }
          if (operation === undefined || kind !== OperationTypeNode.SUBSCRIPTION) {
            return Promise.resolve();
          }
          const { subscription } = contextValue;
          if (subscription === undefined) throw asRefusal(raise('SUBSCRIPTION_NEEDS_STREAM', {}));
          const { operationName, variables = {} } = request;
          checkVariables({ operation, schema }, variables);
          if (subscription.kind === 'plan') {
            subscription.asked = { document, operationName, variables };
          }
          return Promise.resolve();
        },
      }),
  };
}

export function refuseByGet(): GraphQLError {
  const problem = 'GET requests only support query and subscription operations, not mutations.';
  const { message, extensions } = raise('BAD_REQUEST', { problem });
  return new GraphQLError(message, { extensions: { ...extensions, http: { status: 405 } } });
}
