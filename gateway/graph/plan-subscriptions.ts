import type { ApolloServerPlugin } from '@apollo/server';
import type { PlanNode, QueryPlan } from '@apollo/query-planner';
import { getVariableValues, GraphQLError, OperationTypeNode, type GraphQLSchema } from 'graphql';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { asRefusal } from './as-refusal.ts';
import type { RequestContext } from './request-context.ts';

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
          checkVariables(operation.variableDefinitions ?? [], variables, schema);
          if (subscription.kind === 'plan') {
            subscription.asked = { document, operationName, variables };
          }
          return Promise.resolve();
        },
      }),
  };
}

type Definitions = Parameters<typeof getVariableValues>[1];

export function checkVariables(
  definitions: Definitions,
  given: Readonly<Record<string, unknown>>,
  schema: GraphQLSchema,
): void {
  const [problem] = getVariableValues(schema, definitions, given).errors ?? [];
  if (problem === undefined) return;
  throw new GraphQLError(problem.message, {
    ...(problem.nodes === undefined ? {} : { nodes: problem.nodes }),
    originalError: problem,
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  });
}

export function refuseByGet(): GraphQLError {
  const problem = 'GET requests only support query and subscription operations, not mutations.';
  const { message, extensions } = raise('BAD_REQUEST', { problem });
  return new GraphQLError(message, { extensions: { ...extensions, http: { status: 405 } } });
}
