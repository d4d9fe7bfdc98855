import type { ApolloServerPlugin } from '@apollo/server';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Variables } from '../limits/cost/expression.ts';
import type { AdmittedOperation, Limits } from '../limits/limits.ts';
import { operationFacts } from '../answer/answer-facts.ts';
import { refusalOf } from '../graph/as-refusal.ts';
import type { FinishedResult } from '../answer/finish-answer.ts';
import type { RequestContext } from '../graph/request-context.ts';

/** A valid operation, as it is remembered. */
interface OperationToAdmit {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly schema: GraphQLSchema;
}

/** @throws what `Limits.compile` and `Limits.admit` do */
export type AdmitOperation = (
  asked: OperationToAdmit,
  variables: Variables,
  context: RequestContext,
) => void;

/** Lets operations in, and notes their cost. An operation that is the same object is compiled once. */
export function operationAdmission(limits: Limits): AdmitOperation {
  const known = new WeakMap<OperationDefinitionNode, AdmittedOperation>();
  return ({ document, operation, schema }, variables, context) => {
    const { caller, clientAddress, cost } = context;
    let admitted = known.get(operation);
    if (admitted === undefined) {
      admitted = limits.compile(document, operation, schema);
      known.set(operation, admitted);
    }
    // Nobody asks, and nothing is run.
    if (context.isWarming === true) return;
    const estimated = limits.admit({ variables, operation: admitted, caller, clientAddress });
    cost.note(estimated, operationFacts(operation));
  };
}

/** Lets operations in, or not, before anybody plans or runs them. */
export function admitOperations(admit: AdmitOperation): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({ operation, document, schema, request, contextValue }) {
          if (operation === undefined) return Promise.resolve();
          try {
            admit({ document, operation, schema }, request.variables ?? {}, contextValue);
          } catch (error) {
            throw refusalOf(error);
          }
          return Promise.resolve();
        },
        willSendResponse({ response: { body }, contextValue }) {
          if (body.kind === 'single') tellCost(body.singleResult, contextValue);
          return Promise.resolve();
        },
      }),
  };
}

/** Puts the estimated cost into the answer, where that is wanted. Changes the result itself. */
export function tellCost(result: FinishedResult, { cost }: Pick<RequestContext, 'cost'>): void {
  const { estimated, isTold } = cost;
  if (!isTold || estimated === undefined) return;
  result.extensions = { ...result.extensions, cost: { estimated } };
}
